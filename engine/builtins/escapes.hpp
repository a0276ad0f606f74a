// SPDX-License-Identifier: Apache-2.0
//
// Backslash escapes of echo -e, printf %b and printf's format.
//
// Pure. The escapes of $'...' are the parser's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine::builtins {

enum class EscapeStyle : u8 {
  echo,    // echo -e: octal is \0nnn; \c ends
  text,    // printf %b: octal is \nnn too; \c ends; \" \' \? are not taken
  format,  // printf's format: octal is \nnn; \" \' \? are taken, \c is not
};

// Decodes the escape whose backslash stands at `at`, appends what it means and moves `at` behind
// it. False for \c, which ends the output. What is no escape is appended with its backslash.
// `missing`, where it is given, takes what digits are wanted after an escape that has none.
bool append_escape(std::string_view text, usize& at, EscapeStyle style, std::string& out,
                   std::vector<std::string_view>* missing = nullptr);

// Appends `text` with its escapes decoded; false when a \c ended it.
bool append_decoded(std::string_view text, EscapeStyle style, std::string& out,
                    std::vector<std::string_view>* missing = nullptr);

}  // namespace swebash::engine::builtins
