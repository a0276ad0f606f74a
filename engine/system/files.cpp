// SPDX-License-Identifier: Apache-2.0
#include "engine/system/files.hpp"

#include <cstring>

#include "engine/system/broken_write.hpp"

namespace swebash::engine::files {

namespace {

u32 size_of(std::string_view text) noexcept { return static_cast<u32>(text.size()); }

SysResult<void> done(i64 answer) {
  const SysResult<i64> result = from_answer(answer);
  if (!result) return std::unexpected(result.error());
  return {};
}

constexpr usize kChunk = 65536;

// The same file out of the place of a standard stream that is closed.
SysResult<File> away_from_streams(i32 fd) {
  constexpr i32 kLowest = 3;
  if (fd >= kLowest) return File(fd);
  const File low(fd);
  const SysResult<i64> high = from_answer(sys::dup(fd, kLowest, abi::kCloexec));
  if (!high) return std::unexpected(high.error());
  return File(static_cast<i32>(*high));
}

}  // namespace

SysResult<File> open(std::string_view path, u32 flags, u32 mode) {
  for (;;) {
    const SysResult<i64> fd =
        from_answer(sys::open(abi::kCwd, path.data(), size_of(path), flags | abi::kCloexec, mode));
    if (fd) return away_from_streams(static_cast<i32>(*fd));
    // A fifo waits for its other end.
    const BrokenWrite& broken = broken_write();
    if (fd.error() != Errno::intr || broken.heed == nullptr || !broken.heed(broken.context)) {
      return std::unexpected(fd.error());
    }
  }
}

SysResult<abi::Stat> stat(std::string_view path, Follow follow) {
  abi::Stat out{};
  const SysResult<i64> result = from_answer(sys::stat(
      abi::kCwd, path.data(), size_of(path), follow == Follow::no ? abi::kLinkItself : 0, &out));
  if (!result) return std::unexpected(result.error());
  return out;
}

SysResult<abi::Stat> fstat(i32 fd) {
  abi::Stat out{};
  const SysResult<i64> result = from_answer(sys::fstat(fd, &out));
  if (!result) return std::unexpected(result.error());
  return out;
}

bool is_directory(std::string_view path) {
  const SysResult<abi::Stat> result = stat(path);
  return result && result->type == abi::kDirectoryType;
}

bool access(std::string_view path, u32 mode) {
  return sys::access(abi::kCwd, path.data(), size_of(path), mode) >= 0;
}

SysResult<void> write_all(i32 fd, std::string_view data) {
  while (!data.empty()) {
    const SysResult<i64> wrote = from_answer(sys::write(fd, data.data(), size_of(data)));
    if (!wrote) {
      if (wrote.error() == Errno::intr) continue;
      return std::unexpected(wrote.error());
    }
    data.remove_prefix(static_cast<usize>(*wrote));
  }
  return {};
}

SysResult<void> read_all(i32 fd, std::string& out, usize limit) {
  for (;;) {
    const usize size = out.size();
    out.resize(size + kChunk);
    const SysResult<i64> got =
        from_answer(sys::read(fd, out.data() + size, static_cast<u32>(kChunk)));
    out.resize(size + (got ? static_cast<usize>(*got) : 0));
    if (!got) {
      if (got.error() == Errno::intr) continue;
      return std::unexpected(got.error());
    }
    if (*got == 0) return {};
    if (out.size() > limit) return std::unexpected(Errno::fbig);
  }
}

std::string read_text(std::string_view path) {
  std::string text;
  const SysResult<File> file = open(path, abi::kRead);
  if (file) {
    if (!read_all(file->fd(), text)) text.clear();
  }
  return text;
}

SysResult<i64> copy_all(i32 from, i32 to) {
  i64 total = 0;
  for (;;) {
    const SysResult<i64> went = from_answer(sys::copy(from, to, i64{1} << 30));
    if (!went) {
      if (went.error() == Errno::intr) continue;
      return std::unexpected(went.error());
    }
    if (*went == 0) return total;
    total += *went;
  }
}

SysResult<void> list(std::string_view path, std::vector<Entry>& out, const NameFilter* filter) {
  SysResult<File> directory =
      open(path.empty() ? std::string_view(".") : path, abi::kRead | abi::kDirectory);
  if (!directory) return std::unexpected(directory.error());
  alignas(8) char buffer[32768];
  for (;;) {
    const SysResult<i64> got =
        from_answer(sys::read_directory(directory->fd(), buffer, sizeof buffer));
    // A directory that has been removed has no entries (POSIX readdir()).
    if (!got && got.error() == Errno::noent) return {};
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return {};
    for (usize at = 0; at < static_cast<usize>(*got);) {
      abi::DirectoryEntry entry;
      std::memcpy(&entry, buffer + at, sizeof entry);
      const std::string_view name(buffer + at + sizeof entry, entry.name_length);
      if (filter == nullptr || filter->admits(name)) {
        out.push_back({std::string(name), entry.inode, static_cast<abi::FileType>(entry.type)});
      }
      at += (sizeof entry + entry.name_length + 7) & ~usize{7};
    }
  }
}

SysResult<std::string> readlink(std::string_view path) {
  std::string text(256, '\0');
  for (;;) {
    const SysResult<i64> length = from_answer(
        sys::readlink(abi::kCwd, path.data(), size_of(path), text.data(), size_of(text)));
    if (!length) return std::unexpected(length.error());
    const bool fits = static_cast<usize>(*length) <= text.size();
    text.resize(static_cast<usize>(*length));
    if (fits) return text;
  }
}

SysResult<void> mkdir(std::string_view path, u32 mode) {
  return done(sys::mkdir(abi::kCwd, path.data(), size_of(path), mode));
}

SysResult<void> unlink(std::string_view path) {
  return done(sys::unlink(abi::kCwd, path.data(), size_of(path), 0));
}

SysResult<void> rmdir(std::string_view path) {
  return done(sys::unlink(abi::kCwd, path.data(), size_of(path), abi::kRemoveDirectory));
}

SysResult<void> rename(std::string_view from, std::string_view to) {
  return done(
      sys::rename(abi::kCwd, from.data(), size_of(from), abi::kCwd, to.data(), size_of(to)));
}

SysResult<void> link(std::string_view from, std::string_view to) {
  return done(sys::link(abi::kCwd, from.data(), size_of(from), abi::kCwd, to.data(), size_of(to)));
}

SysResult<void> symlink(std::string_view target, std::string_view path) {
  return done(sys::symlink(target.data(), size_of(target), abi::kCwd, path.data(), size_of(path)));
}

SysResult<void> chmod(std::string_view path, u32 mode) {
  return done(sys::chmod(abi::kCwd, path.data(), size_of(path), mode));
}

SysResult<void> chown(std::string_view path, u32 uid, u32 gid, Follow follow) {
  return done(sys::chown(abi::kCwd, path.data(), size_of(path), uid, gid,
                         follow == Follow::no ? abi::kLinkItself : 0));
}

SysResult<void> set_times(std::string_view path, i64 access, i64 modify, Follow follow) {
  return done(sys::set_times(abi::kCwd, path.data(), size_of(path), access, modify,
                             follow == Follow::no ? abi::kLinkItself : 0));
}

u32 umask() {
  const i64 answer = sys::umask(-1);
  return answer < 0 ? 022 : static_cast<u32>(answer);
}

std::string join(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') path.push_back('/');
  path.append(name);
  return path;
}

std::string_view base_name(std::string_view path) noexcept {
  if (path.empty()) return path;
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  if (path == "/") return path;
  const usize slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view directory_name(std::string_view path) noexcept {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const usize slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  path = path.substr(0, slash + 1);
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return path;
}

}  // namespace swebash::engine::files
