// SPDX-License-Identifier: Apache-2.0
//
// The standard streams of a session, which last as long as it does while their other ends change
// from run to run.
//
// Thread-safe: tasks in the background write while nothing runs; that shows in the next run.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/thread_annotations.hpp"
#include "kernel/task/description.hpp"

namespace swebash::embed {

// What is no file of a session: memory, a function, or for the time of a run a file of the host.
class Stream : public kernel::Description {
 public:
  SysResult<int> poll_fd() override;
  SysResult<kernel::ChildFd> child_fd() override { return std::unexpected(Errno::notsup); }
  bool can_wait() noexcept override;

 protected:
  using File = std::shared_ptr<kernel::HostFile>;

  [[nodiscard]] File file() const;
  // From now on it is `file`, or none. What it was stays open for a while: a task in the background
  // may be waiting for it.
  void set_file(File file);

 private:
  static constexpr usize kKept = 8;

  mutable Mutex file_mutex_;
  File file_ SWEBASH_GUARDED_BY(file_mutex_);
  std::deque<File> before_ SWEBASH_GUARDED_BY(file_mutex_);
};

class InputStream final : public Stream {
 public:
  // What is read from now on: bytes, or a file of the host.
  void begin(std::string_view text);
  void begin(OwnedFd file);

  SysResult<usize> read(std::span<char> buffer, kernel::Wait wait) override;
  SysResult<usize> read_until(std::span<char> buffer, char delimiter) override;
  SysResult<usize> write(std::span<const char>, kernel::Wait) override {
    return std::unexpected(Errno::badf);
  }
  SysResult<u32> open_flags() override { return u32{abi::kRead}; }

 private:
  Mutex mutex_;
  std::string text_ SWEBASH_GUARDED_BY(mutex_);
  usize at_ SWEBASH_GUARDED_BY(mutex_) = 0;
};

class OutputStream final : public Stream {
 public:
  using Sink = std::function<void(std::string_view)>;

  // What is written from now on goes to `sink`, or is kept up to `limit` bytes. `sink` is there
  // until end(). Once it has thrown something, it is not called any more and writing fails.
  void begin(usize limit, const Sink& sink);
  // What is written from now on goes to a file of the host.
  void begin(OwnedFd file);
  struct Written {
    std::string text;
    u64 bytes = 0;
    bool cut = false;
  };
  // The sink is not called any more, from when this comes back on; what is written is kept. May be
  // called by the sink itself.
  void drop_sink();
  // What is kept so far and was not taken before; what stands for a missing part is in it.
  [[nodiscard]] std::string take();
  // Waits until there is something to take, or wake(), or until `time`.
  void wait_until(std::chrono::steady_clock::time_point time);
  void wake();
  // What was written since the last end().
  [[nodiscard]] Written end();

  SysResult<usize> read(std::span<char>, kernel::Wait) override {
    return std::unexpected(Errno::badf);
  }
  SysResult<usize> read_until(std::span<char>, char) override {
    return std::unexpected(Errno::badf);
  }
  SysResult<usize> write(std::span<const char> data, kernel::Wait wait) override;
  SysResult<u32> open_flags() override { return u32{abi::kWrite}; }

 private:
  // What is kept while nothing runs.
  static constexpr usize kBetweenRuns = 64 << 10;

  void keep(std::string_view text) SWEBASH_REQUIRES(mutex_);
  // Calls the sink; false where it threw something.
  bool tell(std::string_view text) SWEBASH_REQUIRES(mutex_);
  [[nodiscard]] std::string take_kept() SWEBASH_REQUIRES(mutex_);

  Mutex mutex_;
  ConditionVariable changed_;
  u32 waiting_ SWEBASH_GUARDED_BY(mutex_) = 0;
  bool woken_ SWEBASH_GUARDED_BY(mutex_) = false;
  std::atomic<std::thread::id> telling_;            // the thread that is in the sink
  bool broken_ SWEBASH_GUARDED_BY(mutex_) = false;  // the sink threw something
  bool cut_ SWEBASH_GUARDED_BY(mutex_) = false;     // what was taken was not all
  usize limit_ SWEBASH_GUARDED_BY(mutex_) = kBetweenRuns;
  const Sink* sink_ SWEBASH_GUARDED_BY(mutex_) = nullptr;
  std::string head_ SWEBASH_GUARDED_BY(mutex_);  // up to half the limit
  std::string tail_ SWEBASH_GUARDED_BY(mutex_);  // what came last of the rest
  u64 bytes_ SWEBASH_GUARDED_BY(mutex_) = 0;
  u64 missing_ SWEBASH_GUARDED_BY(mutex_) = 0;
};

}  // namespace swebash::embed
