// SPDX-License-Identifier: Apache-2.0
//
// Limits: what a kernel's tasks may use. Passing one is an error to the task that does, never to
// the host. A plain value, fixed when the kernel is made.
#pragma once

#include "base/integers.hpp"

namespace swebash::kernel {

struct Limits {
  // Tasks alive at once, the main task, wasm tasks and native children alike: Errno::again.
  // Each wasm task has about ten mappings of memory, of which the host gives a process 65,530.
  u32 tasks = 5'000;
  // Tasks within tasks, each a clone of the one around it: Errno::again.
  u32 task_depth = 2'000;
  // Descriptors of one task, unless its RLIMIT_NOFILE is lower: Errno::mfile.
  u32 open_files = 65'536;
  // Bytes that one growing pipe may hold: Errno::fbig.
  u64 captured_bytes = u64{1} << 30;
  // Stack of a pooled thread: Wasmtime's guest stack stands on it as well.
  usize thread_stack = usize{8} << 20;
  // Pooled threads that stay for good. Above that, a thread that idles ends.
  u32 kept_threads = 4;
};

}  // namespace swebash::kernel
