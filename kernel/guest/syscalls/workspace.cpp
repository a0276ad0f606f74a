// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall.hpp"
#include "kernel/guest/syscalls/answer.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

SyscallResult handle_command_check(Call& call, GuestPtr<const char> words, u32 length, u32 count) {
  const auto text = SWEBASH_TRY(call.memory.text(words, length));
  return done(call.task.command_check(std::span(text.data(), text.size()), count, {}));
}

SyscallResult handle_workspace_text(Call& call, u32 what, GuestPtr<char> buffer, u32 capacity) {
  return number(call.task.workspace_text(what, SWEBASH_TRY(call.memory.bytes(buffer, capacity))));
}

SyscallResult handle_workspace_set(Call& call, u32 access, GuestPtr<const char> path,
                                   u32 path_length) {
  return done(call.task.workspace_set(access, SWEBASH_TRY(call.memory.text(path, path_length))));
}

}  // namespace swebash::kernel::guest
