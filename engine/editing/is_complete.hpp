// SPDX-License-Identifier: Apache-2.0
//
// is_complete: whether what was typed is a command to run, or Enter begins another line of it.
// No state.
#pragma once

#include <string_view>

#include "engine/interpreter/shell.hpp"

namespace swebash::engine {

// False where the shell would ask for more (PS2): a quote, a bracket or a compound command is open,
// a here-document has not ended, or the text ends in a backslash or an operator that something has
// to follow. What is wrong is complete: running it says why. Aliases count, as they do then.
[[nodiscard]] bool is_complete(Shell& shell, std::string_view text);

}  // namespace swebash::engine
