// SPDX-License-Identifier: Apache-2.0
//
// Task's calls that name a path, its working directory and its umask.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/signals/interrupt_timer.hpp"
#include "kernel/task/narrow_path.hpp"
#include "kernel/task/task.hpp"
#include "kernel/vfs/mounts.hpp"

namespace swebash::kernel {

namespace {

constexpr u32 kPermissions = 07777;

int link_flag(u32 flags) noexcept {
  return (flags & abi::kLinkItself) != 0 ? AT_SYMLINK_NOFOLLOW : 0;
}

timespec to_timespec(i64 nanoseconds) noexcept {
  constexpr i64 kSecond = 1'000'000'000;
  i64 seconds = nanoseconds / kSecond;
  i64 rest = nanoseconds % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  return {static_cast<time_t>(seconds), static_cast<long>(rest)};
}

}  // namespace

SysResult<int> Task::directory(i32 dirfd) {
  if (dirfd != abi::kCwd) return host_fd(dirfd);
  return cwd_ != nullptr ? cwd_->fd.get() : AT_FDCWD;
}

SysResult<const char*> Task::host_path(std::string_view path, HostPath& buffer) {
  if (const i32 named = descriptor_in_path(path); named >= 0) {
    const SysResult<Description*> found = description(named);
    if (!found.has_value()) return std::unexpected(Errno::noent);
    if ((*found)->host_fd() >= 0) return buffer.set_descriptor((*found)->host_fd());
  }
  return buffer.set(path);
}

SysResult<i32> Task::open(i32 dirfd, std::string_view path, u32 flags, u32 mode) {
  if (kernel_.mounts() != nullptr) return open_inside(dirfd, path, flags, mode);
  if (const i32 named = descriptor_in_path(path); named >= 0) {
    const SysResult<Description*> found = description(named);
    // What has no name on the host, or cannot be opened again, is shared instead.
    if (found.has_value() && (*found)->host_fd() < 0) return dup(named, 0, flags);
  }
  int host_flags = SWEBASH_TRY(to_host_flags(flags));
  const bool writes = (flags & (abi::kWrite | abi::kCreate | abi::kTruncate)) != 0;
  int start = SWEBASH_TRY(directory(dirfd));
  HostPath buffer;
  const char* host = SWEBASH_TRY(host_path(path, buffer));
  NarrowPath narrow;
  if (narrowing_ != nullptr && writes) {
    // A descriptor that can be written is opened again for no more than that.
    const i32 named = descriptor_in_path(path);
    const SysResult<u32> has = named >= 0 ? fd_flags(named) : u32{0};
    if (!has.has_value() || (*has & abi::kWrite) == 0) {
      const auto end =
          (flags & abi::kCreate) != 0 ? NarrowPath::End::target_or_new : NarrowPath::End::target;
      const auto found = narrow.find(narrowing_.get(), start, host, end);
      if (!found.has_value()) return narrowed(narrow, found.error());
      if (narrow.is_new()) host_flags |= O_NOFOLLOW;
    }
  }
  mode_t permissions = 0;
  if ((flags & abi::kCreate) != 0) permissions = (mode & kPermissions) & ~current_umask();
  // A fifo waits for its other end, and nothing but a signal ends that wait.
  std::optional<InterruptTimer> timer;
  struct stat about;
  if (!may_block_plainly() && (flags & abi::kNonblock) == 0 &&
      ::fstatat(start, host, &about, 0) == 0 && S_ISFIFO(about.st_mode)) {
    timer.emplace();
  }
  while (true) {
    OwnedFd fd(::openat(start, host, host_flags, permissions));
    if (fd) {
      if (kernel_.options().account != nullptr && writes) account_open(fd.get(), flags);
      return add_descriptor(std::make_shared<HostFile>(std::move(fd)), flags);
    }
    if (errno == EINTR) {
      SWEBASH_TRY(check_interrupt());
      continue;
    }
    if (errno == ENXIO) {
      if (const i32 named = descriptor_in_path(path); named >= 0) return dup(named, 0, flags);
    }
    return refused(start, path, writes, errno_from_host(errno));
  }
}

SysResult<abi::Stat> Task::stat(i32 dirfd, std::string_view path, u32 flags) {
  if (const i32 named = descriptor_in_path(path); named >= 0 && (flags & abi::kLinkItself) == 0) {
    const SysResult<abi::Stat> about = fstat(named);
    if (!about.has_value()) return std::unexpected(Errno::noent);
    return about;
  }
  if (kernel_.mounts() != nullptr) {
    return SWEBASH_TRY(find_inside(dirfd, path, flags))->node->stat();
  }
  const int start = SWEBASH_TRY(directory(dirfd));
  HostPath buffer;
  return host_stat(start, SWEBASH_TRY(host_path(path, buffer)), link_flag(flags));
}

SysResult<void> Task::access(i32 dirfd, std::string_view path, u32 mode) {
  if (mode > 7) return std::unexpected(Errno::inval);
  if (kernel_.mounts() != nullptr) return access_inside(dirfd, path, mode);
  const int start = SWEBASH_TRY(directory(dirfd));
  HostPath buffer;
  const char* host = SWEBASH_TRY(host_path(path, buffer));
  // musl emulates AT_EACCESS with a child process when the ids differ; they rarely do.
  const int flags = ::geteuid() == ::getuid() && ::getegid() == ::getgid() ? 0 : AT_EACCESS;
  return host_result(::faccessat(start, host, static_cast<int>(mode), flags));
}

SysResult<void> Task::mkdir(i32 dirfd, std::string_view path, u32 mode) {
  if (kernel_.mounts() != nullptr) return mkdir_inside(dirfd, path, mode);
  int start = SWEBASH_TRY(directory(dirfd));
  HostPath buffer;
  const char* host = SWEBASH_TRY(buffer.set(path));
  NarrowPath narrow;
  const auto found = narrow.find(narrowing_.get(), start, host, NarrowPath::End::name);
  if (!found.has_value()) return narrowed(narrow, found.error());
  return changed(host_result(::mkdirat(start, host, (mode & kPermissions) & ~current_umask())),
                 start, path);
}

SysResult<void> Task::unlink(i32 dirfd, std::string_view path, u32 flags) {
  if (kernel_.mounts() != nullptr) return unlink_inside(dirfd, path, flags);
  int start = SWEBASH_TRY(directory(dirfd));
  HostPath buffer;
  const char* host = SWEBASH_TRY(buffer.set(path));
  NarrowPath narrow;
  const auto found = narrow.find(narrowing_.get(), start, host, NarrowPath::End::name);
  if (!found.has_value()) return narrowed(narrow, found.error());
  const int removedir = (flags & abi::kRemoveDirectory) != 0 ? AT_REMOVEDIR : 0;
  return changed(host_result(::unlinkat(start, host, removedir)), start, path);
}

SysResult<void> Task::rename(i32 from_dirfd, std::string_view from, i32 to_dirfd,
                             std::string_view to) {
  if (kernel_.mounts() != nullptr) return rename_inside(from_dirfd, from, to_dirfd, to);
  int from_start = SWEBASH_TRY(directory(from_dirfd));
  int to_start = SWEBASH_TRY(directory(to_dirfd));
  HostPath from_buffer;
  HostPath to_buffer;
  const char* from_host = SWEBASH_TRY(from_buffer.set(from));
  const char* to_host = SWEBASH_TRY(to_buffer.set(to));
  NarrowPath from_narrow;
  NarrowPath to_narrow;
  auto found = from_narrow.find(narrowing_.get(), from_start, from_host, NarrowPath::End::name);
  if (!found.has_value()) return narrowed(from_narrow, found.error());
  found = to_narrow.find(narrowing_.get(), to_start, to_host, NarrowPath::End::name);
  if (!found.has_value()) return narrowed(to_narrow, found.error());
  return changed(host_result(::renameat(from_start, from_host, to_start, to_host)), to_start, to);
}

SysResult<void> Task::link(i32 from_dirfd, std::string_view from, i32 to_dirfd,
                           std::string_view to) {
  if (kernel_.mounts() != nullptr) return link_inside(from_dirfd, from, to_dirfd, to);
  int from_start = SWEBASH_TRY(directory(from_dirfd));
  int to_start = SWEBASH_TRY(directory(to_dirfd));
  HostPath from_buffer;
  HostPath to_buffer;
  const char* from_host = SWEBASH_TRY(from_buffer.set(from));
  const char* to_host = SWEBASH_TRY(to_buffer.set(to));
  // By its other name, in a place that may be written, a file could be changed.
  NarrowPath from_narrow;
  NarrowPath to_narrow;
  auto found = from_narrow.find(narrowing_.get(), from_start, from_host, NarrowPath::End::name);
  if (!found.has_value()) return narrowed(from_narrow, found.error());
  found = to_narrow.find(narrowing_.get(), to_start, to_host, NarrowPath::End::name);
  if (!found.has_value()) return narrowed(to_narrow, found.error());
  return changed(host_result(::linkat(from_start, from_host, to_start, to_host, 0)), to_start, to);
}

SysResult<void> Task::symlink(std::string_view target, i32 dirfd, std::string_view path) {
  if (kernel_.mounts() != nullptr) return symlink_inside(target, dirfd, path);
  int start = SWEBASH_TRY(directory(dirfd));
  HostPath target_buffer;
  HostPath buffer;
  const char* text = SWEBASH_TRY(target_buffer.set(target));
  const char* host = SWEBASH_TRY(buffer.set(path));
  NarrowPath narrow;
  const auto found = narrow.find(narrowing_.get(), start, host, NarrowPath::End::name);
  if (!found.has_value()) return narrowed(narrow, found.error());
  return changed(host_result(::symlinkat(text, start, host)), start, path);
}

SysResult<usize> Task::readlink(i32 dirfd, std::string_view path, std::span<char> out) {
  if (kernel_.mounts() != nullptr) return readlink_inside(dirfd, path, out);
  const int start = SWEBASH_TRY(directory(dirfd));
  HostPath buffer;
  char text[PATH_MAX];
  const ssize_t length =
      ::readlinkat(start, SWEBASH_TRY(host_path(path, buffer)), text, sizeof(text));
  if (length < 0) return std::unexpected(errno_from_host(errno));
  std::memcpy(out.data(), text, std::min(out.size(), static_cast<usize>(length)));
  return static_cast<usize>(length);
}

namespace {

// A path whose file's mode, owner or times are to change. In a confinement that must not be the
// program's own file, which is the host's: /proc/self/exe leads to it, and no rule of Landlock and
// no read-only mount stands there. Who changes links meanwhile has looked at what is changed.
class ChangedPath {
 public:
  SysResult<const char*> find(bool confined, int start, const char* path) {
    if (!confined) return path;
    fd_.reset(::openat(start, path, O_PATH | O_CLOEXEC));
    struct stat about, own;
    SWEBASH_TRY(host_result(fd_ ? ::fstat(fd_.get(), &about) : -1));
    if (::stat("/proc/self/exe", &own) == 0 && own.st_dev == about.st_dev &&
        own.st_ino == about.st_ino) {
      return std::unexpected(Errno::perm);
    }
    std::snprintf(name_, sizeof(name_), "/proc/self/fd/%d", fd_.get());
    return name_;
  }

 private:
  OwnedFd fd_;
  char name_[32];
};

}  // namespace

template <class F>
SysResult<void> Task::change_attributes(i32 dirfd, std::string_view path, int link, F&& change) {
  int start = SWEBASH_TRY(directory(dirfd));
  HostPath buffer;
  const char* host = SWEBASH_TRY(host_path(path, buffer));
  const bool to_target = link == 0;
  NarrowPath narrow;
  const auto found = narrow.find(narrowing_.get(), start, host,
                                 to_target ? NarrowPath::End::target : NarrowPath::End::name);
  if (!found.has_value()) return narrowed(narrow, found.error());
  ChangedPath changes;
  if (to_target) {
    host = SWEBASH_TRY(changes.find(kernel_.options().confinement != nullptr, start, host));
  }
  return changed(host_result(change(start, host)), start, path);
}

SysResult<void> Task::chmod(i32 dirfd, std::string_view path, u32 mode) {
  if (kernel_.mounts() != nullptr) return chmod_inside(dirfd, path, mode);
  return change_attributes(dirfd, path, 0, [mode](int start, const char* host) {
    return ::fchmodat(start, host, mode & kPermissions, 0);
  });
}

SysResult<void> Task::chown(i32 dirfd, std::string_view path, u32 uid, u32 gid, u32 flags) {
  if (kernel_.mounts() != nullptr) return chown_inside(dirfd, path, uid, gid, flags);
  const int link = link_flag(flags);
  return change_attributes(dirfd, path, link, [&](int start, const char* host) {
    return ::fchownat(start, host, uid, gid, link);
  });
}

SysResult<void> Task::set_times(i32 dirfd, std::string_view path, i64 access_time, i64 modify_time,
                                u32 flags) {
  if (kernel_.mounts() != nullptr) {
    return set_times_inside(dirfd, path, access_time, modify_time, flags);
  }
  const timespec times[2] = {to_timespec(access_time), to_timespec(modify_time)};
  const int link = link_flag(flags);
  return change_attributes(dirfd, path, link, [&](int start, const char* host) {
    return ::utimensat(start, host, times, link);
  });
}

SysResult<void> Task::change_directory(std::string_view path) {
  if (kernel_.mounts() != nullptr) return change_directory_inside(path);
  const int start = SWEBASH_TRY(directory(abi::kCwd));
  HostPath buffer;
  const char* host = SWEBASH_TRY(host_path(path, buffer));
  OwnedFd fd(::openat(start, host, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return refused(start, path, false, errno_from_host(errno));
  // O_PATH asks for no permission on the directory itself; looking up "." in it asks for search.
  SWEBASH_TRY(host_result(::faccessat(fd.get(), ".", F_OK, 0)));
  cwd_ = std::make_shared<Directory>(std::move(fd), nullptr);
  return {};
}

SysResult<usize> Task::working_directory(std::span<char> out) {
  if (kernel_.mounts() != nullptr) return working_directory_inside(out);
  char text[PATH_MAX];
  usize length = 0;
  if (cwd_ == nullptr) {
    if (::getcwd(text, sizeof(text)) == nullptr) return std::unexpected(errno_from_host(errno));
    length = std::strlen(text);
  } else {
    struct stat about;
    if (::fstat(cwd_->fd.get(), &about) == 0 && about.st_nlink == 0) {
      return std::unexpected(Errno::noent);
    }
    HostPath link;
    const ssize_t count = ::readlink(link.set_descriptor(cwd_->fd.get()), text, sizeof(text));
    if (count < 0) return std::unexpected(errno_from_host(errno));
    length = static_cast<usize>(count);
  }
  if (length == 0 || text[0] != '/') return std::unexpected(Errno::noent);
  std::memcpy(out.data(), text, std::min(out.size(), length));
  return length;
}

u32 Task::current_umask() {
  const u32 initial = kernel_.initial_umask();
  return umask_ < 0 ? initial : static_cast<u32>(umask_);
}

SysResult<u32> Task::umask(i32 mask) {
  const u32 old = current_umask();
  if (mask >= 0) umask_ = mask & 0777;
  return old;
}

}  // namespace swebash::kernel
