// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/line_hint.hpp"

#include <algorithm>

#include "engine/editing/line_words.hpp"

namespace swebash::engine {

LineHint line_hint(Shell& shell, std::string_view line, usize point) {
  point = std::min(point, line.size());
  const std::string* breaks = shell.variables().get("COMP_WORDBREAKS");
  const CompletedWord word =
      find_completed_word(line, point, breaks == nullptr ? std::string_view() : *breaks);
  const CommandAt command = find_command_at(line, point, word.begin, word.end);
  LineHint hint{.begin = command.name_begin, .end = command.name_end};
  if (hint.begin >= hint.end || hint.end > line.size()) return hint;
  const std::string_view name = line.substr(hint.begin, hint.end - hint.begin);
  if (const auto alias = shell.find_alias(name)) {
    hint.synopsis = std::string(name) + " = " + std::string(*alias);
    return hint;
  }
  if (const FunctionPtr* function = shell.functions().find(name)) {
    hint.synopsis = std::string(name) + " ()";
    const std::string& file = (*function)->source_file;
    if (!file.empty()) hint.summary = file + ":" + std::to_string((*function)->line);
    return hint;
  }
  const Builtin* const builtin = find_builtin(name);
  if (builtin != nullptr && !shell.builtins().is_disabled(name)) {
    hint.synopsis = builtin->synopsis;
    hint.summary = builtin->summary;
  }
  return hint;
}

}  // namespace swebash::engine
