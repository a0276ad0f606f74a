// SPDX-License-Identifier: Apache-2.0
//
// ParsedTexts: the trees of short texts that are run again and again: what a loop gives to eval,
// the actions of traps, PROMPT_COMMAND.
//
// A text is remembered when it comes for the first time, its tree when it comes for the second:
// what an eval runs once costs nothing more. One to a TextRunner; not thread-safe.
#pragma once

#include <string_view>

#include "engine/syntax/ast.hpp"

namespace swebash::engine {

class ParsedTexts {
 public:
  // What `text` is parsed to where its first line is `line`, if that is known; else null.
  // Requires: no alias may be replaced.
  [[nodiscard]] UnitPtr find(std::string_view text, u32 line, const Dialect& dialect);
  // Takes the tree of the text that find() has just been asked for, and did not know.
  // Requires: `unit` is all of that text.
  void keep(const UnitPtr& unit);
  // No such tree is to come.
  void forget_asked() noexcept { asked_ = nullptr; }

 private:
  static constexpr usize kTexts = 8;

  struct Entry {
    u64 hash = 0;  // of a text and its line; 0: none
    u32 line = 0;
    UnitPtr unit;  // null until the text has come twice
  };

  Entry entries_[kTexts];
  usize next_ = 0;          // the entry that makes room
  Entry* asked_ = nullptr;  // the one that waits for its tree
};

}  // namespace swebash::engine
