// SPDX-License-Identifier: Apache-2.0
//
// One operand of declare and its relatives: what is written, and what becomes of the variable.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {

// What the options ask for.
struct Declaration {
  Attributes on = 0, off = 0;
  bool functions = false;       // -f
  bool function_names = false;  // -F
  bool global = false;          // -g
  bool print = false;           // -p
  bool inherit = false;         // -I
  bool dash = false;            // `local`, whose operand - keeps the options
  Placement placement = Placement::visible;
};

// An operand as it is written: NAME, NAME=VALUE or NAME[SUBSCRIPT]=VALUE. Views the text.
struct DeclareOperand {
  std::string_view name;
  std::string_view subscript;
  bool has_subscript = false;
  bool has_value = false;
  bool append = false;
  std::string_view value;
};

// The parts of `text`; empty where it is none of these.
[[nodiscard]] std::optional<DeclareOperand> split_operand(std::string_view text);

// Says that `text` is no identifier; false.
bool report_invalid_name(Invocation& invocation, std::string_view text);

// Makes, marks and assigns what `text` names; `tree` is the operand as the parser read it, where it
// is an assignment to an array or an element. False when that failed, which has been reported.
bool declare_operand(Invocation& invocation, Declaration wanted, const std::string& text,
                     const Assignment* tree);

}  // namespace swebash::engine::builtins
