// SPDX-License-Identifier: Apache-2.0
//
// LineReader: bytes of a descriptor one by one, of which none is read that is not asked for.
//
// What reads the same descriptor next finds the byte after the last one taken: on a file the reader
// reads ahead and moves the offset back (finish()), elsewhere it has the kernel stop at the
// delimiter. A deadline or a caught signal ends a wait. Not thread-safe; lives for one command.
#pragma once

#include <algorithm>
#include <string_view>

#include "abi/errno.hpp"
#include "abi/guest.hpp"
#include "engine/system/input_ahead.hpp"

namespace swebash::engine {

// Whether what is read ahead may be kept from others.
enum class ReadAhead : u8 { give_back, keep };

class LineReader {
 public:
  enum class Got : u8 { byte, end, timeout, interrupted, error };

  LineReader(i32 fd, ReadAhead ahead, char delimiter) noexcept;
  // Goes on where the last reader of `ahead` stopped, and leaves there what it took too much.
  LineReader(i32 fd, InputAhead& ahead, char delimiter) noexcept;
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  ~LineReader() { finish(); }

  // Ends waits at `deadline` on the monotonic clock, in nanoseconds; negative for none.
  void set_deadline(i64 deadline) noexcept { deadline_ = deadline; }

  // Says that `count` bytes are wanted at least, whatever they are; else it is up to a delimiter.
  void set_wanted(i64 count) noexcept {
    wanted_ = static_cast<u32>(std::clamp<i64>(count, 1, kCapacity));
  }

  // The next byte.
  [[nodiscard]] Got next(char& c) {
    if (at_ < end_) {
      c = buffer_[at_++];
      return Got::byte;
    }
    return refill(c);
  }
  // What next() answers without waiting; skip() takes `count` bytes of it.
  [[nodiscard]] std::string_view buffered() const noexcept {
    return {buffer_ + at_, static_cast<usize>(end_ - at_)};
  }
  void skip(usize count) noexcept { at_ += static_cast<u32>(count); }
  // Why next() answered Got::error.
  [[nodiscard]] Errno error() const noexcept { return error_; }
  // Moves the offset back to the byte after the last one taken, or leaves that to InputAhead.
  void finish() noexcept;

 private:
  static constexpr u32 kFirst = 512;
  static constexpr u32 kCapacity = 16384;

  Got refill(char& c);

  i32 fd_;
  bool seekable_ = false;
  char delimiter_;
  u32 wanted_ = kCapacity;
  u32 ask_ = 0;  // 0: no more than what is wanted, for what is read cannot be put back
  u32 at_ = 0;
  u32 end_ = 0;
  i64 deadline_ = -1;
  Errno error_ = Errno::io;
  u32 capacity_ = kCapacity;
  InputAhead* ahead_ = nullptr;
  bool holds_ = false;  // at the end the rest stays in `ahead_`
  char* buffer_ = own_;
  char own_[kCapacity];
};

}  // namespace swebash::engine
