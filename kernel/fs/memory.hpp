// SPDX-License-Identifier: Apache-2.0
//
// MemoryFileSystem: files that live in the process's memory, under a limit on their bytes.
//
// Thread-safe: one lock for all of it. A node keeps the file system's books alive, so that an open
// file outlives the FileSystem. What it holds counts as the bytes of files and some for each name.
#pragma once

#include <memory>

#include "base/integers.hpp"
#include "kernel/vfs/node.hpp"

namespace swebash::kernel::fs {

class MemoryFileSystem final : public vfs::FileSystem {
 public:
  // `limit`: bytes it may hold; beyond, Errno::nospc. `root_mode`: the root's permission bits.
  explicit MemoryFileSystem(u64 limit, u32 root_mode = 0755);

  vfs::NodeRef root() override { return root_; }
  // Bytes it holds now.
  [[nodiscard]] u64 used() const noexcept;

  // The books, and the nodes; in memory.cpp.
  struct Books;
  class File;

 private:
  std::shared_ptr<Books> books_;
  vfs::NodeRef root_;
};

}  // namespace swebash::kernel::fs
