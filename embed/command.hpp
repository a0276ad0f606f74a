// SPDX-License-Identifier: Apache-2.0
//
// FunctionCommand: a function of the embedding program as a command of its sessions.
#pragma once

#include <utility>

#include "kernel/vfs/command.hpp"
#include "swebash/options.hpp"

namespace swebash::embed {

class FunctionCommand final : public kernel::vfs::Command {
 public:
  explicit FunctionCommand(CommandFunction function) noexcept : function_(std::move(function)) {}
  kernel::ExitState run(kernel::Task& task, const kernel::vfs::CommandLine& line) noexcept override;

 private:
  const CommandFunction function_;
};

}  // namespace swebash::embed
