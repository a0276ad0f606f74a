// SPDX-License-Identifier: Apache-2.0
//
// Name: an interned variable name; and how variables word their errors. For the vars*.cpp files and
// for the expander, which keeps Names and fails in their words. Variables owns every Name for as
// long as it lives itself, so a Name may be kept by address.
#pragma once

#include <memory>
#include <string>

#include "engine/variables/vars.hpp"

namespace swebash::engine {

// How many references may lead on, one to the next. bash: NAMEREF_MAX.
inline constexpr int kNamerefLimit = 8;

struct Name {
  std::string text;
  u32 hash = 0;
  Variable* top = nullptr;  // the visible binding; each leads to the one it shadows
  std::unique_ptr<VariableHooks> hooks;
};

// A VariableError: `name`, a colon and `what`.
[[nodiscard]] inline std::unexpected<VariableError> variable_error(
    std::string_view name, std::string_view what,
    VariableError::Reason reason = VariableError::Reason::other) {
  std::string message(name);
  message += ": ";
  message += what;
  return std::unexpected(VariableError{std::move(message), reason});
}

[[nodiscard]] inline std::unexpected<VariableError> readonly_error(
    std::string_view name, std::string_view what = "readonly variable") {
  return variable_error(name, what, VariableError::Reason::readonly);
}

// Appends the decimal digits of `number`.
void append_number(std::string& out, i64 number);

}  // namespace swebash::engine
