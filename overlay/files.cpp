// SPDX-License-Identifier: Apache-2.0
#include "overlay/files.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "base/folder.hpp"

namespace swebash::overlay {
namespace {

// From linux/openat2.h, which not every C library can be had beside.
constexpr long kOpenat2 = 437;
constexpr u64 kNoXdev = 1, kNoSymlinks = 4, kBeneath = 8;

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// Of a FIFO that was put there meanwhile nobody waits for a writer.
constexpr int kFile = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
constexpr usize kPiece = usize{256} << 10;
// Of folders within folders; what is deeper is moved up first.
constexpr int kDepth = 100;

OwnedFd open_resolved(int root, const std::string& path, int flags, u64 resolve) noexcept {
  struct {
    u64 flags;
    u64 mode;
    u64 resolve;
  } how = {static_cast<u64>(flags | O_CLOEXEC), 0, resolve};
  while (true) {
    const long fd = ::syscall(kOpenat2, root, path.c_str(), &how, sizeof(how));
    // EAGAIN: something was renamed while it looked.
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) return OwnedFd(static_cast<int>(fd));
  }
}

// Opens with `flags`; where the mode forbids the owner that, the mode is `needed` meanwhile.
OwnedFd open_own(int folder, const char* name, int flags, mode_t type, mode_t needed) noexcept {
  OwnedFd fd = open_beneath(folder, name, flags);
  if (fd || errno != EACCES) return fd;
  // By what was looked at, and not by its name, which may be a link's by now.
  const OwnedFd looked = open_beneath(folder, name, O_PATH | O_NOFOLLOW);
  struct stat about{};
  char path[40];
  std::snprintf(path, sizeof(path), "/proc/self/fd/%d", looked.get());
  if (!looked || ::fstat(looked.get(), &about) != 0 || (about.st_mode & S_IFMT) != type ||
      ::chmod(path, needed) != 0) {
    errno = EACCES;
    return OwnedFd();
  }
  fd = OwnedFd(::open(path, flags & ~O_NOFOLLOW));
  ::chmod(path, about.st_mode & 07777);
  return fd;
}

ssize_t read_piece(int fd, char* to, usize size, off_t at) noexcept {
  usize done = 0;
  while (done < size) {
    const ssize_t count = ::pread(fd, to + done, size - done, at + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    done += static_cast<usize>(count);
  }
  return static_cast<ssize_t>(done);
}

Result<void, int> copy_range(int from, int to, off_t at, off_t end) noexcept {
  off_t out = at;
  bool by_kernel = true;
  std::vector<char> piece;
  while (at < end) {
    const auto left = static_cast<usize>(end - at);
    if (by_kernel) {
      const ssize_t count =
          ::copy_file_range(from, &at, to, &out, std::min(left, usize{1} << 30), 0);
      if (count > 0) continue;
      if (count == 0) return {};
      if (errno == EINTR) continue;
      if (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG) {
        return std::unexpected(errno);
      }
      by_kernel = false;
    }
    piece.resize(kPiece);
    const ssize_t count = read_piece(from, piece.data(), std::min(left, piece.size()), at);
    if (count < 0) return std::unexpected(errno);
    if (count == 0) return {};
    for (ssize_t done = 0; done < count;) {
      const ssize_t written =
          ::pwrite(to, piece.data() + done, static_cast<usize>(count - done), at + done);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return std::unexpected(errno);
      done += written;
    }
    at += count;
    out = at;
  }
  return {};
}

struct Remover {
  int top;
  std::string stem;  // of the names that deep folders get at the top
  usize moved = 0;

  void remove(int folder, const char* name, int depth) noexcept {
    if (::unlinkat(folder, name, 0) == 0) return;
    if (depth > kDepth) {
      const std::string up = stem + "." + std::to_string(moved);
      if (::renameat(folder, name, top, up.c_str()) == 0) ++moved;
      return;
    }
    const OwnedFd inner = open_folder_at(folder, name);
    if (inner) {
      struct stat about{};
      if (::fstat(inner.get(), &about) == 0 && (about.st_mode & 0700) != 0700) {
        ::fchmod(inner.get(), 0700);
      }
      each_name(inner.get(), [&](const char* one) { remove(inner.get(), one, depth + 1); });
    }
    ::unlinkat(folder, name, AT_REMOVEDIR);
  }
};

}  // namespace

OwnedFd open_beneath(int root, const std::string& path, int flags) noexcept {
  return open_resolved(root, path, flags, kNoXdev | kNoSymlinks | kBeneath);
}

OwnedFd open_without_links(const std::string& path, int flags) noexcept {
  return open_resolved(AT_FDCWD, path, flags, kNoSymlinks);
}

OwnedFd open_folder_at(int folder, const char* name, Closed closed) noexcept {
  if (closed == Closed::stays) return open_beneath(folder, name, kFolder);
  return open_own(folder, name, kFolder, S_IFDIR, 0700);
}

OwnedFd open_file_at(int folder, const char* name, Closed closed) noexcept {
  if (closed == Closed::stays) return open_beneath(folder, name, kFile);
  return open_own(folder, name, kFile, S_IFREG, 0600);
}

std::string link_text(int folder, const char* name) {
  std::string text(PATH_MAX, '\0');
  const ssize_t size = ::readlinkat(folder, name, text.data(), text.size());
  text.resize(size > 0 ? static_cast<usize>(size) : 0);
  return text;
}

bool has_mark(int fd, const char* name) noexcept {
  const std::string attribute = std::string("user.overlay.") + name;
  return ::fgetxattr(fd, attribute.c_str(), nullptr, 0) >= 0 || errno == ERANGE;
}

bool is_same_content(int one, int other) noexcept {
  struct stat first{}, second{};
  if (::fstat(one, &first) != 0 || ::fstat(other, &second) != 0) return false;
  if (!S_ISREG(first.st_mode) || !S_ISREG(second.st_mode) || first.st_size != second.st_size) {
    return false;
  }
  std::vector<char> pieces(2 * kPiece);
  for (off_t at = 0; at < first.st_size;) {
    const ssize_t count = read_piece(one, pieces.data(), kPiece, at);
    if (count <= 0 || read_piece(other, pieces.data() + kPiece, kPiece, at) != count) return false;
    if (!std::equal(pieces.data(), pieces.data() + count, pieces.data() + kPiece)) return false;
    at += count;
  }
  return true;
}

Result<void, int> copy_content(int from, int to) noexcept {
  struct stat about{};
  if (::fstat(from, &about) != 0) return std::unexpected(errno);
  if (::ftruncate(to, about.st_size) != 0) return std::unexpected(errno);
  for (off_t at = 0; at < about.st_size;) {
    off_t begin = ::lseek(from, at, SEEK_DATA);
    if (begin < 0 && errno == ENXIO) break;  // nothing but a hole is left
    off_t end = begin < 0 ? -1 : ::lseek(from, begin, SEEK_HOLE);
    if (end < 0) begin = at, end = about.st_size;
    SWEBASH_TRY(copy_range(from, to, begin, end));
    at = end;
  }
  return {};
}

std::map<std::string, std::string> attributes_of(int fd) {
  std::map<std::string, std::string> found;
  std::vector<char> names(64 << 10), value(64 << 10);
  const ssize_t size = ::flistxattr(fd, names.data(), names.size());
  for (const char* name = names.data(); name < names.data() + std::max<ssize_t>(size, 0);
       name += std::string_view(name).size() + 1) {
    const std::string_view text = name;
    const bool wanted = (text.starts_with("user.") && !text.starts_with("user.overlay.")) ||
                        text == "system.posix_acl_access" || text == "system.posix_acl_default";
    if (!wanted) continue;
    const ssize_t length = ::fgetxattr(fd, name, value.data(), value.size());
    if (length >= 0) found.emplace(text, std::string(value.data(), static_cast<usize>(length)));
  }
  return found;
}

void copy_attributes(int from, int to) {
  for (const auto& [name, value] : attributes_of(from)) {
    ::fsetxattr(to, name.c_str(), value.data(), value.size(), 0);
  }
}

void remove_tree(int folder, const char* name) noexcept {
  Remover remover = {folder, name};
  remover.remove(folder, name, 0);
  for (usize done = 0; done < remover.moved; ++done) {
    remover.remove(folder, (remover.stem + "." + std::to_string(done)).c_str(), 0);
  }
}

}  // namespace swebash::overlay
