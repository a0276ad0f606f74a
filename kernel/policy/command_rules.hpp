// SPDX-License-Identifier: Apache-2.0
//
// Rules for commands: what a policy says of the words that a command is about to run with.
//
// Guard rails for people and their agents, no wall: a program that is started may start any other,
// and words can be written in many ways. What must not be reached is for kernel/confine. The words
// are those after expansion; a pattern is compared with all of them, one space between two, and
// with the same under the command's name without its folders. Pure but for reading `.git/HEAD`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "kernel/policy/policy.hpp"

namespace swebash::kernel {

struct Verdict {
  RuleAction action = RuleAction::allow;
  const CommandRule* rule = nullptr;  // none: no rule is about it
  std::string branch;                 // of git's rules
};

[[nodiscard]] inline bool has_rules(const Policy& policy) noexcept {
  return !policy.commands.empty() || !policy.branches.empty();
}

// What is to be done about `words`, of which there is one at least. `directory`: where they would
// run; `program`: the file that would, whatever the first word calls it, empty for a builtin.
[[nodiscard]] Verdict judge_command(const Policy& policy, std::span<const std::string_view> words,
                                    const std::string& directory, std::string_view program);

// Whether all of `text` is like `pattern`: `*` is any characters, `?` one, [...] one of them.
[[nodiscard]] bool is_like(std::string_view text, std::string_view pattern) noexcept;

}  // namespace swebash::kernel
