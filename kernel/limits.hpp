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
  // Processes of the session's tree at once; 0: as many as the host has. The youngest are ended
  // (supervise()).
  u32 programs = 0;
  // Tasks within tasks, each a clone of the one around it: Errno::again.
  u32 task_depth = 1'000;
  // Descriptors of one task, unless its RLIMIT_NOFILE is lower: Errno::mfile.
  u32 open_files = 65'536;
  // Bytes that one growing pipe may hold: then its writers get SIGPIPE, its reader Errno::fbig.
  u64 captured_bytes = u64{1} << 29;
  // Of the session as a whole; 0: none. Passing one ends the session (SessionWatch). Times are
  // nanoseconds, of the wasm tasks and of all processes below the host; memory is what those have
  // resident; bytes written are those of the wasm tasks as they write, and those of processes as
  // the host counts them (/proc/PID/io), looked at every so often and when they are waited for.
  i64 wall_time = 0;
  i64 cpu_time = 0;
  u64 total_memory = 0;
  u64 written_bytes = 0;
  // Memory of one task, wasm or native; 0: none. Errno::nomem.
  u64 task_memory = 0;
};

// How a session ends that passed a limit: as timeout(1) says, and as a shell shows SIGXCPU, SIGXFSZ
// and SIGKILL.
inline constexpr i32 kWallTimeStatus = 124;
inline constexpr i32 kCpuTimeStatus = 128 + 24;
inline constexpr i32 kWrittenStatus = 128 + 25;
inline constexpr i32 kMemoryStatus = 128 + 9;

}  // namespace swebash::kernel
