// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall.hpp"
#include "kernel/guest/syscalls/answer.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

SyscallResult handle_session_request(Call& call, GuestPtr<char> buffer, u32 capacity) {
  return call.self.session_request(buffer, capacity);
}

SyscallResult handle_session_answer(Call& call, i32 status, GuestPtr<const char> text,
                                    u32 text_length, GuestPtr<const abi::LiveMemory> memory) {
  return call.self.session_answer(status, text, text_length, memory);
}

SyscallResult handle_command_hook(Call& call, GuestPtr<const char> words, u32 length) {
  return number(call.task.command_hook(SWEBASH_TRY(call.memory.text(words, length))));
}

SyscallResult handle_command_words(Call& call, GuestPtr<char> buffer, u32 capacity) {
  return number(call.task.command_words(SWEBASH_TRY(call.memory.bytes(buffer, capacity))));
}

}  // namespace swebash::kernel::guest
