// SPDX-License-Identifier: Apache-2.0
//
// How much work an extended regular expression is for regcomp and regexec, as far as its text
// tells: some short ones take minutes and gigabytes.
#pragma once

#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

struct RegexWork {
  double compile = 0;   // steps, a nanosecond or a few each
  double per_byte = 0;  // of the text, at most
};

// An estimate from above but for a small factor. What is no expression has any.
[[nodiscard]] RegexWork regex_work(std::string_view expression);

// Whether compiling is a matter of a second at most.
[[nodiscard]] bool is_reasonable(const RegexWork& work) noexcept;
// Whether matching `length` bytes of text is a matter of a few seconds at most.
[[nodiscard]] bool is_reasonable(const RegexWork& work, usize length) noexcept;

}  // namespace swebash::engine
