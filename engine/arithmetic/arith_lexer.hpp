// SPDX-License-Identifier: Apache-2.0
//
// Lexer: the tokens of an arithmetic expression, one at a time.
//
// bash: an error names the token that was read last, and a number is checked when it is read.
// Internal to arithmetic. Not thread-safe.
#pragma once

#include "engine/arithmetic/arith_tree.hpp"

namespace swebash::engine::arith {

enum class Token : u8 {
  end,
  number,
  operand,
  name,
  pre_increment,
  pre_decrement,
  post_increment,
  post_decrement,
  assign,       // =
  assign_with,  // OP=
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  shift_left,
  shift_right,
  logical_and,
  logical_or,
  power,
  plus,
  minus,
  times,
  divide,
  modulo,
  bang,
  open,
  close,
  bit_and,
  bit_or,
  bit_xor,
  bit_not,
  question,
  colon,
  comma,
};

// What the parser is made on: it looks at the token that was read, and asks for the next.
class Lexer {
 protected:
  Lexer(std::string_view text, Operands operands, Subscripts subscripts) noexcept
      : text_(text), operands_(operands), subscripts_(subscripts) {}

  // Reads the next token into token_ and what belongs to it.
  void read();
  // Keeps the first error; `end`: where the text that it shows ends. Nothing more is read then:
  // every loop ends at the end token.
  void fail(std::string_view fault, usize end = std::string_view::npos);
  void stop() noexcept {
    at_ = text_.size();
    token_ = Token::end;
  }

  std::string_view text_;
  Operands operands_;
  Subscripts subscripts_;
  Token token_ = Token::end;
  usize token_start_ = 0;
  i64 number_ = 0;         // of Token::number
  std::string_view name_;  // of Token::name
  std::string_view subscript_;
  bool has_subscript_ = false;
  Op assign_op_ = Op::assign;    // of Token::assign_with
  bool after_prefixed_ = false;  // behind ++x or --x, as the parser says
  bool failed_ = false;
  Error error_;

 private:
  [[nodiscard]] char peek(usize ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void read_name();
  [[nodiscard]] usize subscript_end() const noexcept;
  void read_number();
  void read_operator();

  usize at_ = 0;
};

}  // namespace swebash::engine::arith
