// SPDX-License-Identifier: Apache-2.0
//
// FileTree::Implementation: the root of a file system, and how it may be mounted.
#pragma once

#include "kernel/vfs/mounts.hpp"
#include "swebash/file_tree.hpp"

namespace swebash {

class FileTree::Implementation {
 public:
  Implementation(kernel::vfs::NodeRef root, kernel::vfs::MountMode mode) noexcept
      : root(std::move(root)), mode(mode) {}

  const kernel::vfs::NodeRef root;
  const kernel::vfs::MountMode mode;
};

}  // namespace swebash
