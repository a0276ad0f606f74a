// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/growing_pipe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/assert.hpp"

namespace swebash::kernel {

namespace {

// More room in the intake means fewer times a native child waits for a drain.
constexpr int kIntakeCapacity = 1 << 20;
// What a pipe of the host holds without anybody asking.
constexpr usize kPipeCapacity = 64 << 10;
constexpr unsigned kCloseOnExec = 1;  // MFD_CLOEXEC, which not every C library has

enum class Side : u8 { reader, writer };

class PipeEnd final : public Description {
 public:
  PipeEnd(std::shared_ptr<GrowingPipe> pipe, Side side) noexcept
      : pipe_(std::move(pipe)), side_(side) {}
  ~PipeEnd() override {
    if (side_ == Side::reader) {
      pipe_->close_reader();
    } else {
      pipe_->close_writer();
    }
  }

  SysResult<usize> read(std::span<char> buffer, Wait wait) override {
    if (side_ != Side::reader) return std::unexpected(Errno::badf);
    if (HostFile* outlet = pipe_->outlet()) return outlet->read(buffer, wait);
    return pipe_->read(buffer);
  }
  SysResult<usize> read_until(std::span<char> buffer, char delimiter) override {
    if (side_ != Side::reader) return std::unexpected(Errno::badf);
    if (HostFile* outlet = pipe_->outlet()) return outlet->read_until(buffer, delimiter);
    return pipe_->read_until(buffer, delimiter);
  }
  SysResult<usize> write(std::span<const char> data, Wait) override {
    if (side_ != Side::writer) return std::unexpected(Errno::badf);
    return pipe_->write(data);
  }
  SysResult<u32> open_flags() override {
    return abi::kGrowing | (side_ == Side::reader ? abi::kRead : abi::kWrite);
  }
  SysResult<int> poll_fd() override {
    if (side_ != Side::reader) return std::unexpected(Errno::notsup);
    if (HostFile* outlet = pipe_->outlet()) return outlet->poll_fd();
    return pipe_->ready_fd();
  }
  int host_fd() const noexcept override {
    const HostFile* outlet = side_ == Side::reader ? pipe_->outlet() : nullptr;
    return outlet == nullptr ? -1 : outlet->host_fd();
  }
  SysResult<ChildFd> child_fd() override {
    if (side_ == Side::reader) {
      HostFile* const outlet = SWEBASH_TRY(pipe_->make_outlet());
      SWEBASH_ASSERT(outlet != nullptr);
      return outlet->child_fd();
    }
    return ChildFd{SWEBASH_TRY(pipe_->intake_writer()), OwnedFd()};
  }
  GrowingPipe* growing_pipe() noexcept override { return pipe_.get(); }
  bool can_wait() noexcept override {
    if (HostFile* outlet = pipe_->outlet()) return outlet->can_wait();
    return side_ == Side::reader;
  }

 private:
  const std::shared_ptr<GrowingPipe> pipe_;
  const Side side_;
};

}  // namespace

std::pair<DescriptionRef, DescriptionRef> GrowingPipe::create(u64 limit) {
  auto pipe = std::make_shared<GrowingPipe>(limit);
  return {std::make_shared<PipeEnd>(pipe, Side::reader),
          std::make_shared<PipeEnd>(pipe, Side::writer)};
}

bool GrowingPipe::at_end_locked() const { return !has_writer_ && !intake_reader_; }

SysResult<usize> GrowingPipe::read(std::span<char> buffer) {
  const MutexLock lock(mutex_);
  if (outlet_owner_ != nullptr) return outlet_owner_->read(buffer, Wait::no);
  if (start_ == buffer_.size()) drain_locked();
  return take_locked(buffer);
}

SysResult<usize> GrowingPipe::read_until(std::span<char> buffer, char delimiter) {
  const MutexLock lock(mutex_);
  if (outlet_owner_ != nullptr) return outlet_owner_->read_until(buffer, delimiter);
  if (start_ == buffer_.size()) drain_locked();
  const std::string_view held = std::string_view(buffer_).substr(start_, buffer.size());
  const usize end = held.find(delimiter);
  return take_locked(end == std::string_view::npos ? buffer : buffer.first(end + 1));
}

SysResult<usize> GrowingPipe::take_locked(std::span<char> buffer) {
  if (overflowed_) return std::unexpected(Errno::fbig);
  const usize count = std::min(buffer.size(), buffer_.size() - start_);
  if (count == 0) {
    if (at_end_locked() || buffer.empty()) return 0;
    return std::unexpected(Errno::again);
  }
  std::memcpy(buffer.data(), buffer_.data() + start_, count);
  start_ += count;
  if (start_ == buffer_.size()) {
    buffer_.clear();
    start_ = 0;
  }
  update_ready_locked();
  return count;
}

SysResult<usize> GrowingPipe::write(std::span<const char> data) {
  const MutexLock lock(mutex_);
  if (!has_reader_) return std::unexpected(Errno::pipe);
  drain_locked();
  if (data.size() > limit_) return std::unexpected(Errno::fbig);
  if (!has_room_locked(data.size())) return std::unexpected(Errno::pipe);
  append_locked(data);
  update_ready_locked();
  return data.size();
}

// Past the limit nothing more is wanted: the writers get what those of any pipe get whose reader
// has gone, the reader is told.
bool GrowingPipe::has_room_locked(usize count) {
  if (!overflowed_ && count <= limit_ - (buffer_.size() - start_)) return true;
  overflowed_ = true;
  intake_reader_.reset();
  buffer_ = std::string();
  start_ = 0;
  update_ready_locked();
  return false;
}

void GrowingPipe::append_locked(std::span<const char> data) {
  if (start_ > 0 && start_ >= buffer_.size() / 2) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  buffer_.append(data.data(), data.size());
}

SysResult<int> GrowingPipe::intake_writer() {
  const MutexLock lock(mutex_);
  if (!intake_writer_) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::unexpected(errno_from_host(errno));
    intake_reader_.reset(ends[0]);
    intake_writer_.reset(ends[1]);
    // Only our end: the description of the write end is the natives', who expect it to block.
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ::fcntl(ends[0], F_SETPIPE_SZ, kIntakeCapacity);
  }
  return intake_writer_.get();
}

int GrowingPipe::intake_reader() {
  const MutexLock lock(mutex_);
  return intake_reader_.get();
}

void GrowingPipe::drain() {
  const MutexLock lock(mutex_);
  drain_locked();
}

void GrowingPipe::drain_locked() {
  if (!intake_reader_) return;
  bool changed = false;
  char chunk[65536];
  while (true) {
    const ssize_t count = ::read(intake_reader_.get(), chunk, sizeof(chunk));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    changed = true;
    if (count == 0) {
      intake_reader_.reset();
      break;
    }
    const std::span<const char> data(chunk, static_cast<usize>(count));
    if (!has_room_locked(data.size())) break;
    append_locked(data);
    if (data.size() < sizeof(chunk)) break;
  }
  if (changed) update_ready_locked();
}

SysResult<int> GrowingPipe::ready_fd() {
  const MutexLock lock(mutex_);
  if (!ready_) {
    ready_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!ready_) return std::unexpected(errno_from_host(errno));
    ready_set_ = false;
  }
  drain_locked();
  update_ready_locked();
  return ready_.get();
}

void GrowingPipe::update_ready_locked() {
  if (!ready_) return;
  const bool ready = start_ < buffer_.size() || overflowed_ || at_end_locked();
  if (ready == ready_set_) return;
  u64 value = 1;
  const ssize_t n = ready ? ::write(ready_.get(), &value, sizeof(value))
                          : ::read(ready_.get(), &value, sizeof(value));
  if (n == sizeof(value)) ready_set_ = ready;
}

// A pipe while all of it fits, as of any here-document; else a file that has no name.
SysResult<HostFile*> GrowingPipe::make_outlet() {
  const MutexLock lock(mutex_);
  if (outlet_owner_ != nullptr) return outlet_owner_.get();
  drain_locked();
  if (!at_end_locked()) return std::unexpected(Errno::notsup);
  const usize size = buffer_.size() - start_;
  OwnedFd writer;
  OwnedFd reader;
  if (size <= kPipeCapacity) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::unexpected(errno_from_host(errno));
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  } else {
    reader.reset(static_cast<int>(::syscall(SYS_memfd_create, "swebash-pipe", kCloseOnExec)));
    if (!reader) return std::unexpected(errno_from_host(errno));
  }
  const int target = writer ? writer.get() : reader.get();
  for (usize done = 0; done < size;) {
    const ssize_t count = ::write(target, buffer_.data() + start_ + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(errno_from_host(errno));
    done += static_cast<usize>(count);
  }
  const auto kind = writer ? HostFileKind::stream : HostFileKind::regular;
  if (!writer && ::lseek(target, 0, SEEK_SET) != 0) return std::unexpected(errno_from_host(errno));
  outlet_owner_ = std::make_unique<HostFile>(std::move(reader), FdOrigin::opened, kind);
  buffer_ = std::string();
  start_ = 0;
  outlet_.store(outlet_owner_.get());
  return outlet_owner_.get();
}

void GrowingPipe::close_reader() {
  const MutexLock lock(mutex_);
  has_reader_ = false;
  intake_reader_.reset();
  buffer_ = std::string();
  start_ = 0;
}

void GrowingPipe::close_writer() {
  const MutexLock lock(mutex_);
  has_writer_ = false;
  intake_writer_.reset();
  drain_locked();
  update_ready_locked();
}

}  // namespace swebash::kernel
