// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

SyscallResult handle_session_request(Call& call, GuestPtr<char> buffer, u32 capacity) {
  return call.self.session_request(buffer, capacity);
}

SyscallResult handle_session_answer(Call& call, i32 status, GuestPtr<const char> text,
                                    u32 text_length, GuestPtr<const abi::LiveMemory> memory) {
  return call.self.session_answer(status, text, text_length, memory);
}

}  // namespace swebash::kernel::guest
