// SPDX-License-Identifier: Apache-2.0
#include "embed/file_tree.hpp"

#include <string>

#include "kernel/fs/host_directory.hpp"
#include "kernel/fs/memory.hpp"
#include "kernel/fs/overlay.hpp"

namespace swebash {

using kernel::vfs::MountMode;

Access FileTree::access() const noexcept {
  return implementation_->mode == MountMode::read_write ? Access::read_write : Access::read_only;
}

Expected<FileTree> host_directory(std::string_view path, Access access) {
  auto root = kernel::fs::open_host_directory(path);
  if (!root.has_value()) {
    const ErrorKind kind = root.error() == Errno::noent ? ErrorKind::not_found : ErrorKind::refused;
    return std::unexpected(
        Error{kind, std::string(path) + ": " + std::string(errno_message(root.error()))});
  }
  const MountMode mode =
      access == Access::read_write ? MountMode::read_write : MountMode::read_only;
  return FileTree(std::make_shared<FileTree::Implementation>(std::move(*root), mode));
}

FileTree memory_tree(std::uint64_t bytes) {
  kernel::fs::MemoryFileSystem files(bytes);
  return FileTree(std::make_shared<FileTree::Implementation>(files.root(), MountMode::read_write));
}

FileTree overlay(const FileTree& lower, std::uint64_t bytes) {
  kernel::fs::MemoryFileSystem upper(bytes);
  return FileTree(std::make_shared<FileTree::Implementation>(
      kernel::fs::overlay(lower.implementation().root, upper.root()), MountMode::read_write));
}

}  // namespace swebash
