// SPDX-License-Identifier: Apache-2.0
//
// The tree of a compiled arithmetic expression: what arith_parse.cpp makes and arith.cpp walks.
//
// Internal to arithmetic; plain structs in an Arena, immutable once compiled.
#pragma once

#include "engine/arithmetic/arith.hpp"

namespace swebash::engine::arith {

enum class Op : u8 {
  // Leaves.
  number,
  variable,  // name
  element,   // name[subscript]
  operand,   // the one numbered `value` of evaluate()'s
  // One operand: `left`.
  negate,
  logical_not,
  bit_not,
  pre_increment,
  pre_decrement,
  post_increment,
  post_decrement,
  // Two operands, from the left.
  add,
  subtract,
  multiply,
  divide,
  modulo,
  power,
  shift_left,
  shift_right,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  bit_and,
  bit_xor,
  bit_or,
  logical_and,
  logical_or,
  comma,
  // `left` is a variable or an element. With `compound`, that operator joins the old value.
  assign,
  // left ? right : third
  conditional,
};

[[nodiscard]] constexpr bool is_binary(Op op) noexcept { return op >= Op::add && op <= Op::comma; }

struct Node {
  Op op = Op::number;
  Op compound = Op::assign;  // assign: the operator of OP=, or assign for a plain one
  bool in_parentheses = false;
  bool unfinished = false;  // the expression goes wrong before the end of this
  u32 position = 0;         // where the error token of a failed operation begins
  i64 value = 0;
  VariableUse variable;
  std::string_view subscript;
  const Expression* index = nullptr;  // the subscript compiled; null when it is no expression
  Node* left = nullptr;
  const Node* right = nullptr;
  const Node* third = nullptr;
  // A binary node whose `left` this is: long chains are walked by it, not by recursion.
  const Node* up = nullptr;
};

struct Expression {
  std::string_view text;
  const Node* root = nullptr;  // null for a blank expression
  // Of a wrong expression, whose tree is what was read of it: what is wrong. As in bash, what comes
  // before is evaluated, with what that does, and then it fails.
  std::string_view fault;
  bool takes_negative = true;
};

// Stands in text for an operand that evaluate() is given, where there are any.
inline constexpr char kOperand = '\1';
enum class Operands : u8 { none, marked };

[[nodiscard]] Expression* compile(std::string_view text, Arena& arena, Operands operands,
                                  Subscripts subscripts = Subscripts::quoted);

// Subexpressions inside each other, in one text or through variables.
inline constexpr int kMaxDepth = 1024;
// Of evaluation, through all of those.
inline constexpr int kMaxNesting = 4 * kMaxDepth;

// bash's words: the text up to `end`, the fault, and what is left from `token`.
[[nodiscard]] Error make_error(std::string_view text, std::string_view fault, usize token,
                               usize end = std::string_view::npos);

[[nodiscard]] constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n';
}

}  // namespace swebash::engine::arith
