// SPDX-License-Identifier: Apache-2.0
#include "modcache/testing/faulty_file_system.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace modcache::testing {

int FaultyFileSystem::next(const char* name) {
  const int number = ++calls_;
  {
    const swebash::MutexLock lock(mutex_);
    log_.emplace_back(name);
  }
  if (number == die_at_) ::kill(::getpid(), SIGKILL);
  if (!named_.empty() && named_ == name) return error_;
  if (fail_at_ == 0) return 0;
  if (number == fail_at_ || (span_ == Span::lasting && number > fail_at_)) return error_;
  return 0;
}

void FaultyFileSystem::restart() {
  const swebash::MutexLock lock(mutex_);
  calls_ = 0;
  fail_at_ = 0;
  die_at_ = 0;
  named_.clear();
  log_.clear();
}

int FaultyFileSystem::calls_of(std::string_view name) const {
  const swebash::MutexLock lock(mutex_);
  return static_cast<int>(std::count(log_.begin(), log_.end(), name));
}

#define MODCACHE_FAULT(name) \
  if (const int error = next(name); error != 0) return std::unexpected(error)

OsResult<OwnedFd> FaultyFileSystem::open_directory(const char* path, Links links) {
  MODCACHE_FAULT("open_directory");
  return host_files().open_directory(path, links);
}
OsResult<void> FaultyFileSystem::make_directory(const char* path) {
  MODCACHE_FAULT("make_directory");
  return host_files().make_directory(path);
}
OsResult<OwnedFd> FaultyFileSystem::open_at(int directory, const char* name, Access access) {
  MODCACHE_FAULT("open_at");
  return host_files().open_at(directory, name, access);
}
OsResult<OwnedFd> FaultyFileSystem::anonymous_file() {
  MODCACHE_FAULT("anonymous_file");
  return host_files().anonymous_file();
}
OsResult<OwnedFd> FaultyFileSystem::open_path(const char* path) {
  MODCACHE_FAULT("open_path");
  return host_files().open_path(path);
}
OsResult<FileStatus> FaultyFileSystem::status(int fd) {
  MODCACHE_FAULT("status");
  return host_files().status(fd);
}
OsResult<FileStatus> FaultyFileSystem::status_of_path(const char* path) {
  MODCACHE_FAULT("status_of_path");
  return host_files().status_of_path(path);
}
OsResult<std::size_t> FaultyFileSystem::read_at(int fd, std::span<std::byte> into,
                                                std::uint64_t offset) {
  MODCACHE_FAULT("read_at");
  return host_files().read_at(fd, into, offset);
}
OsResult<void> FaultyFileSystem::write_at(int fd, std::span<const std::byte> data,
                                          std::uint64_t offset) {
  if (const int error = next("write_at"); error != 0) {
    // A full disk takes a part first.
    if (error == ENOSPC) (void)host_files().write_at(fd, data.first(data.size() / 2), offset);
    return std::unexpected(error);
  }
  return host_files().write_at(fd, data, offset);
}
OsResult<std::uint64_t> FaultyFileSystem::append(int fd, std::span<const std::byte> data) {
  if (const int error = next("append"); error != 0) {
    if (error == ENOSPC) (void)host_files().append(fd, data.first(data.size() / 2));
    return std::unexpected(error);
  }
  return host_files().append(fd, data);
}
OsResult<void> FaultyFileSystem::sync(int fd) {
  MODCACHE_FAULT("sync");
  return host_files().sync(fd);
}
OsResult<void> FaultyFileSystem::rename_at(int directory, const char* from, const char* to) {
  MODCACHE_FAULT("rename_at");
  return host_files().rename_at(directory, from, to);
}
OsResult<void> FaultyFileSystem::unlink_at(int directory, const char* name) {
  MODCACHE_FAULT("unlink_at");
  return host_files().unlink_at(directory, name);
}
OsResult<void> FaultyFileSystem::remove_at(int directory, const char* name) {
  MODCACHE_FAULT("remove_at");
  return host_files().remove_at(directory, name);
}
OsResult<std::vector<std::string>> FaultyFileSystem::list(int directory) {
  MODCACHE_FAULT("list");
  return host_files().list(directory);
}
OsResult<void> FaultyFileSystem::try_lock(int fd, std::uint64_t offset) {
  MODCACHE_FAULT("try_lock");
  return host_files().try_lock(fd, offset);
}

#undef MODCACHE_FAULT

}  // namespace modcache::testing
