// SPDX-License-Identifier: Apache-2.0
//
// The actions of compgen and complete (`-A user`, `-u`): the lists of names that they stand for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/interpreter/shell.hpp"

namespace swebash::engine {

struct CompletionAction {
  std::string_view name;
  // Appends the names; those that do not begin with `word` may be left out.
  void (*list)(Shell& shell, std::string_view word, std::vector<std::string>& out);
};

// The action `name`, or null.
[[nodiscard]] const CompletionAction* find_completion_action(std::string_view name) noexcept;

}  // namespace swebash::engine
