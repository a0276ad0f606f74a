// SPDX-License-Identifier: Apache-2.0
//
// line_hint: what is said of the command that is being typed. No state.
#pragma once

#include <string>
#include <string_view>

#include "engine/interpreter/shell.hpp"

namespace swebash::engine {

struct LineHint {
  usize begin = 0, end = 0;  // the command's name in the line
  std::string synopsis;      // empty: there is nothing to say
  std::string summary;
};

// Of a builtin how it is called and what it does, of a function where it was defined, of an alias
// what it stands for.
[[nodiscard]] LineHint line_hint(Shell& shell, std::string_view line, usize point);

}  // namespace swebash::engine
