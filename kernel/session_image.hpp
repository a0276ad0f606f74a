// SPDX-License-Identifier: Apache-2.0
//
// SessionImage: what a session in a library is between two runs, apart from its engine's memory:
// its mounts, and of its main task the descriptors, directory, umask and limits.
//
// A plain value. Task::image() makes one over the live files of the session; copy_image() makes one
// that nobody else changes, or one for another session. Descriptors that no other session can have
// (pipes, files of the host) are left out.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "abi/types.hpp"
#include "kernel/session_clock.hpp"
#include "kernel/task/fd_table.hpp"
#include "kernel/vfs/mounts.hpp"

namespace swebash::kernel {

struct SessionImage {
  // The first is at "/", and each comes after those that it stands in.
  std::vector<vfs::Mounted> mounts;

  enum class FileKind : u8 {
    stream,     // one of the three that a session is given
    file,       // `node`, opened with `flags`, at `offset`
    directory,  // at `path`
  };
  struct OpenFile {
    FileKind kind = FileKind::stream;
    u32 stream = 0;
    vfs::NodeRef node = nullptr;
    u32 flags = 0;
    i64 offset = 0;
    std::string path = {};
  };
  std::vector<OpenFile> files;
  struct Descriptor {
    i32 fd = 0;
    Inherit inherit = Inherit::yes;
    u32 file = 0;  // of `files`
  };
  std::vector<Descriptor> descriptors;
  std::string directory = "/";
  u32 umask = 022;
  std::vector<std::pair<u32, abi::Limit>> limits;
  u64 random = 0;  // where its random numbers are, if it has a seed

  // The mount table that its mounts make.
  // Errors: those of Mounts::mount().
  [[nodiscard]] SysResult<std::shared_ptr<vfs::Mounts>> make_mounts() const;
};

// The same over copies of its file systems. `replaced`: roots that others stand for.
// Errors: those of Node::copy_tree().
[[nodiscard]] SysResult<SessionImage> copy_image(
    const SessionImage& image, const std::shared_ptr<const SessionClock>& clock,
    const std::map<const vfs::Node*, vfs::NodeRef>& replaced);

}  // namespace swebash::kernel
