// SPDX-License-Identifier: Apache-2.0
//
// Collating symbols and equivalence classes in regular expressions, for a C library that has none
// of them.
#pragma once

#include <string>
#include <string_view>

namespace swebash::engine {

// `expression`, an extended one, with `[.x.]` and `[=x=]` in its bracket expressions written as the
// characters that they stand for. What stands for no single character is left.
[[nodiscard]] std::string without_collating(std::string_view expression);

}  // namespace swebash::engine
