// SPDX-License-Identifier: Apache-2.0
//
// What the parser has seen where, for whoever shows a text while it is typed: half of it is the
// normal case, and what is wrong must not hide what is right. No tree comes of it.
#pragma once

#include <string_view>

#include "engine/syntax/parser.hpp"

namespace swebash::engine {

enum class NoteKind : u8 {
  word,         // an argument, or another word that is no other kind
  command,      // the name of a simple command
  assignment,   // before a command, value and all
  keyword,      // a reserved word where it is one
  function,     // the name of a function that is defined
  operation,    // ; & | && || ( ) and the like
  redirection,  // an operator, or the descriptor before it
  target,       // of a redirection
  expression,   // of (( )), from behind the parentheses
  document,     // the body of a here-document, its end too
  comment,
  substitution,  // $( ) ${ } $(( )) ` ` <( ), as far as its end
};

class ParserObserver {
 public:
  // A word begins; no note of it follows where its end was not found.
  virtual void word_begins(usize begin) = 0;
  // What stands at [begin, end). Where the parser had to go back, the later note counts.
  virtual void note(usize begin, usize end, NoteKind kind) = 0;

 protected:
  ~ParserObserver() = default;
};

// How far a text could be read.
struct ObservedText {
  bool is_read = false;                  // all of it
  Missing missing = Missing::nothing;    // what more text could have brought
  usize wrong_begin = 0, wrong_end = 0;  // what it failed at
};

// Reads `text`, which ends in a newline and holds no NUL byte, and tells `observer` of what is in
// it.
[[nodiscard]] ObservedText observe_text(std::string_view text, ParserHost& host,
                                        ParserObserver& observer);

}  // namespace swebash::engine
