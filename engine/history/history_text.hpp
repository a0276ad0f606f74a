// SPDX-License-Identifier: Apache-2.0
//
// The shell's text as history sees it: words, quotes, comments and here-documents, and no more of
// the language. No state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

// What a command's lines so far leave open.
enum class OpenText : u8 {
  none,
  continued,  // a backslash before the newline
  single_quoted,
  double_quoted,
  here_document,  // its body: nothing is expanded
  comment,
};

// What stands open at the end of `text`, complete lines of one command.
[[nodiscard]] OpenText left_open(std::string_view text) noexcept;

// What joins the lines `text` of a command and its next in one line of history: "; ", " " or a
// newline where the line break counts.
[[nodiscard]] std::string_view line_joint(std::string_view text) noexcept;

namespace history_text {

[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_operator(char c) {
  return std::string_view("|&;()<>").find(c) != std::string_view::npos;
}

// bash: the words of an entry are cut as the shell cuts them, operators being words of their own.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view text);

// The words from `first` to `last`, with a blank between them.
[[nodiscard]] std::string join_words(const std::vector<std::string_view>& words, usize first,
                                     usize last);

}  // namespace history_text
}  // namespace swebash::engine
