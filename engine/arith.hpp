// SPDX-License-Identifier: Apache-2.0
//
// Shell arithmetic (POSIX XCU 2.6.4 with bash's additions): text to an Expression, an Expression to
// an i64.
//
// compile() turns text whose expansions are done into a tree in an arena, which may be evaluated
// many times. Variables are the Host's. Numbers wrap at 64 bits. Not thread-safe. Error messages
// are bash's, without the name of the command or script in front.
#pragma once

#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "base/result.hpp"
#include "engine/arena.hpp"

namespace swebash::engine::arith {

struct Expression;

struct Error {
  std::string message;
  // The host refused (unbound variable, readonly, bad subscript): the message is the host's.
  bool from_host = false;
};

// An element's subscript: the number, or the key of an associative array.
struct Subscript {
  i64 index = 0;
  std::string_view key;  // used when `associative`
  bool associative = false;
};

// The variables an expression reads and sets.
class Host {
 public:
  virtual ~Host() = default;

  // The value of scalar `name` (element 0 of an array) when it is known as a number: puts it into
  // `value` and answers true. When false, variable_text() is asked.
  virtual bool variable_number(std::string_view name, i64& value) = 0;
  // The text of `name`, empty when unset; an error for an unset variable under nounset. The view is
  // used before the host is called again.
  virtual Result<std::string_view, Error> variable_text(std::string_view name) = 0;
  virtual Result<void, Error> set_variable(std::string_view name, i64 value) = 0;

  // Whether `name` is an associative array, whose subscripts are keys.
  virtual bool is_associative(std::string_view name) = 0;
  // What stands in the brackets as the key of an associative array (expansion, quote removal).
  virtual Result<std::string, Error> subscript_key(std::string_view text) {
    return std::string(text);
  }
  // The text of an index in which expansions are left: they came with the value of a variable.
  virtual Result<std::string, Error> subscript_index(std::string_view text) {
    return std::string(text);
  }
  virtual Result<std::string_view, Error> element_text(std::string_view name,
                                                       const Subscript& subscript) = 0;
  virtual Result<void, Error> set_element(std::string_view name, const Subscript& subscript,
                                          i64 value) = 0;
};

// Parses `text`, of which a copy goes into `arena` with the tree. Empty text is 0.
[[nodiscard]] Result<const Expression*, Error> compile(std::string_view text, Arena& arena);

[[nodiscard]] Result<i64, Error> evaluate(const Expression& expression, Host& host);

// compile() and evaluate() for an expression that is used once.
[[nodiscard]] Result<i64, Error> evaluate_text(std::string_view text, Host& host);

// Whether `text` is a plain number (decimal without leading zero, with a sign and blanks around):
// puts it into `value`. What is not may still be an expression.
[[nodiscard]] bool plain_number(std::string_view text, i64& value) noexcept;

}  // namespace swebash::engine::arith
