// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "modcache/stores/file_system.hpp"

namespace modcache {
namespace {

std::unexpected<int> os_failure() { return std::unexpected(errno); }

OsResult<void> nothing_or_errno(int result) {
  if (result < 0) return os_failure();
  return {};
}

FileStatus status_from(const struct stat& raw) noexcept {
  FileStatus status;
  status.device = static_cast<std::uint64_t>(raw.st_dev);
  status.inode = static_cast<std::uint64_t>(raw.st_ino);
  status.size = static_cast<std::uint64_t>(raw.st_size);
  status.mtime_ns = std::int64_t{raw.st_mtim.tv_sec} * 1'000'000'000 + raw.st_mtim.tv_nsec;
  status.ctime_ns = std::int64_t{raw.st_ctim.tv_sec} * 1'000'000'000 + raw.st_ctim.tv_nsec;
  status.uid = raw.st_uid;
  status.mode = raw.st_mode & 07777;
  status.kind = S_ISREG(raw.st_mode)   ? FileKind::regular
                : S_ISDIR(raw.st_mode) ? FileKind::directory
                                       : FileKind::other;
  return status;
}

// openat() throughout: musl's open() calls fcntl() after each O_CLOEXEC.
class PosixFileSystem final : public FileSystem {
 public:
  OsResult<OwnedFd> open_directory(const char* path, Links links) override {
    const int no_follow = links == Links::refuse ? O_NOFOLLOW : 0;
    return opened(::openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | no_follow));
  }

  OsResult<void> make_directory(const char* path) override {
    return nothing_or_errno(::mkdir(path, 0700));
  }

  OsResult<OwnedFd> open_at(int directory, const char* name, Access access) override {
    // Never to wait for the other end of a FIFO that stands where a file should.
    int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    switch (access) {
      case Access::read: flags |= O_RDONLY; break;
      case Access::read_write: flags |= O_RDWR | O_CREAT; break;
      case Access::append: flags |= O_WRONLY | O_CREAT | O_APPEND; break;
      case Access::create_new: flags |= O_RDWR | O_CREAT | O_EXCL; break;
    }
    return opened(::openat(directory, name, flags, 0600));
  }

  OsResult<OwnedFd> anonymous_file() override {
    return opened(::memfd_create("modcache", MFD_CLOEXEC));
  }

  OsResult<OwnedFd> open_path(const char* path) override {
    return opened(::openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  }

  OsResult<FileStatus> status(int fd) override {
    struct stat raw;
    if (::fstat(fd, &raw) < 0) return os_failure();
    return status_from(raw);
  }

  OsResult<FileStatus> status_of_path(const char* path) override {
    struct stat raw;
    if (::stat(path, &raw) < 0) return os_failure();
    return status_from(raw);
  }

  OsResult<std::size_t> read_at(int fd, std::span<std::byte> into, std::uint64_t offset) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t count =
          ::pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return os_failure();
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

  OsResult<void> write_at(int fd, std::span<const std::byte> data, std::uint64_t offset) override {
    std::size_t done = 0;
    while (done < data.size()) {
      const ssize_t count =
          ::pwrite(fd, data.data() + done, data.size() - done, static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return os_failure();
      done += static_cast<std::size_t>(count);
    }
    return {};
  }

  OsResult<std::uint64_t> append(int fd, std::span<const std::byte> data) override {
    const ssize_t count = ::write(fd, data.data(), data.size());
    if (count < 0) return os_failure();
    const off_t end = ::lseek(fd, 0, SEEK_CUR);
    if (end < 0) return os_failure();
    return static_cast<std::uint64_t>(end);
  }

  OsResult<void> sync(int fd) override { return nothing_or_errno(::fdatasync(fd)); }

  OsResult<void> rename_at(int directory, const char* from, const char* to) override {
    return nothing_or_errno(::renameat(directory, from, directory, to));
  }

  OsResult<void> unlink_at(int directory, const char* name) override {
    return nothing_or_errno(::unlinkat(directory, name, 0));
  }

  OsResult<void> remove_at(int directory, const char* name) override {
    return remove_tree(directory, name, kMaxDepth);
  }

  OsResult<std::vector<std::string>> list(int directory) override {
    // A descriptor of its own: fdopendir() takes it over, and moves its offset.
    const int copy = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return os_failure();
    DIR* stream = ::fdopendir(copy);
    if (stream == nullptr) {
      const int error = errno;
      ::close(copy);
      return std::unexpected(error);
    }
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream)) {
      if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) {
        names.emplace_back(entry->d_name);
      }
      errno = 0;
    }
    const int error = errno;
    ::closedir(stream);
    if (error != 0) return std::unexpected(error);
    return names;
  }

  OsResult<void> try_lock(int fd, std::uint64_t offset) override {
    struct flock range{};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    range.l_start = static_cast<off_t>(offset & 0x3fff'ffff'ffff'ffff);
    range.l_len = 1;
    return nothing_or_errno(::fcntl(fd, F_OFD_SETLK, &range));
  }

  std::int64_t now_ns() override { return read_clock(CLOCK_REALTIME); }
  std::int64_t steady_us() override { return read_clock(CLOCK_MONOTONIC) / 1000; }

  void sleep_ms(std::uint32_t milliseconds) override {
    timespec left{};
    left.tv_sec = milliseconds / 1000;
    left.tv_nsec = static_cast<long>(milliseconds % 1000) * 1'000'000;
    ::nanosleep(&left, nullptr);
  }

  std::string boot_id() override {
    const OwnedFd file(::openat(AT_FDCWD, "/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
    char text[64];
    const ssize_t count = file ? ::read(file.get(), text, sizeof text) : 0;
    return {text, count > 0 ? static_cast<std::size_t>(count) : 0};
  }

  std::uint32_t effective_uid() override { return ::geteuid(); }

  bool process_exists(long pid) override {
    return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH;
  }

 private:
  static OsResult<OwnedFd> opened(int fd) {
    if (fd < 0) return os_failure();
    return OwnedFd(fd);
  }

  // A descriptor is held for each directory on the way, so the depth has a bound.
  static constexpr int kMaxDepth = 64;

  OsResult<void> remove_tree(int directory, const char* name, int depth) {
    if (::unlinkat(directory, name, 0) == 0) return {};
    // POSIX says EPERM of a directory, Linux EISDIR.
    if (errno != EISDIR && errno != EPERM) return os_failure();
    if (::unlinkat(directory, name, AT_REMOVEDIR) == 0) return {};
    if (errno != ENOTEMPTY && errno != EEXIST) return os_failure();
    if (depth == 0) return std::unexpected(ELOOP);
    const OwnedFd inner = SWEBASH_TRY(
        opened(::openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)));
    for (const std::string& child : SWEBASH_TRY(list(inner.get()))) {
      SWEBASH_TRY(remove_tree(inner.get(), child.c_str(), depth - 1));
    }
    return nothing_or_errno(::unlinkat(directory, name, AT_REMOVEDIR));
  }

  static std::int64_t read_clock(clockid_t clock) noexcept {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }
};

}  // namespace

FileSystem& host_files() noexcept {
  static PosixFileSystem files;
  return files;
}

}  // namespace modcache
