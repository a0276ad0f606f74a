// SPDX-License-Identifier: Apache-2.0
//
// Functions of the embedding program in its sessions: as commands, as what finds commands, and as
// what is asked about them. What they throw goes no further.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "base/thread_annotations.hpp"
#include "kernel/embedder.hpp"
#include "kernel/vfs/command.hpp"
#include "kernel/vfs/node.hpp"
#include "swebash/options.hpp"

namespace swebash::embed {

class FunctionCommand final : public kernel::vfs::Command {
 public:
  explicit FunctionCommand(CommandFunction function) noexcept : function_(std::move(function)) {}
  kernel::ExitState run(kernel::Task& task, const kernel::vfs::CommandLine& line) noexcept override;

 private:
  const CommandFunction function_;
};

// A directory in which there is whatever a resolver knows. Thread-safe.
class ResolvedCommands final : public kernel::vfs::Node {
 public:
  explicit ResolvedCommands(CommandResolver resolver) noexcept : resolver_(std::move(resolver)) {}

  abi::FileType type() const noexcept override { return abi::kDirectoryType; }
  SysResult<abi::Stat> stat() override;
  SysResult<kernel::DescriptionRef> open(u32) override { return std::unexpected(Errno::isdir); }
  SysResult<kernel::vfs::NodeRef> find(std::string_view name) override;
  // What was asked for so far.
  SysResult<std::vector<kernel::vfs::Item>> list() override;

 private:
  const CommandResolver resolver_;
  Mutex mutex_;
  std::map<std::string, kernel::vfs::NodeRef, std::less<>> known_ SWEBASH_GUARDED_BY(mutex_);
};

// The hook of a session. Thread-safe.
class HookedCommands final : public kernel::Embedder {
 public:
  // Takes another; an empty one is none.
  void set(std::shared_ptr<const CommandHook> hook);
  [[nodiscard]] std::shared_ptr<const CommandHook> hook() const;

  bool sees_commands() const noexcept override { return hook() != nullptr; }
  Decision before_command(kernel::Task& task, std::span<const std::string> words) noexcept override;

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const CommandHook> hook_ SWEBASH_GUARDED_BY(mutex_);
};

}  // namespace swebash::embed
