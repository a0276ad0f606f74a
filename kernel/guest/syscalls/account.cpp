// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall.hpp"
#include "kernel/guest/syscalls/answer.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

SyscallResult handle_account_command(Call& call, GuestPtr<const char> words, u32 length) {
  const auto text = SWEBASH_TRY(call.memory.text(words, length));
  return number(call.task.account_builtin({text.data(), text.size()}));
}

SyscallResult handle_account_end(Call& call, i64 which, i32 status) {
  return done(call.task.account_builtin_end(which, status));
}

SyscallResult handle_account_secret(Call& call, GuestPtr<const char> value, u32 length) {
  const auto text = SWEBASH_TRY(call.memory.text(value, length));
  return done(call.task.account_secret({text.data(), text.size()}));
}

}  // namespace swebash::kernel::guest
