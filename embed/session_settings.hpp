// SPDX-License-Identifier: Apache-2.0
//
// SessionSettings: what the embedding program gave a session that goes on in its copies: limits,
// time, commands and hooks.
#pragma once

#include <memory>
#include <optional>

#include "base/integers.hpp"
#include "embed/command.hpp"
#include "embed/runtime_implementation.hpp"
#include "kernel/fs/fixed.hpp"
#include "kernel/session_clock.hpp"

namespace swebash::embed {

struct SessionSettings {
  u64 task_memory = 0;
  u32 tasks = 0;
  // Of a deterministic one.
  bool deterministic = false;
  u64 seed = 0;
  i64 clock_start = 0;
  i64 clock_slept = 0;
  std::shared_ptr<kernel::fs::CommandDirectory> commands = nullptr;
  std::shared_ptr<ResolvedCommands> resolver = nullptr;
  std::shared_ptr<const CommandHook> hook = nullptr;

  [[nodiscard]] std::shared_ptr<kernel::SessionClock> make_clock() const {
    if (!deterministic) return nullptr;
    return std::make_shared<kernel::SessionClock>(clock_start, clock_slept);
  }
};

// Where the commands of a resolver are mounted, as abi::kLastDirectory says.
inline constexpr std::string_view kResolved = "/usr/libexec/swebash";

}  // namespace swebash::embed
