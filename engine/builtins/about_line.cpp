// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/about_line.hpp"

#include <algorithm>
#include <initializer_list>

#include "engine/builtins/declarations.hpp"
#include "engine/editing/classify_line.hpp"
#include "engine/editing/complete_line.hpp"
#include "engine/editing/is_complete.hpp"
#include "engine/editing/line_hint.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {
namespace {

// Writes a record; a field that a line cannot hold is quoted.
void put_record(Output& out, std::initializer_list<std::string_view> fields) {
  bool first = true;
  for (const std::string_view field : fields) {
    if (!first) out.put('\t');
    first = false;
    if (needs_ansi_quoting(field)) {
      out.put(quote_ansi(field));
    } else {
      out.put(field);
    }
  }
  out.put('\n');
}

ExitStatus complete_it(Invocation& invocation, const std::string& line, usize point) {
  const LineCompletion completion = complete_line(invocation.executor, line, point);
  if (completion.candidates.empty()) return kFailure;
  put_record(invocation.out, {"replace", std::to_string(completion.begin),
                              std::to_string(completion.end), completion.common});
  for (const CompletionCandidate& candidate : completion.candidates) {
    put_record(invocation.out,
               {"word", candidate.inserted, completion_ending(completion, candidate, line),
                candidate.description});
  }
  return kSuccess;
}

ExitStatus classify_it(Invocation& invocation, const std::string& line, usize point) {
  const ClassifiedLine classified = classify_line(invocation.shell, line, point);
  for (const LineSpan& span : classified.spans) {
    if (span.kind == SpanKind::plain && !span.is_path) continue;
    put_record(invocation.out,
               {span_name(span.kind), std::to_string(span.begin), std::to_string(span.end),
                std::string_view(line).substr(span.begin, span.end - span.begin),
                span.is_path ? "path" : ""});
  }
  if (classified.brackets) {
    put_record(invocation.out, {"brackets", std::to_string(classified.brackets->first),
                                std::to_string(classified.brackets->second)});
  }
  return kSuccess;
}

ExitStatus hint_at(Invocation& invocation, const std::string& line, usize point) {
  const LineHint hint = line_hint(invocation.shell, line, point);
  if (hint.synopsis.empty()) return kFailure;
  put_record(invocation.out, {"hint", std::to_string(hint.begin), std::to_string(hint.end),
                              hint.synopsis, hint.summary});
  return kSuccess;
}

}  // namespace

ExitStatus about_line(Invocation& invocation, std::string_view what,
                      std::span<const std::string> operands) {
  if (operands.empty() || operands.size() > 2) return invocation.usage();
  const std::string& line = operands[0];
  usize point = line.size();
  if (operands.size() == 2) {
    const auto number = parse_integer(operands[1]);
    if (!number || *number < 0) {
      invocation.error(operands[1], "numeric argument required");
      return kUsage;
    }
    point = std::min(static_cast<usize>(*number), line.size());
  }
  if (what == "complete") return complete_it(invocation, line, point);
  if (what == "classify") return classify_it(invocation, line, point);
  if (what == "hint") return hint_at(invocation, line, point);
  if (what == "whole") return is_complete(invocation.shell, line) ? kSuccess : kFailure;
  invocation.error(what, "no such question about a line");
  return kUsage;
}

}  // namespace swebash::engine::builtins
