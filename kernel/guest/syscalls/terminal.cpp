// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall.hpp"
#include "kernel/guest/syscalls/answer.hpp"

namespace swebash::kernel::guest {

SyscallResult handle_is_terminal(Call& call, i32 fd) { return number(call.task.is_terminal(fd)); }

SyscallResult handle_terminal_get(Call& call, i32 fd, GuestPtr<abi::Terminal> out) {
  return done(call.memory.write(out, SWEBASH_TRY(call.task.terminal_get(fd))));
}

SyscallResult handle_terminal_set(Call& call, i32 fd, u32 when,
                                  GuestPtr<const abi::Terminal> settings) {
  return done(call.task.terminal_set(fd, when, SWEBASH_TRY(call.memory.read(settings))));
}

SyscallResult handle_window_size(Call& call, i32 fd, GuestPtr<abi::WindowSize> out) {
  return done(call.memory.write(out, SWEBASH_TRY(call.task.window_size(fd))));
}

SyscallResult handle_foreground_get(Call& call, i32 fd) {
  return number(call.task.foreground_get(fd));
}

SyscallResult handle_foreground_set(Call& call, i32 fd, i32 group) {
  return done(call.task.foreground_set(fd, group));
}

}  // namespace swebash::kernel::guest
