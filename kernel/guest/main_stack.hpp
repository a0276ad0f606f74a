// SPDX-License-Identifier: Apache-2.0
//
// Running wasm code on a stack that is deep enough for it: the program's main task, and the main
// task of a session on whatever thread calls it.
//
// The host's main thread has what RLIMIT_STACK says, which may be little, and whose end nothing
// here can know for sure; other threads have what their makers gave them. So the code runs on
// memory of ours instead; it is taken from the host page by page as it is used. Clones that run on
// the parent's thread go on from there. Where sanitizers know the stacks of threads, it runs on
// those.
#pragma once

#include <vector>

#include "base/thread_annotations.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

// Runs `task` to its end on the calling thread, the process's main one.
[[nodiscard]] ExitState run_main_task(WasmTask& task);

// Stacks for sessions: as many as run at once. Thread-safe.
class Stacks {
 public:
  explicit Stacks(u64 size) noexcept : size_(size) {}
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
  ~Stacks();

  // Calls function(argument) on a stack of its own, on the calling thread, whose signal mask has
  // SIGPIPE and SIGXFSZ for that time. False where there is no memory for a stack.
  [[nodiscard]] bool run(void (*function)(void*), void* argument);

 private:
  const u64 size_;
  Mutex mutex_;
  std::vector<char*> idle_ SWEBASH_GUARDED_BY(mutex_);
};

}  // namespace swebash::kernel::guest
