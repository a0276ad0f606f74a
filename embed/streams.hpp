// SPDX-License-Identifier: Apache-2.0
//
// The standard streams of a session, which last as long as it does while their other ends change
// from run to run.
//
// Thread-safe: tasks in the background write while nothing runs; that shows in the next run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/thread_annotations.hpp"
#include "kernel/task/description.hpp"

namespace swebash::embed {

// What never waits and is nowhere on the host.
class Stream : public kernel::Description {
 public:
  SysResult<int> poll_fd() override { return std::unexpected(Errno::notsup); }
  SysResult<kernel::ChildFd> child_fd() override { return std::unexpected(Errno::notsup); }
  bool can_wait() noexcept override { return false; }
};

class InputStream final : public Stream {
 public:
  // What is read from now on.
  void begin(std::string_view text);
  // The same, from a copy of a descriptor. Errors: those of making one.
  SysResult<void> begin(int descriptor);

  SysResult<usize> read(std::span<char> buffer, kernel::Wait wait) override;
  SysResult<usize> read_until(std::span<char> buffer, char delimiter) override;
  SysResult<int> poll_fd() override;
  bool can_wait() noexcept override;
  SysResult<usize> write(std::span<const char>, kernel::Wait) override {
    return std::unexpected(Errno::badf);
  }
  SysResult<u32> open_flags() override { return u32{abi::kRead}; }

 private:
  [[nodiscard]] std::shared_ptr<kernel::HostFile> file() SWEBASH_EXCLUDES(mutex_);

  Mutex mutex_;
  std::string text_ SWEBASH_GUARDED_BY(mutex_);
  usize at_ SWEBASH_GUARDED_BY(mutex_) = 0;
  // In the place of the text. It is kept until there is another: somebody in the background may
  // still wait for it.
  std::shared_ptr<kernel::HostFile> file_ SWEBASH_GUARDED_BY(mutex_);
};

class OutputStream final : public Stream {
 public:
  using Sink = std::function<void(std::string_view)>;

  // What is written from now on goes to `sink`, or is kept up to `limit` bytes. `sink` is there
  // until end().
  void begin(usize limit, const Sink& sink);
  struct Written {
    std::string text;
    u64 bytes = 0;
    bool cut = false;
  };
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

  Mutex mutex_;
  usize limit_ SWEBASH_GUARDED_BY(mutex_) = kBetweenRuns;
  const Sink* sink_ SWEBASH_GUARDED_BY(mutex_) = nullptr;
  std::string head_ SWEBASH_GUARDED_BY(mutex_);  // up to half the limit
  std::string tail_ SWEBASH_GUARDED_BY(mutex_);  // what came last of the rest
  u64 bytes_ SWEBASH_GUARDED_BY(mutex_) = 0;
  u64 missing_ SWEBASH_GUARDED_BY(mutex_) = 0;
};

}  // namespace swebash::embed
