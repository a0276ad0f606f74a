// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/narrow_path.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "kernel/fs/host_files.hpp"

namespace swebash::kernel {

SysResult<void> NarrowPath::look(const confine::Narrowing& narrowing, std::string_view name) {
  HostPath link;
  char text[PATH_MAX];
  text_ = link.set_descriptor(fd_.get());
  const ssize_t length = ::readlink(text_.c_str(), text, sizeof(text));
  if (length <= 0) return std::unexpected(errno_from_host(errno));
  // A pipe or a socket is in no place.
  if (text[0] != '/') return {};
  std::string real(text, static_cast<usize>(length));
  if (!name.empty()) {
    real.append("/").append(name);
    text_.append("/").append(name);
  }
  if (narrowing.allows(real)) return {};
  refused_ = std::move(real);
  return std::unexpected(Errno::rofs);
}

SysResult<void> NarrowPath::find(const confine::Narrowing* narrowing, int& start, const char*& path,
                                 End end) {
  if (narrowing == nullptr) return {};
  std::string_view whole = path;
  std::string folder;
  if (end != End::name) {
    const int fd = ::openat(start, path, O_PATH | O_CLOEXEC);
    if (fd >= 0) {
      fd_.reset(fd);
      SWEBASH_TRY(look(*narrowing, {}));
      start = AT_FDCWD;
      path = text_.c_str();
      return {};
    }
    if (errno != ENOENT || end == End::target) return std::unexpected(errno_from_host(errno));
    // A link to what is not there yet would have it made there.
    struct stat about{};
    if (::fstatat(start, path, &about, AT_SYMLINK_NOFOLLOW) == 0) {
      refused_ = whole;
      return std::unexpected(Errno::rofs);
    }
    new_ = true;
  }
  while (whole.size() > 1 && whole.ends_with('/')) whole.remove_suffix(1);
  const usize slash = whole.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? whole : whole.substr(slash + 1);
  // What ends so is no name that could be made or removed: the host says what is wrong with it.
  if (name.empty() || name == "." || name == "..") return {};
  folder = slash == std::string_view::npos ? "." : std::string(whole.substr(0, slash + 1));
  fd_.reset(::openat(start, folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd_) return std::unexpected(errno_from_host(errno));
  SWEBASH_TRY(look(*narrowing, name));
  start = AT_FDCWD;
  path = text_.c_str();
  return {};
}

}  // namespace swebash::kernel
