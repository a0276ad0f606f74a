// SPDX-License-Identifier: Apache-2.0
//
// MemoryFileSystem: files that live in the process's memory, under a limit on their bytes.
//
// Thread-safe: one lock for all of it. A node keeps the file system's books alive, so that an open
// file outlives the FileSystem. A copy of its tree (Node::copy_tree) shares the bytes of files with
// it until either writes to them. What it holds counts as the bytes of files and some for each
// name.
#pragma once

#include <memory>
#include <vector>

#include "base/integers.hpp"
#include "kernel/vfs/node.hpp"

namespace swebash::kernel::fs {

class MemoryFileSystem final : public vfs::FileSystem {
 public:
  // `limit`: bytes it may hold; beyond, Errno::nospc. `root_mode`: the root's permission bits.
  // `clock`: what the times of files come from; nothing: the host's.
  explicit MemoryFileSystem(u64 limit, u32 root_mode = 0755,
                            std::shared_ptr<const SessionClock> clock = nullptr);
  // What save_tree() of a root wrote; its root, and in `nodes` each file by its number. Nothing
  // where that is not what such a tree is, and the reader has failed then.
  [[nodiscard]] static vfs::NodeRef read_tree(ByteReader& from,
                                              std::shared_ptr<const SessionClock> clock,
                                              std::vector<vfs::NodeRef>& nodes);

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
