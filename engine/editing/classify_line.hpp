// SPDX-License-Identifier: Apache-2.0
//
// classify_line: what each part of a text is to the shell, for colours while it is typed.
//
// The parser reads it, as far as it is there; what is not closed yet, or wrong, hides nothing that
// stands beside it. Nothing is run or expanded. Commands and paths are looked for on the disk under
// a budget: what it does not reach stays unknown. It takes time linear in the text. No state.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/interpreter/shell.hpp"

namespace swebash::engine {

enum class SpanKind : u8 {
  plain,
  command,          // whose name cannot be known, or was not looked for
  program,          // that exists
  unknown_command,  // that does not
  builtin,
  function,
  alias,
  keyword,
  argument,
  option,
  assignment,
  string,
  variable,
  substitution,  // what opens and closes $( ) and its like
  redirection,
  operation,
  comment,
  document,  // the body of a here-document
  unclosed,  // a quote or a bracket that nothing closes
  wrong,     // where a syntax error is
};

struct LineSpan {
  usize begin = 0, end = 0;
  SpanKind kind = SpanKind::plain;
  bool is_path = false;  // of something that exists

  bool operator==(const LineSpan&) const = default;
};

struct ClassifiedLine {
  std::vector<LineSpan> spans;  // one after the other, all of the text
  // Where the bracket at the cursor, or before it, stands, and the one that it matches.
  std::optional<std::pair<usize, usize>> brackets;
};

// What looking on the disk may cost.
struct LookBudget {
  u32 looks = 64;               // each for one name
  i64 nanoseconds = 5'000'000;  // after which no further one begins
};

[[nodiscard]] ClassifiedLine classify_line(Shell& shell, std::string_view text,
                                           usize cursor = std::string_view::npos,
                                           LookBudget budget = {});

// The word for a kind, as `compgen -L classify` says it.
[[nodiscard]] std::string_view span_name(SpanKind kind) noexcept;

}  // namespace swebash::engine
