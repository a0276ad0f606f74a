// SPDX-License-Identifier: Apache-2.0
//
// Node and FileSystem: what the files of a session are made of.
//
// A FileSystem is a tree of nodes behind one interface (kernel/fs/ has an implementation each); a
// session's mount table (mounts.hpp) joins several of them to one. A Node is one file of it, held:
// a directory, a regular file, a link or a device, which stays what it is whatever becomes of its
// names. Names are single components, never "." or "..", never empty; links are not followed here,
// nor do mounts exist. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "abi/errno.hpp"
#include "abi/types.hpp"
#include "kernel/byte_stream.hpp"
#include "kernel/session_clock.hpp"
#include "kernel/task/description.hpp"

namespace swebash::kernel::vfs {

class Node;
using NodeRef = std::shared_ptr<Node>;

// Who owns what a session makes, and whom it asks permission for.
inline constexpr u32 kUser = 1000;
inline constexpr u32 kGroup = 1000;

// A program that a file stands for; see command.hpp.
class Command;

// What a directory tells of a file in it.
struct Item {
  std::string name;
  u64 inode;
  abi::FileType type;
};

// Nodes of which somebody wants the copies, and those.
using NodeCopies = std::map<const Node*, NodeRef>;

// What a file of a session has of a file system.
enum class TreeKind : u8 {
  given,    // nothing: whoever opens it again brings one
  memory,   // all: a memory file system
  overlay,  // what lies above what is given, a memory file system
};

class Node : public std::enable_shared_from_this<Node> {
 public:
  Node() noexcept = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  [[nodiscard]] virtual abi::FileType type() const noexcept = 0;
  [[nodiscard]] virtual SysResult<abi::Stat> stat() = 0;
  // The program it is, or nothing.
  [[nodiscard]] virtual std::shared_ptr<Command> command() { return nullptr; }

  // Opens a regular file or a device. flags: kRead, kWrite, kAppend, kTruncate of
  // abi::OpenFlags.
  [[nodiscard]] virtual SysResult<DescriptionRef> open(u32 flags) = 0;
  // Sets permission bits, owner (~0 leaves one alone), times in nanoseconds.
  [[nodiscard]] virtual SysResult<void> set_mode(u32) { return std::unexpected(Errno::rofs); }
  [[nodiscard]] virtual SysResult<void> set_owner(u32, u32) { return std::unexpected(Errno::rofs); }
  [[nodiscard]] virtual SysResult<void> set_times(i64, i64) { return std::unexpected(Errno::rofs); }

  // --- of a link ---
  [[nodiscard]] virtual SysResult<std::string> link_text() { return std::unexpected(Errno::inval); }

  // --- of a directory ---
  // Errors: Errno::noent.
  [[nodiscard]] virtual SysResult<NodeRef> find(std::string_view) {
    return std::unexpected(Errno::notdir);
  }
  // What is in it.
  [[nodiscard]] virtual SysResult<std::vector<Item>> list() {
    return std::unexpected(Errno::notdir);
  }
  // Makes a regular file or a directory.
  // Errors: Errno::exist.
  [[nodiscard]] virtual SysResult<NodeRef> make(std::string_view, abi::FileType, u32 /*mode*/) {
    return std::unexpected(refusal());
  }
  [[nodiscard]] virtual SysResult<void> make_link(std::string_view, std::string_view /*target*/) {
    return std::unexpected(refusal());
  }
  // Gives `node`, which is of the same file system, one more name here.
  // Errors: Errno::xdev where it is not.
  [[nodiscard]] virtual SysResult<void> add_name(std::string_view, Node& /*node*/) {
    return std::unexpected(refusal());
  }
  // Removes a name: of a directory, or of anything else.
  [[nodiscard]] virtual SysResult<void> remove(std::string_view, bool /*directory*/) {
    return std::unexpected(refusal());
  }
  // Moves `name` to `to_name` in directory `to`, replacing what has that.
  // Errors: Errno::xdev where `to` is of another file system.
  [[nodiscard]] virtual SysResult<void> rename(std::string_view, Node& /*to*/,
                                               std::string_view /*to_name*/) {
    return std::unexpected(refusal());
  }

  // --- of the root of a file system ---
  // The root of one that is as this one is now, and goes its own way; the same one where sessions
  // share it. `copies` gets the copies of those of its nodes that it names. `clock`: of the session
  // that has it.
  [[nodiscard]] virtual SysResult<NodeRef> copy_tree(
      NodeCopies& /*copies*/, const std::shared_ptr<const SessionClock>& /*clock*/) {
    return shared_from_this();
  }
  // Writes what is its own down, and in `wanted` the numbers of the nodes that it names.
  [[nodiscard]] virtual TreeKind save_tree(ByteWriter& /*to*/,
                                           std::map<const Node*, u64>& /*wanted*/) {
    return TreeKind::given;
  }

 private:
  [[nodiscard]] Errno refusal() const noexcept {
    return type() == abi::kDirectoryType ? Errno::rofs : Errno::notdir;
  }
};

class FileSystem {
 public:
  FileSystem() noexcept = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  // Its root directory, which keeps alive what of the file system it needs.
  [[nodiscard]] virtual NodeRef root() = 0;
};

// Whether the session's user may use what `about` tells of in all ways of `mode` (abi::kAccess
// bits).
[[nodiscard]] bool permits(const abi::Stat& about, u32 mode) noexcept;

// A number for a file system that shows in abi::Stat; no two have the same.
[[nodiscard]] u64 take_device() noexcept;

}  // namespace swebash::kernel::vfs
