// SPDX-License-Identifier: Apache-2.0
//
// Mounts: the files of a session: file systems mounted in one tree, and the walk of a path through
// it.
//
// The walk goes component by component and resolves links itself, over the whole tree, so that a
// link means what it means inside, and nothing that a path says can lead out. A Place is a file and
// how it was reached; it is immutable, and its parents keep ".." and the name of a working
// directory. Mounting happens before the session's first task runs; the rest is thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/vfs/node.hpp"

namespace swebash::kernel::vfs {

enum class MountMode : u8 { read_only, read_write };

// A directory in which something is mounted, or below which.
struct MountPoint {
  NodeRef root;  // nothing: only below
  MountMode mode = MountMode::read_write;
  std::vector<std::pair<std::string, std::shared_ptr<MountPoint>>> below;

  [[nodiscard]] const MountPoint* find(std::string_view name) const noexcept;
};

struct Place {
  NodeRef node;
  MountMode mode = MountMode::read_write;
  PlaceRef parent;  // nothing: the root
  std::string name;
  const MountPoint* point = nullptr;  // where mounts begin or are

  // Its absolute path without links.
  [[nodiscard]] std::string path() const;
};

// A directory, and a name that is there or is not.
struct Entry {
  PlaceRef directory;
  std::string name;               // "." for a directory by itself: "/", "a/.."
  bool directory_wanted = false;  // a slash follows it
};

enum class LastLink : u8 { follow, keep };

// A file system of a mount table, and where it is.
struct Mounted {
  std::string path;
  NodeRef root;
  MountMode mode = MountMode::read_write;
};

class Mounts {
 public:
  // `root` is what stands at "/".
  explicit Mounts(NodeRef root);
  Mounts(const Mounts&) = delete;
  Mounts& operator=(const Mounts&) = delete;

  // Mounts `root` at `path`, an absolute one without links or dots, over what is there. Directories
  // that lead there are made where they are not.
  // Errors: those of making them; Errno::inval for a path that is none.
  [[nodiscard]] SysResult<void> mount(std::string_view path, NodeRef root, MountMode mode);

  // All that is mounted, the root first, each before what is mounted in it.
  [[nodiscard]] std::vector<Mounted> list() const;

  [[nodiscard]] const PlaceRef& root() const noexcept { return root_; }
  // What `path` stands for, from `start` where it is not absolute.
  // Errors: Errno::noent, notdir, acces, loop, nametoolong.
  [[nodiscard]] SysResult<PlaceRef> find(const PlaceRef& start, std::string_view path,
                                         LastLink link) const;
  // The directory of the last component of `path`, which need not be there. Links before it are
  // followed.
  [[nodiscard]] SysResult<Entry> find_entry(const PlaceRef& start, std::string_view path) const;
  // What `name` of `directory` is, a link itself.
  [[nodiscard]] static SysResult<PlaceRef> step(const PlaceRef& directory, std::string_view name);

 private:
  struct Walk;

  MountPoint top_;
  PlaceRef root_;
};

}  // namespace swebash::kernel::vfs
