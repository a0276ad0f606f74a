// SPDX-License-Identifier: Apache-2.0
//
// Prototypes of the builtins' functions, and small helpers that several of them share.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "abi/guest.hpp"
#include "engine/interpreter/builtin.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/system/output.hpp"

namespace swebash::engine::builtins {

#define SWEBASH_BUILTIN(name, function, kind, traits, synopsis, summary) \
  ExitStatus function(Invocation&);
#include "engine/builtins/builtins.def"
#undef SWEBASH_BUILTIN

// Writes NAME=value for every variable, as `set` does.
void list_variables_plain(Shell& shell, Output& out);

// The decimal number that all of `text` is, with or without a sign; empty where it is none.
[[nodiscard]] inline std::optional<i64> parse_integer(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  i64 number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

[[nodiscard]] inline std::string system_message(i64 answer) {
  return std::string(errno_message(static_cast<Errno>(-answer)));
}

// Writes a text line of a listing.
inline void put_line(Output& out, std::string_view text) {
  out.put(text);
  out.put('\n');
}

}  // namespace swebash::engine::builtins
