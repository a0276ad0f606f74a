// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/description.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kernel/fs/host_files.hpp"
#include "kernel/fs/pipe_look.hpp"

namespace swebash::kernel {

namespace {

#ifndef RWF_NOWAIT
constexpr int RWF_NOWAIT = 8;
#endif

SysResult<usize> answer(ssize_t count) noexcept {
  if (count < 0) return std::unexpected(errno_from_host(errno));
  return static_cast<usize>(count);
}

// Beyond so many bytes a pipe of ours gets more room, so that writer and reader take turns less
// often. That is no more than any process may ask for (pipe-max-size of proc(5) is 1 MB).
constexpr usize kBusyPipe = 1 << 20;
constexpr int kBusyCapacity = 256 << 10;

bool cannot_nowait(int error) noexcept {
  return error == EOPNOTSUPP || error == ENOSYS || error == EINVAL || error == ESPIPE;
}

// Not when a signal cut the question short either: who asked must look at the signal first.
bool is_ready(int fd, short events) noexcept {
  pollfd entry = {fd, events, 0};
  return ::poll(&entry, 1, 0) > 0;
}

}  // namespace

SysResult<abi::Stat> Description::stat() {
  abi::Stat pipe = {};
  pipe.type = abi::kFifo;
  pipe.mode = 0600;
  pipe.links = 1;
  pipe.uid = ::geteuid();
  pipe.gid = ::getegid();
  return pipe;
}

SysResult<u32> HostFile::open_flags() {
  const int flags = ::fcntl(fd_.get(), F_GETFL);
  if (flags < 0) return std::unexpected(errno_from_host(errno));
  return from_host_flags(flags);
}

SysResult<abi::Stat> HostFile::stat() { return host_stat(fd_.get(), "", AT_EMPTY_PATH); }

SysResult<i64> HostFile::seek(i64 offset, u32 whence) {
  constexpr int kWhence[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  const off_t at = ::lseek(fd_.get(), offset, kWhence[whence]);
  if (at < 0) return std::unexpected(errno_from_host(errno));
  return at;
}

SysResult<void> HostFile::truncate(i64 size) { return host_result(::ftruncate(fd_.get(), size)); }

SysResult<usize> HostFile::read_directory(std::span<char> buffer) {
  return host_read_directory(fd_.get(), buffer);
}

HostFileKind HostFile::kind() noexcept {
  HostFileKind kind = kind_.load(std::memory_order_relaxed);
  if (kind != HostFileKind::unknown) return kind;
  struct stat about;
  kind = HostFileKind::stream;
  if (::fstat(fd_.get(), &about) == 0) {
    if (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode) || S_ISBLK(about.st_mode)) {
      kind = HostFileKind::regular;
    } else if (S_ISCHR(about.st_mode) && ::isatty(fd_.get()) == 1) {
      kind = HostFileKind::terminal;
    }
  }
  kind_.store(kind, std::memory_order_relaxed);
  return kind;
}

// RWF_NOWAIT asks a pipe or socket not to wait without making the description, which others share,
// non-blocking. What does not know it (terminals) is polled; between that and the read another
// reader may have been faster, and then the read waits.
SysResult<usize> HostFile::read(std::span<char> buffer, Wait wait) {
  if (wait == Wait::no && can_wait()) {
    const iovec part = {buffer.data(), buffer.size()};
    const ssize_t count = ::syscall(SYS_preadv2, fd_.get(), &part, 1L, -1L, -1L, RWF_NOWAIT);
    if (count >= 0 || !cannot_nowait(errno)) return answer(count);
    if (!is_ready(fd_.get(), POLLIN)) return std::unexpected(Errno::again);
  }
  return answer(::read(fd_.get(), buffer.data(), buffer.size()));
}

// Pipes only. Should a process that shares the pipe be faster than the read, then this reads what
// comes next, as a reader of single bytes would.
SysResult<usize> HostFile::read_until(std::span<char> buffer, char delimiter) {
  if (!can_wait()) return std::unexpected(Errno::notsup);
  const usize known = SWEBASH_TRY(look_into_pipe(fd_.get(), buffer));
  if (known == 0) return 0;
  const void* end = std::memchr(buffer.data(), delimiter, known);
  const auto upto = static_cast<const char*>(end) - buffer.data();
  const usize wanted = end == nullptr ? known : static_cast<usize>(upto) + 1;
  return read(buffer.first(wanted), Wait::no);
}

SysResult<usize> HostFile::write(std::span<const char> data, Wait wait) {
  if (wait == Wait::no && can_wait()) {
    const iovec part = {const_cast<char*>(data.data()), data.size()};
    const ssize_t count = ::syscall(SYS_pwritev2, fd_.get(), &part, 1L, -1L, -1L, RWF_NOWAIT);
    if (count > 0) has_taken(static_cast<usize>(count));
    if (count >= 0 || !cannot_nowait(errno)) return answer(count);
    if (!is_ready(fd_.get(), POLLOUT)) return std::unexpected(Errno::again);
  }
  const ssize_t count = ::write(fd_.get(), data.data(), data.size());
  if (count > 0 && can_wait()) has_taken(static_cast<usize>(count));
  return answer(count);
}

void HostFile::has_taken(usize count) noexcept {
  const usize before = taken_.load(std::memory_order_relaxed);
  if (before >= kBusyPipe || origin_ == FdOrigin::inherited) return;
  taken_.store(before + count, std::memory_order_relaxed);
  if (before + count < kBusyPipe) return;
  // Fails for what is no pipe, which has no capacity either.
  const int capacity = ::fcntl(fd_.get(), F_GETPIPE_SZ);
  if (capacity > 0 && capacity < kBusyCapacity) ::fcntl(fd_.get(), F_SETPIPE_SZ, kBusyCapacity);
}

}  // namespace swebash::kernel
