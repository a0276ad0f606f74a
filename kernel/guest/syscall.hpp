// SPDX-License-Identifier: Apache-2.0
//
// Handlers of the swebash syscalls: their context, what they answer, and their prototypes, which
// are derived from abi/syscalls.def.
//
// A handler is thin: it decodes guest memory, asks the kernel's object and copies the answer out.
// It runs on the thread of the calling task. To add a syscall: a row in the table, and a function
// `handle_NAME` in syscalls/FAMILY.cpp.
#pragma once

#include "abi/errno.hpp"
#include "abi/types.hpp"
#include "kernel/guest/guest_memory.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel::guest {

class WasmTask;

// Why a handler gives no value: an errno for the guest, or the task has ended and its code is not
// to go on.
struct SyscallError {
  // Implicit: an errno is what nearly every handler passes on.
  SyscallError(Errno error) noexcept : error(error) {}  // NOLINT(google-explicit-constructor)
  struct Ended {};
  explicit SyscallError(Ended) noexcept : error(Errno::intr), ended(true) {}

  Errno error;
  bool ended = false;
};

using SyscallResult = Result<i64, SyscallError>;

// What a handler works with.
struct Call {
  WasmTask& self;
  Task& task;
  GuestMemory memory;
};

#define SWEBASH_SYSCALL(family, name, summary, ...) \
  SyscallResult handle_##name(Call& call __VA_OPT__(, ) __VA_ARGS__);
#include "abi/syscalls.def"
#undef SWEBASH_SYSCALL

}  // namespace swebash::kernel::guest
