// SPDX-License-Identifier: Apache-2.0
//
// Files that a session finds and cannot change: directories with what they were made with, texts,
// devices; and a directory of commands, which the embedding program may add to.
//
// Thread-safe; sessions share them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/thread_annotations.hpp"
#include "kernel/vfs/command.hpp"
#include "kernel/vfs/node.hpp"

namespace swebash::kernel::fs {

// A directory, 0755, of `files`.
[[nodiscard]] vfs::NodeRef fixed_directory(std::vector<std::pair<std::string, vfs::NodeRef>> files);
// A regular file, 0444, that says `text`.
[[nodiscard]] vfs::NodeRef fixed_text(std::string text);
[[nodiscard]] vfs::NodeRef fixed_link(std::string target);

// An executable file that is `command`.
[[nodiscard]] vfs::NodeRef command_file(std::shared_ptr<vfs::Command> command);

// /dev: null, zero, full, random, urandom; links for stdin, stdout, stderr and fd.
[[nodiscard]] vfs::NodeRef device_directory();

// The directory that /bin and /usr/bin are. Each command is an executable file in it.
class CommandDirectory final : public vfs::Node {
 public:
  // `below`: more commands, which stand where this one has none of the name; or nothing.
  explicit CommandDirectory(std::shared_ptr<CommandDirectory> below = nullptr)
      : below_(std::move(below)) {}

  // One with the same commands, that goes its own way.
  [[nodiscard]] std::shared_ptr<CommandDirectory> copy();
  // Adds or replaces one. `command`: nothing for a name that the engine itself knows what to do
  // with.
  void add(std::string_view name, std::shared_ptr<vfs::Command> command);

  abi::FileType type() const noexcept override { return abi::kDirectoryType; }
  SysResult<abi::Stat> stat() override;
  SysResult<DescriptionRef> open(u32) override { return std::unexpected(Errno::isdir); }
  SysResult<vfs::NodeRef> find(std::string_view name) override;
  SysResult<std::vector<vfs::Item>> list() override;

 private:
  const std::shared_ptr<CommandDirectory> below_;
  Mutex mutex_;
  std::map<std::string, vfs::NodeRef, std::less<>> files_ SWEBASH_GUARDED_BY(mutex_);
};

}  // namespace swebash::kernel::fs
