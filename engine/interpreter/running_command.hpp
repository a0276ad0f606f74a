// SPDX-License-Identifier: Apache-2.0
//
// RunningCommand: what BASH_COMMAND says. While a trap runs that is what it said before. Owned by
// the Shell; not thread-safe.
#pragma once

#include <string>
#include <utility>

#include "engine/syntax/ast.hpp"

namespace swebash::engine {

class RunningCommand {
 public:
  // `command` runs, which is part of `unit`: that stays until the next call, however soon its
  // script is done with it.
  void set(const Command* command, const UnitPtr& unit) noexcept {
    if (holds_ != 0) return;
    command_ = command;
    if (unit_.get() != unit.get()) unit_ = unit;
    if (!head_.empty()) head_.clear();
  }
  // The same for one of the three expressions of `for (( ))`.
  void set_head(std::string text) {
    if (holds_ == 0) head_ = std::move(text);
  }
  // The command itself, of those that say so: simple commands, (( )), [[ ]], ( ).
  [[nodiscard]] const Command* command() const noexcept { return command_; }
  // The value of BASH_COMMAND.
  [[nodiscard]] std::string text() const;

  // A trap begins or ends.
  void hold() noexcept { ++holds_; }
  void release() noexcept { --holds_; }
  // Traps that run.
  [[nodiscard]] u32 holds() const noexcept { return holds_; }

 private:
  const Command* command_ = nullptr;
  UnitPtr unit_;
  std::string head_;
  u32 holds_ = 0;
};

}  // namespace swebash::engine
