// SPDX-License-Identifier: Apache-2.0
//
// What a completion specification gives: the words of its actions, patterns, lists, functions and
// commands. It is asked for by `compgen`, and for a line that is being completed. It runs what the
// specification names, in this shell; it keeps nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/editing/line_words.hpp"
#include "engine/interpreter/completion_specs.hpp"
#include "engine/interpreter/exec.hpp"

namespace swebash::engine {

// The line that is being completed, as functions and commands are told of it.
struct CompletionSituation {
  std::string line;       // COMP_LINE: the command that the word is in
  usize point = 0;        // COMP_POINT, in bytes
  i32 type = 0, key = 0;  // COMP_TYPE, COMP_KEY
  CommandWords words;     // COMP_WORDS, COMP_CWORD
  char quote = 0;         // that is open before the word
};

struct GeneratedWords {
  std::vector<std::string> words;
  bool are_files = false;    // because of what made them
  bool marks_links = false;  // a link to a directory is one
  bool again = false;        // a function has answered 124: the specification is another now
};

// What `compgen` prints for `word`.
[[nodiscard]] std::vector<std::string> compgen_words(Executor& executor, const CompletionSpec& spec,
                                                     const std::string& word);

// What `spec` proposes for `word` of `command`. `options` are the specification's, which a function
// may change.
[[nodiscard]] GeneratedWords completion_words(Executor& executor, const CompletionSpec& spec,
                                              std::string_view command, const std::string& word,
                                              const CompletionSituation& situation, u32& options);

}  // namespace swebash::engine
