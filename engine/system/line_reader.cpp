// SPDX-License-Identifier: Apache-2.0
#include "engine/system/line_reader.hpp"

#include <algorithm>

namespace swebash::engine {

LineReader::LineReader(i32 fd, ReadAhead ahead, char delimiter) noexcept
    : fd_(fd), delimiter_(delimiter) {
  seekable_ = ahead == ReadAhead::give_back && sys::seek(fd, 0, abi::kSeekCurrent) >= 0;
  if (seekable_ || ahead == ReadAhead::keep) ask_ = kFirst;
}

LineReader::LineReader(i32 fd, InputAhead& ahead, char delimiter) noexcept
    : fd_(fd), delimiter_(delimiter), ahead_(&ahead) {
  if (ahead.holds(fd)) {
    seekable_ = holds_ = true;
    at_ = ahead.at_;
    end_ = ahead.end_;
    buffer_ = ahead.bytes_.get();
    ask_ = capacity_ = InputAhead::kCapacity;
    ahead.fd_ = -1;
    return;
  }
  const bool again = ahead.last_ == fd;
  ahead.give_back();
  seekable_ = sys::seek(fd, 0, abi::kSeekCurrent) >= 0;
  if (!seekable_) return;
  ahead.last_ = fd;
  ask_ = kFirst;
  if (!again || !InputAhead::may_hold(fd)) return;
  holds_ = true;
  if (ahead.bytes_ == nullptr) {
    ahead.bytes_ = std::make_unique_for_overwrite<char[]>(InputAhead::kCapacity);
  }
  buffer_ = ahead.bytes_.get();
  ask_ = capacity_ = InputAhead::kCapacity;
}

LineReader::Got LineReader::refill(char& c) {
  if (deadline_ >= 0) {
    const i64 left = std::max<i64>(deadline_ - sys::clock(abi::kMonotonic), 0);
    abi::PollEntry entry{fd_, abi::kPollIn, 0};
    const SysResult<i64> ready = from_answer(sys::poll(&entry, 1, left));
    if (!ready) {
      error_ = ready.error();
      return error_ == Errno::intr ? Got::interrupted : Got::error;
    }
    if (*ready == 0) return Got::timeout;
  }
  const SysResult<i64> got = from_answer(
      ask_ > 0 ? sys::read(fd_, buffer_, ask_)
               : sys::read_until(fd_, buffer_, wanted_, static_cast<unsigned char>(delimiter_)));
  if (!got) {
    error_ = got.error();
    return error_ == Errno::intr ? Got::interrupted : Got::error;
  }
  if (*got == 0) return Got::end;
  if (ask_ > 0) ask_ = capacity_;
  end_ = static_cast<u32>(*got);
  at_ = 1;
  c = buffer_[0];
  return Got::byte;
}

void LineReader::finish() noexcept {
  if (holds_) {
    ahead_->fd_ = fd_;
    ahead_->at_ = at_;
    ahead_->end_ = end_;
  } else if (seekable_ && at_ < end_) {
    static_cast<void>(sys::seek(fd_, i64{at_} - i64{end_}, abi::kSeekCurrent));
  }
  at_ = end_ = 0;
}

}  // namespace swebash::engine
