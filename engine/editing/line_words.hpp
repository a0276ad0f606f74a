// SPDX-License-Identifier: Apache-2.0
//
// LineWords: a command line cut into words as completion sees them, which is not how the shell
// reads them: a half-written line must do, and what ends a word is the user's to say
// (COMP_WORDBREAKS).
//
// Functions of their text; offsets are in bytes. Each takes time linear in the line. No state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

// What separates commands in a line.
inline constexpr std::string_view kCommandSeparators = ";|&{(`";

// Whether quotes that are among the delimiters end a word, or begin what is passed over.
enum class QuoteDelimiters : u8 { end, pass };

// Where the first of `delimiters` stands at `from` or after it that no quote, backslash or
// substitution hides; the line's size when there is none.
[[nodiscard]] usize find_delimiter(std::string_view line, usize from, std::string_view delimiters,
                                   QuoteDelimiters quotes = QuoteDelimiters::end);

// Whether the byte at `at` is quoted.
[[nodiscard]] bool is_quoted_at(std::string_view line, usize at);

// The word that is being completed: line[begin, end) is its text.
struct CompletedWord {
  usize begin = 0, end = 0;
  char quote = 0;           // that is open before `begin`
  bool has_quotes = false;  // a quote or a backslash stands somewhere before
};
// Finds what ends at `point`; a word begins after one of `breaks`, or with a quote that is open.
[[nodiscard]] CompletedWord find_completed_word(std::string_view line, usize point,
                                                std::string_view breaks);

// The command that the word at [begin, end) belongs to: line[begin, end) has all of it, and
// line[name_begin, name_end) its name.
struct CommandAt {
  usize begin = 0, end = 0, name_begin = 0, name_end = 0;
  bool after_assignment = false;  // what would be the name is one
};
[[nodiscard]] CommandAt find_command_at(std::string_view line, usize point, usize word_begin,
                                        usize word_end);

// COMP_WORDS and COMP_CWORD; `current` is -1 where there is no word.
struct CommandWords {
  std::vector<std::string> words;
  i64 current = -1;
};
// Cuts `command` at `breaks`, each of which that is no blank is a word too. `point` is in it.
[[nodiscard]] CommandWords split_command(std::string_view command, usize point,
                                         std::string_view breaks);

}  // namespace swebash::engine
