// SPDX-License-Identifier: Apache-2.0
//
// compgen -L, which is ours: what an editor of command lines is told about one. No state.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/interpreter/builtin.hpp"

namespace swebash::engine::builtins {

// Answers `what` (complete, classify, hint, whole) about the line and the place in it that
// `operands` say: a record to a line, fields between tabs.
ExitStatus about_line(Invocation& invocation, std::string_view what,
                      std::span<const std::string> operands);

}  // namespace swebash::engine::builtins
