// SPDX-License-Identifier: Apache-2.0
//
// GrowingPipe: a pipe in memory whose writers never wait: for capturing the output of a task that
// runs on the reader's own thread.
//
// Thread-safe. Both ends are Descriptions that share it. Native children cannot write into our
// memory, so they are given the write end of a host pipe, the *intake*, and whoever waits in the
// kernel on that thread moves what arrives there into the buffer (drain()); the reader does as
// well. Order is kept: a task's own write drains the intake first. A native child that shall read
// turns what is left into a file of the host for good, the *outlet*, which tasks read from then on
// as well. It is not for pipelines: those use host pipes.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "abi/errno.hpp"
#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/thread_annotations.hpp"
#include "kernel/task/description.hpp"

namespace swebash::kernel {

class GrowingPipe {
 public:
  // Makes a pipe that holds at most `limit` bytes; its read end and its write end.
  [[nodiscard]] static std::pair<DescriptionRef, DescriptionRef> create(u64 limit);

  explicit GrowingPipe(u64 limit) noexcept : limit_(limit) {}

  // Reads what is there, from the intake as well; 0 when no writer is left.
  // Errors: Errno::again when there is nothing yet, Errno::fbig when more came than the limit.
  [[nodiscard]] SysResult<usize> read(std::span<char> buffer);
  // The same, but nothing beyond the first `delimiter`.
  [[nodiscard]] SysResult<usize> read_until(std::span<char> buffer, char delimiter);
  // Appends, after what the intake holds.
  // Errors: Errno::fbig for more than the limit at once, Errno::pipe past it or when the read end
  // is closed.
  [[nodiscard]] SysResult<usize> write(std::span<const char> data);

  // The write end of the intake, made at the first call; the pipe keeps it until close_writer().
  [[nodiscard]] SysResult<int> intake_writer();
  // The read end of the intake, to poll for what natives write; -1 when there is none or it is
  // over.
  [[nodiscard]] int intake_reader();
  // Moves what the intake holds into the buffer. Never waits.
  void drain();

  // A descriptor that is readable while read() would not answer Errno::again for the buffer's sake.
  [[nodiscard]] SysResult<int> ready_fd();

  // A host file that holds what is left to read, made at the first call; from then on the read end
  // is that file.
  // Errors: Errno::notsup while there are writers; those of making a file.
  [[nodiscard]] SysResult<HostFile*> make_outlet();
  // The outlet, or nothing while there is none.
  [[nodiscard]] HostFile* outlet() const noexcept { return outlet_.load(); }

  void close_reader();
  void close_writer();

 private:
  [[nodiscard]] SysResult<usize> take_locked(std::span<char> buffer) SWEBASH_REQUIRES(mutex_);
  [[nodiscard]] bool has_room_locked(usize count) SWEBASH_REQUIRES(mutex_);
  void drain_locked() SWEBASH_REQUIRES(mutex_);
  void append_locked(std::span<const char> data) SWEBASH_REQUIRES(mutex_);
  void update_ready_locked() SWEBASH_REQUIRES(mutex_);
  [[nodiscard]] bool at_end_locked() const SWEBASH_REQUIRES(mutex_);

  const u64 limit_;
  Mutex mutex_;
  std::string buffer_ SWEBASH_GUARDED_BY(mutex_);
  usize start_ SWEBASH_GUARDED_BY(mutex_) = 0;
  bool has_reader_ SWEBASH_GUARDED_BY(mutex_) = true;
  bool has_writer_ SWEBASH_GUARDED_BY(mutex_) = true;
  bool overflowed_ SWEBASH_GUARDED_BY(mutex_) = false;
  OwnedFd intake_reader_ SWEBASH_GUARDED_BY(mutex_);
  OwnedFd intake_writer_ SWEBASH_GUARDED_BY(mutex_);
  OwnedFd ready_ SWEBASH_GUARDED_BY(mutex_);
  bool ready_set_ SWEBASH_GUARDED_BY(mutex_) = false;
  std::unique_ptr<HostFile> outlet_owner_ SWEBASH_GUARDED_BY(mutex_);
  std::atomic<HostFile*> outlet_ = nullptr;  // what outlet_owner_ owns, once it is complete
};

}  // namespace swebash::kernel
