// SPDX-License-Identifier: Apache-2.0
//
// Host: what a process has once, however many sessions it holds: threads for tasks, and the numbers
// of tasks, which no two sessions share.
//
// Thread-safe. It outlives every kernel that is made on it.
#pragma once

#include <atomic>
#include <climits>

#include "base/integers.hpp"
#include "kernel/thread_pool.hpp"

namespace swebash::kernel {

// The first pid that no process of the host can have; wasm tasks are numbered from here.
inline constexpr i32 kFirstTaskPid = 4'194'305;

struct HostOptions {
  // Stack of a pooled thread: Wasmtime's guest stack stands on it as well.
  usize thread_stack = usize{8} << 20;
  // Pooled threads that stay for good. Above that, a thread that idles ends.
  u32 kept_threads = 4;
  ThreadPool::Create create_thread = &::pthread_create;
};

class Host {
 public:
  explicit Host(const HostOptions& options = {}) noexcept
      : pool_(options.thread_stack, options.kept_threads, options.create_thread) {}
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  [[nodiscard]] ThreadPool& pool() noexcept { return pool_; }

  // A number for a task. After two thousand million they begin again: whoever has the table of
  // tasks passes over those in use.
  [[nodiscard]] i32 take_pid() noexcept {
    const i32 pid = next_pid_.fetch_add(1, std::memory_order_relaxed);
    if (pid == INT32_MAX) next_pid_.store(kFirstTaskPid, std::memory_order_relaxed);
    return pid;
  }

 private:
  std::atomic<i32> next_pid_ = kFirstTaskPid;
  ThreadPool pool_;
};

}  // namespace swebash::kernel
