// SPDX-License-Identifier: Apache-2.0
//
// History expansion (bash(1), HISTORY EXPANSION): `!!`, `!n`, `!text`, `^a^b^` in a line that was
// read, with word designators and modifiers.
//
// Works on text alone, before the parser sees it: quotes are looked at, nothing else of the
// language. A HistoryExpander remembers the last substitution and search from line to line. Not
// thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "engine/history/history.hpp"
#include "engine/history/history_text.hpp"

namespace swebash::engine {

class HistoryExpander {
 public:
  enum class Outcome : u8 {
    unchanged,
    changed,
    print_only,  // :p: the line is shown and remembered, not run
    failed,      // `text` is the message
  };
  struct Options {
    char mark = '!', quick = '^', comment = '#';  // histchars
    bool extglob = false;
    OpenText before = OpenText::none;  // what the line goes on with
    bool posix = false;                // in double quotes nothing is replaced
    usize unfinished = 0;              // how many of the last entries are the command's own lines
  };

  // Puts `line` (without its newline) with its history expansions replaced into `text`, which stays
  // as it was where there are none.
  Outcome expand(std::string_view line, const History& history, const Options& options,
                 std::string& text);

 private:
  struct Scan;
  friend struct Scan;

  std::string search_;       // of the last !?text?
  std::string search_word_;  // the word it matched, for %
  std::string old_, new_;    // of the last :s
};

}  // namespace swebash::engine
