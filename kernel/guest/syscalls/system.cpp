// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include "kernel/guest/syscall.hpp"
#include "kernel/guest/syscalls/answer.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

SyscallResult handle_clock(Call& call, u32 clock) { return number(call.task.clock(clock)); }

SyscallResult handle_usage(Call& call, u32 of, GuestPtr<abi::Usage> out) {
  return done(call.memory.write(out, SWEBASH_TRY(call.task.usage(of))));
}

SyscallResult handle_limit_get(Call& call, u32 resource, GuestPtr<abi::Limit> out) {
  return done(call.memory.write(out, SWEBASH_TRY(call.task.limit_get(resource))));
}

SyscallResult handle_limit_set(Call& call, u32 resource, GuestPtr<const abi::Limit> limit) {
  SWEBASH_TRY(call.task.limit_set(resource, SWEBASH_TRY(call.memory.read(limit))));
  if (resource == RLIMIT_AS) call.self.memory_limit_changed();
  return 0;
}

SyscallResult handle_random(Call& call, GuestPtr<char> buffer, u32 length) {
  return done(call.task.random(SWEBASH_TRY(call.memory.bytes(buffer, length))));
}

SyscallResult handle_host_text(Call& call, u32 what, GuestPtr<char> buffer, u32 capacity) {
  return number(call.task.host_text(what, SWEBASH_TRY(call.memory.bytes(buffer, capacity))));
}

SyscallResult handle_groups(Call& call, GuestPtr<u32> buffer, u32 capacity) {
  return number(call.task.groups(SWEBASH_TRY(call.memory.array(buffer, capacity))));
}

SyscallResult handle_local_time(Call& call, i64 seconds, GuestPtr<const char> zone, u32 zone_length,
                                GuestPtr<abi::LocalTime> out) {
  const auto name = SWEBASH_TRY(call.memory.text(zone, zone_length));
  return done(call.memory.write(out, SWEBASH_TRY(call.task.local_time(seconds, name))));
}

}  // namespace swebash::kernel::guest
