// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall.hpp"
#include "kernel/guest/syscalls/answer.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {
namespace {

// The kernel's form of a request in guest memory; its strings stay there.
SysResult<Program> program_of(Call& call, GuestPtr<const abi::ProgramRequest> pointer) {
  const auto request = SWEBASH_TRY(call.memory.read(pointer));
  Program program;
  program.path = SWEBASH_TRY(call.memory.text(request.path, request.path_length));
  program.arguments = SWEBASH_TRY(call.memory.text(request.arguments, request.arguments_length));
  program.argument_count = request.argument_count;
  program.environment =
      SWEBASH_TRY(call.memory.text(request.environment, request.environment_length));
  program.environment_count = request.environment_count;
  program.group = request.group;
  program.foreground = (request.flags & abi::kSpawnForeground) != 0;
  program.waited = (request.flags & abi::kSpawnWaited) != 0;
  program.asynchronous = (request.flags & abi::kSpawnAsynchronous) != 0;
  return program;
}

}  // namespace

SyscallResult handle_start_info(Call& call, GuestPtr<char> buffer, u32 capacity) {
  return number(call.task.start_info(SWEBASH_TRY(call.memory.bytes(buffer, capacity))));
}

SyscallResult handle_clone(Call& call, GuestFunction function, GuestPtr<void> argument,
                           GuestPtr<const abi::LiveMemory> memory, u32 flags, i32 group) {
  return call.self.clone(function, argument, memory, flags, group);
}

SyscallResult handle_guard(Call& call, GuestFunction function, GuestPtr<void> argument,
                           GuestPtr<const abi::LiveMemory> memory) {
  return call.self.guard(function, argument, memory);
}

SyscallResult handle_exit(Call& call, i32 status) {
  call.task.doom(ExitState::exited(status));
  return std::unexpected(SyscallError(SyscallError::Ended{}));
}

SyscallResult handle_leave(Call& call, i32 status) {
  call.task.leave(ExitState::exited(status));
  return std::unexpected(SyscallError(SyscallError::Ended{}));
}

SyscallResult handle_out_of_memory(Call& call, u32 size) {
  call.self.note_out_of_memory(size);
  return 0;
}

SyscallResult handle_memory_grow(Call& call, i64 size) {
  if (size < 0) return std::unexpected(SyscallError(Errno::inval));
  return call.self.grow_memory(static_cast<u64>(size));
}

SyscallResult handle_memory_discard(Call& call, GuestPtr<void> memory, u32 size) {
  return call.self.discard_memory(memory, size);
}

SyscallResult handle_die(Call& call, i32 signal) {
  if (!is_signal(signal)) return std::unexpected(SyscallError(Errno::inval));
  call.task.die(signal);
  return std::unexpected(SyscallError(SyscallError::Ended{}));
}

SyscallResult handle_spawn(Call& call, GuestPtr<const abi::ProgramRequest> request) {
  call.self.host().note_output();
  return number(call.task.spawn(SWEBASH_TRY(program_of(call, request))));
}

SyscallResult handle_exec(Call& call, GuestPtr<const abi::ProgramRequest> request) {
  return done(call.task.exec(SWEBASH_TRY(program_of(call, request))));
}

SyscallResult handle_wait(Call& call, i32 pid, u32 flags, GuestPtr<abi::WaitResult> out) {
  abi::WaitResult result{};
  const i32 waited = SWEBASH_TRY(call.task.wait(pid, flags, result));
  SWEBASH_TRY(call.memory.write(out, result));
  return waited;
}

SyscallResult handle_kill(Call& call, i32 pid, i32 signal) {
  return done(call.task.kill(pid, signal));
}

SyscallResult handle_task_info(Call& call, GuestPtr<abi::TaskInfo> out) {
  return done(call.memory.write(out, SWEBASH_TRY(call.task.task_info())));
}

SyscallResult handle_set_group(Call& call, i32 pid, i32 group) {
  return done(call.task.set_group(pid, group));
}

}  // namespace swebash::kernel::guest
