// SPDX-License-Identifier: Apache-2.0
//
// complete_line: what can stand where the cursor of a command line is, as bash proposes it: by the
// specification of the command that is written there (`complete`), else commands, variables, users,
// hosts and files.
//
// It knows words, quotes and what completes them; keys and menus are the editor's, which calls it.
// A specification's function or command runs in this shell. Nothing is kept between calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/interpreter/exec.hpp"

namespace swebash::engine {

// COMP_TYPE: what was asked for.
namespace completion_type {
inline constexpr i32 kTab = 9, kMenu = '%', kInsertAll = '*', kList = '?', kIfUnmodified = '@',
                     kIfAmbiguous = '!';
}  // namespace completion_type

struct CompletionCandidate {
  std::string word;         // as it is, without quotes
  std::string inserted;     // what stands in the line for it, quoted
  std::string description;  // may be empty
};

struct LineCompletion {
  usize begin = 0, end = 0;  // what of the line `inserted` replaces
  std::vector<CompletionCandidate> candidates;
  std::string common;  // what they all begin with, quoted: what Tab puts in the line
  bool are_files = false;
  bool no_space = false;     // nothing follows a candidate
  bool marks_links = false;  // a link to a directory is followed by a slash
  char quote = 0;            // that is open before the word, and closed after it
  char ending = ' ';         // what follows one that is no directory
  // Candidates that begin with the first stand for files in the second.
  std::string written_directory, directory;
};

// Completes `line` at byte `point`. `type` and `key` are what COMP_TYPE and COMP_KEY say.
[[nodiscard]] LineCompletion complete_line(Executor& executor, std::string_view line, usize point,
                                           i32 type = completion_type::kTab, i32 key = '\t');

// What follows `candidate` when it has been chosen and stands before line[end]: a closing quote, a
// blank, a slash, or nothing.
[[nodiscard]] std::string completion_ending(const LineCompletion& completion,
                                            const CompletionCandidate& candidate,
                                            std::string_view line);

}  // namespace swebash::engine
