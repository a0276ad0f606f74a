// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/running_command.hpp"

#include "engine/syntax/unparse.hpp"

namespace swebash::engine {
namespace {

// bash: of a compound command BASH_COMMAND says the head alone.
std::string head_of(const Command& command) {
  switch (command.kind) {
    case CommandKind::for_loop:
    case CommandKind::select_loop: {
      const auto& loop = static_cast<const ForCommand&>(command);
      std::string text = command.kind == CommandKind::for_loop ? "for " : "select ";
      text += loop.variable;
      text += " in";
      for (const Word* word : loop.words) text.append(" ").append(word->source);
      if (!loop.has_words) text += " \"$@\"";
      return text;
    }
    case CommandKind::case_clause:
      return "case " + std::string(static_cast<const CaseCommand&>(command).subject->source) +
             " in ";
    default: return unparse(command);
  }
}

}  // namespace

std::string RunningCommand::text() const {
  if (!head_.empty()) return head_;
  return command_ == nullptr ? std::string() : head_of(*command_);
}

}  // namespace swebash::engine
