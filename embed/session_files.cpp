// SPDX-License-Identifier: Apache-2.0
//
// A session's files, from outside.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

#include "embed/file_tree.hpp"
#include "embed/session_implementation.hpp"
#include "kernel/fs/host_directory.hpp"
#include "kernel/vfs/copy_files.hpp"
#include "swebash/session.hpp"

namespace swebash {
namespace {

FileType type_of(abi::FileType type) noexcept {
  switch (type) {
    case abi::kRegular: return FileType::regular;
    case abi::kDirectoryType: return FileType::directory;
    case abi::kSymlink: return FileType::link;
    default: return FileType::other;
  }
}

SysResult<std::vector<DirectoryItem>> list_directory(kernel::Task& task, std::string_view path) {
  const i32 fd = SWEBASH_TRY(task.open(abi::kCwd, path, abi::kRead | abi::kDirectory, 0));
  std::vector<DirectoryItem> items;
  std::vector<char> buffer(32 << 10);
  SysResult<usize> size = 0;
  while ((size = task.read_directory(fd, buffer)).value_or(0) > 0) {
    for (usize at = 0; at < *size;) {
      abi::DirectoryEntry entry;
      std::memcpy(&entry, buffer.data() + at, sizeof(entry));
      items.push_back({std::string(buffer.data() + at + sizeof(entry), entry.name_length),
                       type_of(static_cast<abi::FileType>(entry.type))});
      at += sizeof(entry) + (usize{entry.name_length} + 7) / 8 * 8;
    }
  }
  SWEBASH_TRY(task.close(fd));
  if (!size.has_value()) return std::unexpected(size.error());
  return items;
}

SysResult<void> remove_tree(kernel::Task& task, const std::string& path) {
  const abi::Stat about = SWEBASH_TRY(task.stat(abi::kCwd, path, abi::kLinkItself));
  if (about.type != abi::kDirectoryType) return task.unlink(abi::kCwd, path, 0);
  for (const DirectoryItem& item : SWEBASH_TRY(list_directory(task, path))) {
    SWEBASH_TRY(remove_tree(task, path + "/" + item.name));
  }
  return task.unlink(abi::kCwd, path, abi::kRemoveDirectory);
}

template <class T>
Expected<T> expected(SysResult<T> result) {
  if (!result.has_value()) return std::unexpected(embed::fault_of(result.error()));
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(*result);
  }
}

}  // namespace

namespace embed {

Error fault_of(Errno error) {
  const ErrorKind kind = error == Errno::noent ? ErrorKind::not_found : ErrorKind::refused;
  return {kind, std::string(errno_message(error))};
}

SysResult<void> make_directories(kernel::Task& task, std::string_view path) {
  constexpr u32 kMode = 0777;
  for (usize at = 0; at <= path.size(); ++at) {
    if (at < path.size() && path[at] != '/') continue;
    const std::string_view part = path.substr(0, at);
    if (part.empty()) continue;
    const SysResult<void> made = task.mkdir(abi::kCwd, part, kMode);
    if (made.has_value() || made.error() != Errno::exist) SWEBASH_TRY(made);
  }
  if (SWEBASH_TRY(task.stat(abi::kCwd, path, 0)).type != abi::kDirectoryType) {
    return std::unexpected(Errno::notdir);
  }
  return {};
}

}  // namespace embed

Expected<void> Session::write_file(std::string_view path, std::string_view content, unsigned mode) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const auto write = [&]() -> SysResult<void> {
    kernel::Task& task = self->main();
    const i32 fd = SWEBASH_TRY(task.open(
        abi::kCwd, path, abi::kWrite | abi::kCreate | abi::kTruncate | abi::kCloexec, mode));
    SysResult<usize> written = 0;
    for (std::string_view rest = content; !rest.empty() && written.has_value();) {
      written = task.write(fd, std::span(rest.data(), rest.size()));
      rest.remove_prefix(written.value_or(0));
    }
    SWEBASH_TRY(task.close(fd));
    if (!written.has_value()) return std::unexpected(written.error());
    return {};
  };
  return expected(write());
}

Expected<std::string> Session::read_file(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const auto read = [&]() -> SysResult<std::string> {
    kernel::Task& task = self->main();
    const abi::Stat about = SWEBASH_TRY(task.stat(abi::kCwd, path, 0));
    if (about.type == abi::kDirectoryType) return std::unexpected(Errno::isdir);
    // A device has no end.
    if (about.type != abi::kRegular) return std::unexpected(Errno::inval);
    const i32 fd = SWEBASH_TRY(task.open(abi::kCwd, path, abi::kRead | abi::kCloexec, 0));
    std::string text;
    char buffer[16 << 10];
    SysResult<usize> count = 0;
    while ((count = task.read(fd, buffer)).value_or(0) > 0) text.append(buffer, *count);
    SWEBASH_TRY(task.close(fd));
    if (!count.has_value()) return std::unexpected(count.error());
    return text;
  };
  return expected(read());
}

Expected<std::vector<DirectoryItem>> Session::list(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  return expected(list_directory(self->main(), path));
}

Expected<FileStat> Session::stat(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const SysResult<abi::Stat> about = self->main().stat(abi::kCwd, path, 0);
  if (!about.has_value()) return std::unexpected(embed::fault_of(about.error()));
  return FileStat{type_of(static_cast<abi::FileType>(about->type)), about->size, about->mode,
                  std::chrono::system_clock::time_point(
                      std::chrono::duration_cast<std::chrono::system_clock::duration>(
                          std::chrono::nanoseconds(about->modify_time)))};
}

Expected<void> Session::make_directory(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  return expected(embed::make_directories(self->main(), path));
}

Expected<void> Session::remove(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  return expected(remove_tree(self->main(), std::string(path)));
}

Expected<void> Session::import_tree(const std::string& from, std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const auto copy = [&]() -> SysResult<void> {
    auto root = SWEBASH_TRY(kernel::fs::open_host_directory(from));
    const kernel::vfs::Mounts source(std::move(root));
    SWEBASH_TRY(embed::make_directories(self->main(), path));
    const auto target = SWEBASH_TRY(self->main().find_place(path));
    if (target->mode == kernel::vfs::MountMode::read_only) return std::unexpected(Errno::rofs);
    return kernel::vfs::copy_files(source.root(), target->node);
  };
  return expected(copy());
}

Expected<void> Session::export_tree(std::string_view path, const std::string& to) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const auto copy = [&]() -> SysResult<void> {
    const auto source = SWEBASH_TRY(self->main().find_place(path));
    constexpr mode_t kMode = 0777;
    if (::mkdir(to.c_str(), kMode) != 0 && errno != EEXIST) {
      return std::unexpected(errno_from_host(errno));
    }
    return kernel::vfs::copy_files(source, SWEBASH_TRY(kernel::fs::open_host_directory(to)));
  };
  return expected(copy());
}

}  // namespace swebash
