// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall.hpp"
#include "kernel/guest/syscalls/answer.hpp"
#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {
SyscallResult handle_open(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                          u32 flags, u32 mode) {
  return number(
      call.task.open(dirfd, SWEBASH_TRY(call.memory.text(path, path_length)), flags, mode));
}

SyscallResult handle_close(Call& call, i32 fd) { return done(call.task.close(fd)); }

SyscallResult handle_read(Call& call, i32 fd, GuestPtr<char> buffer, u32 length) {
  return number(call.task.read(fd, SWEBASH_TRY(call.memory.bytes(buffer, length))));
}

SyscallResult handle_read_until(Call& call, i32 fd, GuestPtr<char> buffer, u32 length,
                                u32 delimiter) {
  return number(call.task.read_until(fd, SWEBASH_TRY(call.memory.bytes(buffer, length)),
                                     static_cast<char>(delimiter)));
}

SyscallResult handle_write(Call& call, i32 fd, GuestPtr<const char> data, u32 length) {
  const auto text = SWEBASH_TRY(call.memory.text(data, length));
  call.self.host().note_output();
  return number(call.task.write(fd, std::span(text.data(), text.size())));
}

SyscallResult handle_seek(Call& call, i32 fd, i64 offset, u32 whence) {
  return number(call.task.seek(fd, offset, whence));
}

SyscallResult handle_copy(Call& call, i32 from, i32 to, i64 length) {
  call.self.host().note_output();
  return number(call.task.copy(from, to, length));
}

SyscallResult handle_truncate(Call& call, i32 fd, i64 size) {
  return done(call.task.truncate(fd, size));
}

SyscallResult handle_dup(Call& call, i32 fd, i32 lowest, u32 flags) {
  return number(call.task.dup(fd, lowest, flags));
}

SyscallResult handle_dup2(Call& call, i32 from, i32 to, u32 flags) {
  return number(call.task.dup2(from, to, flags));
}

SyscallResult handle_fd_flags(Call& call, i32 fd) { return number(call.task.fd_flags(fd)); }

SyscallResult handle_pipe(Call& call, GuestPtr<i32> fds, u32 flags) {
  const auto out = SWEBASH_TRY(call.memory.array(fds, 2));
  i32 made[2];
  SWEBASH_TRY(call.task.pipe(made, flags));
  out[0] = made[0];
  out[1] = made[1];
  return 0;
}

SyscallResult handle_fstat(Call& call, i32 fd, GuestPtr<abi::Stat> out) {
  return done(call.memory.write(out, SWEBASH_TRY(call.task.fstat(fd))));
}

SyscallResult handle_stat(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                          u32 flags, GuestPtr<abi::Stat> out) {
  const auto name = SWEBASH_TRY(call.memory.text(path, path_length));
  return done(call.memory.write(out, SWEBASH_TRY(call.task.stat(dirfd, name, flags))));
}

SyscallResult handle_access(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                            u32 mode) {
  return done(call.task.access(dirfd, SWEBASH_TRY(call.memory.text(path, path_length)), mode));
}

SyscallResult handle_read_directory(Call& call, i32 fd, GuestPtr<char> buffer, u32 capacity) {
  return number(call.task.read_directory(fd, SWEBASH_TRY(call.memory.bytes(buffer, capacity))));
}

SyscallResult handle_mkdir(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                           u32 mode) {
  return done(call.task.mkdir(dirfd, SWEBASH_TRY(call.memory.text(path, path_length)), mode));
}

SyscallResult handle_unlink(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                            u32 flags) {
  return done(call.task.unlink(dirfd, SWEBASH_TRY(call.memory.text(path, path_length)), flags));
}

SyscallResult handle_rename(Call& call, i32 from_dirfd, GuestPtr<const char> from, u32 from_length,
                            i32 to_dirfd, GuestPtr<const char> to, u32 to_length) {
  const auto source = SWEBASH_TRY(call.memory.text(from, from_length));
  const auto target = SWEBASH_TRY(call.memory.text(to, to_length));
  return done(call.task.rename(from_dirfd, source, to_dirfd, target));
}

SyscallResult handle_link(Call& call, i32 from_dirfd, GuestPtr<const char> from, u32 from_length,
                          i32 to_dirfd, GuestPtr<const char> to, u32 to_length) {
  const auto source = SWEBASH_TRY(call.memory.text(from, from_length));
  const auto target = SWEBASH_TRY(call.memory.text(to, to_length));
  return done(call.task.link(from_dirfd, source, to_dirfd, target));
}

SyscallResult handle_symlink(Call& call, GuestPtr<const char> target, u32 target_length, i32 dirfd,
                             GuestPtr<const char> path, u32 path_length) {
  const auto text = SWEBASH_TRY(call.memory.text(target, target_length));
  return done(call.task.symlink(text, dirfd, SWEBASH_TRY(call.memory.text(path, path_length))));
}

SyscallResult handle_readlink(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                              GuestPtr<char> buffer, u32 capacity) {
  const auto name = SWEBASH_TRY(call.memory.text(path, path_length));
  return number(call.task.readlink(dirfd, name, SWEBASH_TRY(call.memory.bytes(buffer, capacity))));
}

SyscallResult handle_chmod(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                           u32 mode) {
  return done(call.task.chmod(dirfd, SWEBASH_TRY(call.memory.text(path, path_length)), mode));
}

SyscallResult handle_chown(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                           u32 uid, u32 gid, u32 flags) {
  const auto name = SWEBASH_TRY(call.memory.text(path, path_length));
  return done(call.task.chown(dirfd, name, uid, gid, flags));
}

SyscallResult handle_set_times(Call& call, i32 dirfd, GuestPtr<const char> path, u32 path_length,
                               i64 access_time, i64 modify_time, u32 flags) {
  const auto name = SWEBASH_TRY(call.memory.text(path, path_length));
  return done(call.task.set_times(dirfd, name, access_time, modify_time, flags));
}

SyscallResult handle_poll(Call& call, GuestPtr<abi::PollEntry> entries, u32 count, i64 timeout) {
  return number(call.task.poll(SWEBASH_TRY(call.memory.array(entries, count)), timeout));
}

SyscallResult handle_change_directory(Call& call, GuestPtr<const char> path, u32 path_length) {
  return done(call.task.change_directory(SWEBASH_TRY(call.memory.text(path, path_length))));
}

SyscallResult handle_working_directory(Call& call, GuestPtr<char> buffer, u32 capacity) {
  return number(call.task.working_directory(SWEBASH_TRY(call.memory.bytes(buffer, capacity))));
}

SyscallResult handle_umask(Call& call, i32 mask) { return number(call.task.umask(mask)); }

SyscallResult handle_connect(Call& call, GuestPtr<const char> host, u32 host_length,
                             GuestPtr<const char> port, u32 port_length, u32 datagram) {
  const auto name = SWEBASH_TRY(call.memory.text(host, host_length));
  const auto service = SWEBASH_TRY(call.memory.text(port, port_length));
  return number(call.task.connect(name, service, datagram != 0));
}

}  // namespace swebash::kernel::guest
