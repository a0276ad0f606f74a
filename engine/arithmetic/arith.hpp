// SPDX-License-Identifier: Apache-2.0
//
// Shell arithmetic (POSIX XCU 2.6.4 with bash's additions): text to an Expression, an Expression to
// an i64.
//
// compile() turns text whose expansions are done into a tree in an arena, which may be evaluated
// many times. Variables are the Host's. Numbers wrap at 64 bits. Not thread-safe. Error messages
// are bash's, without the name of the command or script in front.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "base/result.hpp"
#include "engine/text/arena.hpp"

namespace swebash::engine {
struct Name;
struct Part;
}  // namespace swebash::engine

namespace swebash::engine::arith {

struct Expression;

// A variable that an expression names. `known` is the host's: what it found under that name.
struct VariableUse {
  std::string_view name;
  mutable Name* known = nullptr;
};

struct Error {
  std::string message;
  // The host refused (unbound variable, readonly, bad subscript): the message is the host's.
  bool from_host = false;
  // It is a subscript that could not be evaluated.
  bool in_subscript = false;
};

// An element's subscript: the number, or the key of an associative array.
struct Subscript {
  i64 index = 0;
  std::string_view key;  // used when `associative`; as written when `bad`
  bool associative = false;
  bool bad = false;  // no element's: @ or *, or nothing. It has no value, and nothing is stored
};

// The variables an expression reads and sets.
class Host {
 public:
  virtual ~Host() = default;

  // The value of scalar `name` (element 0 of an array) when it is known as a number: puts it into
  // `value` and answers true. When false, variable_text() is asked.
  virtual bool variable_number(const VariableUse& variable, i64& value) = 0;
  // The text of `name`, empty when unset; an error for an unset variable under nounset. The view is
  // used before the host is called again.
  virtual Result<std::string_view, Error> variable_text(std::string_view name) = 0;
  virtual Result<void, Error> set_variable(const VariableUse& variable, i64 value) = 0;

  // Whether `name` is an associative array, whose subscripts are keys.
  virtual bool is_associative(std::string_view name) = 0;
  // What stands in the brackets as the key of an associative array (expansion, quote removal).
  virtual Result<std::string, Error> subscript_key(std::string_view text) {
    return std::string(text);
  }
  // The text of an index in which there are expansions, which came with the value of a variable, or
  // backslashes, which keep what came of an expansion from being one.
  virtual Result<std::string, Error> subscript_index(std::string_view text) {
    return std::string(text);
  }
  virtual Result<std::string_view, Error> element_text(std::string_view name,
                                                       const Subscript& subscript) = 0;
  virtual Result<void, Error> set_element(std::string_view name, const Subscript& subscript,
                                          i64 value) = 0;
};

// Parses `text`, of which a copy goes into `arena` with the tree. Empty text is 0; what is wrong
// with the text is evaluate()'s error.
[[nodiscard]] const Expression* compile(std::string_view text, Arena& arena);

// Compiles an expression that stands in a script as `parts`. Each that is a parameter becomes an
// operand, whose number evaluate() is given; null when that could make a difference to expanding
// the parts first, or when the expression is wrong: its error belongs to the moment it is used.
[[nodiscard]] const Expression* compile_parts(std::span<const Part> parts, Arena& arena);

// Operands that compile_parts() takes.
inline constexpr usize kMostOperands = 8;

// `operands`: those of compile_parts(). None is negative where takes_negative() does not hold.
[[nodiscard]] Result<i64, Error> evaluate(const Expression& expression, Host& host,
                                          std::span<const i64> operands = {});

// Whether quotes and backslashes hide the brackets in a subscript.
enum class Subscripts : u8 { quoted, plain };

// compile() and evaluate() for an expression that is used once.
[[nodiscard]] Result<i64, Error> evaluate_text(std::string_view text, Host& host,
                                               Subscripts subscripts = Subscripts::quoted);

// Whether the operands may be negative: in $x-$y, which expands to 1--1, they make a difference.
[[nodiscard]] bool takes_negative(const Expression& expression) noexcept;

// Whether `text` is a plain number (decimal without leading zero, with a sign and blanks around):
// puts it into `value`. What is not may still be an expression.
[[nodiscard]] bool plain_number(std::string_view text, i64& value) noexcept;

}  // namespace swebash::engine::arith
