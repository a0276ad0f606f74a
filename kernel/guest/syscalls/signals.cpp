// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall.hpp"
#include "kernel/guest/syscalls/answer.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

SyscallResult handle_signal_action(Call& call, i32 signal, u32 action) {
  return number(call.task.signal_action(signal, action));
}

SyscallResult handle_signal_word(Call& call, GuestPtr<u32> word) {
  return call.self.set_signal_word(word);
}

SyscallResult handle_signal_take(Call& call) { return static_cast<i64>(call.task.signal_take()); }

}  // namespace swebash::kernel::guest
