// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/temporary.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/folder.hpp"
#include "base/integers.hpp"
#include "base/owned_fd.hpp"

namespace swebash::kernel::confine {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kHighFd = 512;
// A tree that is deeper is left where it is.
constexpr int kDepth = 200;

void remove_below(int directory, const char* name, int depth) noexcept;

void remove_contents(int folder, int depth) noexcept {
  each_entry(folder, [&](const char* one, u8) { remove_below(folder, one, depth); });
}

void remove_below(int directory, const char* name, int depth) noexcept {
  if (::unlinkat(directory, name, 0) == 0 || depth > kDepth) return;
  if (::unlinkat(directory, name, AT_REMOVEDIR) == 0) return;
  const OwnedFd folder(::openat(directory, name, kFolder));
  if (folder) remove_contents(folder.get(), depth + 1);
  ::unlinkat(directory, name, AT_REMOVEDIR);
}

}  // namespace

void remove_all_in(int folder) noexcept { remove_contents(folder, 0); }

Result<TemporaryFolder, int> make_temporary_folder(const std::string& base) {
  const uid_t user = ::geteuid();
  const std::string above = base + "/swebash-" + std::to_string(user);
  // Not by open(), of which the C library makes two calls.
  OwnedFd folder(::openat(AT_FDCWD, above.c_str(), kFolder));
  if (!folder) {
    if (::mkdir(above.c_str(), 0700) != 0 && errno != EEXIST) return std::unexpected(errno);
    folder.reset(::openat(AT_FDCWD, above.c_str(), kFolder));
  }
  struct stat about{};
  if (!folder || ::fstat(folder.get(), &about) != 0) return std::unexpected(errno);
  // Where all may write, another may have been first.
  if (about.st_uid != user || (about.st_mode & 077) != 0) return std::unexpected(EACCES);
  // One at a time: a folder that was made and not yet locked is not left over.
  if (::flock(folder.get(), LOCK_EX) != 0) return std::unexpected(errno);
  each_entry(folder.get(), [&](const char* name, u8) {
    const OwnedFd left(::openat(folder.get(), name, kFolder));
    if (!left || ::flock(left.get(), LOCK_EX | LOCK_NB) != 0) return;
    if (::unlinkat(folder.get(), name, AT_REMOVEDIR) == 0) return;
    remove_contents(left.get(), 0);
    ::unlinkat(folder.get(), name, AT_REMOVEDIR);
  });
  // By the open folder: who may change `base` could put links in its place meanwhile.
  for (int attempt = 0; attempt < 100; ++attempt) {
    u64 random = 0;
    if (::syscall(SYS_getrandom, &random, sizeof(random), 0) < 0) return std::unexpected(errno);
    char name[17];
    std::snprintf(name, sizeof(name), "%016llx", static_cast<unsigned long long>(random));
    if (::mkdirat(folder.get(), name, 0700) != 0) {
      if (errno == EEXIST) continue;
      return std::unexpected(errno);
    }
    // Above what a session may call its own.
    const OwnedFd low(::openat(folder.get(), name, kFolder));
    const int lock =
        low ? static_cast<int>(::syscall(SYS_fcntl, low.get(), F_DUPFD_CLOEXEC, kHighFd)) : -1;
    if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) != 0) return std::unexpected(errno);
    return TemporaryFolder{above + "/" + name, lock};
  }
  return std::unexpected(EEXIST);
}

}  // namespace swebash::kernel::confine
