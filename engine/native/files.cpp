// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <bitset>
#include <cstdlib>
#include <cstring>

#include "engine/native/native.hpp"

namespace swebash::native {

int host_directory(i32 dirfd) noexcept { return dirfd == abi::kCwd ? AT_FDCWD : dirfd; }

namespace {

// Write ends of pipes made with kGrowing, whose writer must never wait.
std::bitset<4096> growing;

bool is_growing(i32 fd) { return fd >= 0 && fd < 4096 && growing[static_cast<usize>(fd)]; }
void set_growing(i32 fd, bool on) {
  if (fd >= 0 && fd < 4096) growing[static_cast<usize>(fd)] = on;
}

int host_flags(u32 flags) {
  int result = 0;
  const bool read = (flags & abi::kRead) != 0;
  const bool write = (flags & (abi::kWrite | abi::kAppend)) != 0;
  if (read && write) {
    result = O_RDWR;
  } else if (write) {
    result = O_WRONLY;
  } else {
    result = O_RDONLY;
  }
  if (flags & abi::kAppend) result |= O_APPEND;
  if (flags & abi::kCreate) result |= O_CREAT;
  if (flags & abi::kExclusive) result |= O_EXCL;
  if (flags & abi::kTruncate) result |= O_TRUNC;
  if (flags & abi::kDirectory) result |= O_DIRECTORY;
  if (flags & abi::kNoFollow) result |= O_NOFOLLOW;
  if (flags & abi::kCloexec) result |= O_CLOEXEC;
  if (flags & abi::kNonblock) result |= O_NONBLOCK;
  return result;
}

u32 file_type(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return abi::kRegular;
    case S_IFDIR: return abi::kDirectoryType;
    case S_IFLNK: return abi::kSymlink;
    case S_IFCHR: return abi::kCharacterDevice;
    case S_IFBLK: return abi::kBlockDevice;
    case S_IFIFO: return abi::kFifo;
    case S_IFSOCK: return abi::kSocket;
    default: return abi::kUnknown;
  }
}

i64 nanoseconds(const timespec& time) { return i64{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

timespec to_timespec(i64 time) {
  i64 seconds = time / 1'000'000'000;
  i64 rest = time % 1'000'000'000;
  if (rest < 0) {
    rest += 1'000'000'000;
    --seconds;
  }
  return {.tv_sec = seconds, .tv_nsec = rest};
}

void fill(const struct stat& from, abi::Stat& out) {
  out = {.device = from.st_dev,
         .inode = from.st_ino,
         .size = static_cast<u64>(from.st_size),
         .blocks = static_cast<u64>(from.st_blocks),
         .links = from.st_nlink,
         .raw_device = from.st_rdev,
         .access_time = nanoseconds(from.st_atim),
         .modify_time = nanoseconds(from.st_mtim),
         .change_time = nanoseconds(from.st_ctim),
         .type = file_type(from.st_mode),
         .mode = from.st_mode & 07777u,
         .uid = from.st_uid,
         .gid = from.st_gid};
}

// Lets a child process write what a full pipe does not take now.
i64 write_growing(i32 fd, const char* data, u32 length) {
  pollfd entry{.fd = fd, .events = POLLOUT, .revents = 0};
  u32 done = 0;
  while (done < length && ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0) {
    const ssize_t count = ::write(fd, data + done, std::min<u32>(length - done, 4096));
    if (count < 0) return done > 0 ? i64{done} : failure();
    done += static_cast<u32>(count);
  }
  if (done == length) return length;
  const pid_t pid = ::fork();
  if (pid < 0) return failure();
  if (pid == 0) {
    if (::fork() != 0) ::_exit(0);
    while (done < length) {
      const ssize_t count = ::write(fd, data + done, length - done);
      if (count <= 0) break;
      done += static_cast<u32>(count);
    }
    ::_exit(0);
  }
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return length;
}

}  // namespace
}  // namespace swebash::native

namespace swebash::sys {

using namespace swebash::native;

i64 open(i32 dirfd, const char* path, u32 path_length, u32 flags, u32 mode) noexcept {
  return answer(::openat(host_directory(dirfd), text(path, path_length).c_str(), host_flags(flags),
                         static_cast<mode_t>(mode)));
}

i64 close(i32 fd) noexcept {
  set_growing(fd, false);
  return answer(::close(fd));
}

i64 read(i32 fd, char* buffer, u32 length) noexcept { return answer(::read(fd, buffer, length)); }

i64 read_until(i32 fd, char* buffer, u32 length, u32) noexcept {
  return answer(::read(fd, buffer, std::min<u32>(length, 1)));
}

i64 write(i32 fd, const char* data, u32 length) noexcept {
  if (is_growing(fd)) return write_growing(fd, data, length);
  return answer(::write(fd, data, length));
}

i64 seek(i32 fd, i64 offset, u32 whence) noexcept {
  const int host = whence == abi::kSeekSet   ? SEEK_SET
                   : whence == abi::kSeekEnd ? SEEK_END
                                             : SEEK_CUR;
  return answer(::lseek(fd, offset, host));
}

i64 copy(i32 from, i32 to, i64 length) noexcept {
  static char buffer[65536];
  const usize want = std::min<usize>(sizeof buffer, static_cast<usize>(length));
  const ssize_t count = ::read(from, buffer, want);
  if (count <= 0) return answer(count);
  for (ssize_t done = 0; done < count;) {
    const ssize_t written = ::write(to, buffer + done, static_cast<usize>(count - done));
    if (written < 0) {
      if (errno == EINTR) continue;
      return failure();
    }
    done += written;
  }
  return count;
}

i64 truncate(i32 fd, i64 size) noexcept { return answer(::ftruncate(fd, size)); }

i64 dup(i32 fd, i32 lowest, u32 flags) noexcept {
  return answer(::fcntl(fd, flags & abi::kCloexec ? F_DUPFD_CLOEXEC : F_DUPFD, lowest));
}

i64 dup2(i32 from, i32 to, u32 flags) noexcept {
  if (from == to) {
    const int old = ::fcntl(from, F_GETFD);
    if (old < 0) return failure();
    if (::fcntl(from, F_SETFD, flags & abi::kCloexec ? FD_CLOEXEC : 0) < 0) return failure();
    return to;
  }
  set_growing(to, false);
  return answer(::dup3(from, to, flags & abi::kCloexec ? O_CLOEXEC : 0));
}

i64 fd_flags(i32 fd) noexcept {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return failure();
  const int descriptor = ::fcntl(fd, F_GETFD);
  u32 result = 0;
  const int mode = flags & O_ACCMODE;
  if (mode == O_RDONLY || mode == O_RDWR) result |= abi::kRead;
  if (mode == O_WRONLY || mode == O_RDWR) result |= abi::kWrite;
  if (flags & O_APPEND) result |= abi::kAppend;
  if (flags & O_NONBLOCK) result |= abi::kNonblock;
  if (descriptor & FD_CLOEXEC) result |= abi::kCloexec;
  return result;
}

i64 pipe(i32* fds, u32 flags) noexcept {
  int host[2];
  if (::pipe2(host, flags & abi::kCloexec ? O_CLOEXEC : 0) < 0) return failure();
  fds[0] = host[0];
  fds[1] = host[1];
  set_growing(host[1], (flags & abi::kGrowing) != 0);
  return 0;
}

i64 fstat(i32 fd, abi::Stat* out) noexcept {
  struct stat host;
  if (::fstat(fd, &host) < 0) return failure();
  fill(host, *out);
  return 0;
}

i64 stat(i32 dirfd, const char* path, u32 path_length, u32 flags, abi::Stat* out) noexcept {
  struct stat host;
  if (::fstatat(host_directory(dirfd), text(path, path_length).c_str(), &host,
                flags & abi::kLinkItself ? AT_SYMLINK_NOFOLLOW : 0) < 0) {
    return failure();
  }
  fill(host, *out);
  return 0;
}

i64 access(i32 dirfd, const char* path, u32 path_length, u32 mode) noexcept {
  return answer(::faccessat(host_directory(dirfd), text(path, path_length).c_str(),
                            static_cast<int>(mode), AT_EACCESS));
}

i64 read_directory(i32 fd, char* buffer, u32 capacity) noexcept {
  struct Linux64 {
    u64 inode;
    i64 offset;
    u16 length;
    u8 type;
    char name[1];
  };
  // Entries of the host are at least as long as ours, so what is read always fits.
  std::string raw(std::max<u32>(capacity / 2, 1024), '\0');
  for (;;) {
    const i64 count = ::syscall(SYS_getdents64, fd, raw.data(), raw.size());
    if (count <= 0) return answer(count);
    u32 used = 0;
    for (i64 at = 0; at < count;) {
      const auto* entry = reinterpret_cast<const Linux64*>(raw.data() + at);
      at += entry->length;
      const usize length = std::strlen(entry->name);
      if (std::strcmp(entry->name, ".") == 0 || std::strcmp(entry->name, "..") == 0) continue;
      const abi::DirectoryEntry out{.inode = entry->inode,
                                    .name_length = static_cast<u32>(length),
                                    .type = file_type(static_cast<mode_t>(DTTOIF(entry->type)))};
      const u32 size = static_cast<u32>((sizeof out + length + 7) & ~usize{7});
      if (used + size > capacity) return failure(Errno::inval);
      std::memcpy(buffer + used, &out, sizeof out);
      std::memcpy(buffer + used + sizeof out, entry->name, length);
      used += size;
    }
    if (used > 0) return used;
  }
}

i64 mkdir(i32 dirfd, const char* path, u32 path_length, u32 mode) noexcept {
  return answer(
      ::mkdirat(host_directory(dirfd), text(path, path_length).c_str(), static_cast<mode_t>(mode)));
}

i64 unlink(i32 dirfd, const char* path, u32 path_length, u32 flags) noexcept {
  return answer(::unlinkat(host_directory(dirfd), text(path, path_length).c_str(),
                           flags & abi::kRemoveDirectory ? AT_REMOVEDIR : 0));
}

i64 rename(i32 from_dirfd, const char* from, u32 from_length, i32 to_dirfd, const char* to,
           u32 to_length) noexcept {
  return answer(::renameat(host_directory(from_dirfd), text(from, from_length).c_str(),
                           host_directory(to_dirfd), text(to, to_length).c_str()));
}

i64 link(i32 from_dirfd, const char* from, u32 from_length, i32 to_dirfd, const char* to,
         u32 to_length) noexcept {
  return answer(::linkat(host_directory(from_dirfd), text(from, from_length).c_str(),
                         host_directory(to_dirfd), text(to, to_length).c_str(), 0));
}

i64 symlink(const char* target, u32 target_length, i32 dirfd, const char* path,
            u32 path_length) noexcept {
  return answer(::symlinkat(text(target, target_length).c_str(), host_directory(dirfd),
                            text(path, path_length).c_str()));
}

i64 readlink(i32 dirfd, const char* path, u32 path_length, char* buffer, u32 capacity) noexcept {
  char whole[4096];
  const ssize_t count =
      ::readlinkat(host_directory(dirfd), text(path, path_length).c_str(), whole, sizeof whole);
  if (count < 0) return failure();
  std::memcpy(buffer, whole, std::min<usize>(capacity, static_cast<usize>(count)));
  return count;
}

i64 chmod(i32 dirfd, const char* path, u32 path_length, u32 mode) noexcept {
  return answer(::fchmodat(host_directory(dirfd), text(path, path_length).c_str(),
                           static_cast<mode_t>(mode), 0));
}

i64 chown(i32 dirfd, const char* path, u32 path_length, u32 uid, u32 gid, u32 flags) noexcept {
  return answer(::fchownat(host_directory(dirfd), text(path, path_length).c_str(), uid, gid,
                           flags & abi::kLinkItself ? AT_SYMLINK_NOFOLLOW : 0));
}

i64 set_times(i32 dirfd, const char* path, u32 path_length, i64 access_time, i64 modify_time,
              u32 flags) noexcept {
  const timespec times[2] = {to_timespec(access_time), to_timespec(modify_time)};
  return answer(::utimensat(host_directory(dirfd), text(path, path_length).c_str(), times,
                            flags & abi::kLinkItself ? AT_SYMLINK_NOFOLLOW : 0));
}

i64 poll(abi::PollEntry* entries, u32 count, i64 timeout) noexcept {
  static_assert(sizeof(pollfd) == sizeof(abi::PollEntry) && POLLIN == abi::kPollIn &&
                POLLOUT == abi::kPollOut && POLLERR == abi::kPollError &&
                POLLHUP == abi::kPollHangUp && POLLNVAL == abi::kPollInvalid);
  const timespec wait = to_timespec(timeout);
  return answer(
      ::ppoll(reinterpret_cast<pollfd*>(entries), count, timeout < 0 ? nullptr : &wait, nullptr));
}

i64 change_directory(const char* path, u32 path_length) noexcept {
  return answer(::chdir(text(path, path_length).c_str()));
}

i64 working_directory(char* buffer, u32 capacity) noexcept {
  char* path = ::getcwd(nullptr, 0);
  if (path == nullptr) return failure();
  const usize length = std::strlen(path);
  std::memcpy(buffer, path, std::min<usize>(capacity, length));
  std::free(path);
  return static_cast<i64>(length);
}

i64 umask(i32 mask) noexcept {
  const mode_t old = ::umask(mask < 0 ? 0 : static_cast<mode_t>(mask));
  if (mask < 0) ::umask(old);
  return old;
}

i64 connect(const char* host, u32 host_length, const char* port, u32 port_length,
            u32 datagram) noexcept {
  addrinfo hints{};
  hints.ai_socktype = datagram != 0 ? SOCK_DGRAM : SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(text(host, host_length).c_str(), text(port, port_length).c_str(), &hints,
                    &found) != 0) {
    return failure(Errno::inval);
  }
  i64 result = failure(Errno::connrefused);
  for (const addrinfo* item = found; item != nullptr; item = item->ai_next) {
    const int fd = ::socket(item->ai_family, item->ai_socktype, item->ai_protocol);
    if (fd < 0) continue;
    if (::connect(fd, item->ai_addr, item->ai_addrlen) == 0) {
      result = fd;
      break;
    }
    result = failure();
    ::close(fd);
  }
  ::freeaddrinfo(found);
  return result;
}

}  // namespace swebash::sys
