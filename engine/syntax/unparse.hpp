// SPDX-License-Identifier: Apache-2.0
//
// Trees back to text, laid out as bash 5.2 does for `declare -f`, `type` and `jobs`.
//
// Words are printed as they were written; spacing, separators and indentation are bash's. The text
// parses to the same tree. Pure functions, no state.
#pragma once

#include <string>
#include <string_view>

#include "engine/syntax/ast.hpp"

namespace swebash::engine {

// The definition of function `name` with body `body`, over several lines, no newline at the end.
[[nodiscard]] std::string unparse_function(std::string_view name, const Command& body);

// `command` as it stands outside a function.
[[nodiscard]] std::string unparse(const Command& command);

// `list` as it stands outside a function: its commands separated by "; ".
[[nodiscard]] std::string unparse(const List& list);

// `word` as it was written, but for what bash resolves when it reads: $'...', joined lines.
[[nodiscard]] std::string unparse(const Word& word);

// As a job is listed: `item` without its "&", `pipeline` without "!" and "time".
[[nodiscard]] std::string unparse(const AndOr& item);
[[nodiscard]] std::string unparse(const Pipeline& pipeline);

}  // namespace swebash::engine
