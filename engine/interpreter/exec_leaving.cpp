// SPDX-License-Identifier: Apache-2.0
//
// What may outlive the command that starts it: commands in the background, coprocesses, process
// substitutions. A stage of a pipeline in which there may be one is a process of its own, since
// only that can end before them.
#include <algorithm>
#include <vector>

#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/exec_stage.hpp"
#include "engine/syntax/parser.hpp"

namespace swebash::engine {
namespace {

// Looks through a command and the functions it calls. What cannot be known before it runs may leave
// something: eval, a sourced file, a command whose name is the result of an expansion.
class Leaving {
 public:
  explicit Leaving(const Functions& functions) : functions_(functions) {}

  [[nodiscard]] bool any(const List* list) { return this->list(list); }

  [[nodiscard]] bool command(const Command& command) {
    if (std::ranges::any_of(command.redirects, [this](const Redirect& redirect) {
          return redirect.target != nullptr && word(redirect.target);
        })) {
      return true;
    }
    switch (command.kind) {
      case CommandKind::simple: return simple(static_cast<const SimpleCommand&>(command));
      case CommandKind::group: return list(static_cast<const GroupCommand&>(command).body);
      case CommandKind::subshell: return list(static_cast<const SubshellCommand&>(command).body);
      case CommandKind::if_clause: {
        const auto& branches = static_cast<const IfCommand&>(command);
        return list(branches.otherwise) ||
               std::ranges::any_of(branches.clauses, [this](const IfClause& clause) {
                 return list(clause.condition) || list(clause.body);
               });
      }
      case CommandKind::while_loop: {
        const auto& loop = static_cast<const WhileCommand&>(command);
        return list(loop.condition) || list(loop.body);
      }
      case CommandKind::for_loop:
      case CommandKind::select_loop: {
        const auto& loop = static_cast<const ForCommand&>(command);
        return words(loop.words) || list(loop.body);
      }
      case CommandKind::arith_for: {
        const auto& loop = static_cast<const ArithForCommand&>(command);
        return word(loop.initial) || word(loop.condition) || word(loop.step) || list(loop.body);
      }
      case CommandKind::case_clause: {
        const auto& choice = static_cast<const CaseCommand&>(command);
        return word(choice.subject) ||
               std::ranges::any_of(choice.items, [this](const CaseItem& item) {
                 return words(item.patterns) || list(item.body);
               });
      }
      // Only a call runs it, but that may be anywhere.
      case CommandKind::function_definition:
        return this->command(*static_cast<const FunctionCommand&>(command).body);
      case CommandKind::arith: return word(static_cast<const ArithCommand&>(command).expression);
      case CommandKind::conditional:
        return condition(static_cast<const ConditionalCommand&>(command).condition);
      case CommandKind::coproc: return true;
    }
    return true;
  }

 private:
  bool list(const List* list) {
    return list != nullptr && std::ranges::any_of(list->items, [this](const AndOr* item) {
             return item->background ||
                    std::ranges::any_of(item->pipelines, [this](const Pipeline* pipeline) {
                      return std::ranges::any_of(
                          pipeline->commands, [this](const Command* one) { return command(*one); });
                    });
           });
  }

  bool simple(const SimpleCommand& command) {
    if (words(command.words) || std::ranges::any_of(command.assignments, [this](const auto* one) {
          return assignment(*one);
        })) {
      return true;
    }
    usize at = 0;
    std::optional<std::string_view> name;
    const Builtin* builtin = nullptr;
    for (; at < command.words.size(); ++at) {
      name = literal_name(*command.words[at]);
      if (!name) return true;
      const bool option = at > 0 && name->starts_with('-');
      builtin = find_builtin(*name);
      if (!option && (builtin == nullptr || !builtin->has(trait::runs_command))) break;
    }
    if (at == command.words.size()) return false;
    if (builtin != nullptr && builtin->has(trait::runs_text)) return true;
    const FunctionPtr* const function = functions_.find(*name);
    if (function == nullptr) return false;
    const Command* const body = (*function)->definition().body;
    if (std::ranges::find(seen_, body) != seen_.end()) return false;
    seen_.push_back(body);
    return seen_.size() > kMostFunctions || this->command(*body);
  }

  bool assignment(const Assignment& assignment) {
    return word(assignment.subscript) || word(assignment.value) ||
           std::ranges::any_of(assignment.elements, [this](const ArrayElement& element) {
             return word(element.subscript) || word(element.value);
           });
  }

  bool words(std::span<Word* const> words) {
    return std::ranges::any_of(words, [this](const Word* one) { return word(one); });
  }

  bool word(const Word* word) {
    return word != nullptr && ((word->assignment != nullptr && assignment(*word->assignment)) ||
                               std::ranges::any_of(word->parts, [this](const Part& part) {
                                 return this->part(part);
                               }));
  }

  bool part(const Part& part) {
    switch (part.kind) {
      case PartKind::literal:
      case PartKind::tilde:
      case PartKind::brace_range: return false;
      case PartKind::double_quoted:
      case PartKind::arithmetic:
        return std::ranges::any_of(part.parts, [this](const Part& one) { return this->part(one); });
      case PartKind::parameter: {
        const Parameter& parameter = *part.parameter;
        return word(parameter.subscript) || word(parameter.word) || word(parameter.replacement);
      }
      case PartKind::command_substitution: return list(part.list);
      case PartKind::process_substitution: return true;
      case PartKind::brace_list: return words(part.words);
    }
    return true;
  }

  bool condition(const Condition* condition) {
    // As long as it may be, it is nested in what comes first.
    for (; condition != nullptr; condition = condition->first) {
      if (word(condition->left) || word(condition->right) || this->condition(condition->second)) {
        return true;
      }
    }
    return false;
  }

  // A call deeper than that is not looked at.
  static constexpr usize kMostFunctions = 200;

  const Functions& functions_;
  std::vector<const Command*> seen_;  // bodies of functions
};

}  // namespace

// A trap is text until it runs. What cannot be parsed runs nothing of its line.
bool Executor::traps_may_leave() {
  const auto inherited = [this](i32 condition, SetOption by) {
    return shell_.on(by) ? shell_.traps().action(condition) : nullptr;
  };
  for (const std::string* action :
       {inherited(kTrapError, SetOption::errtrace), inherited(kTrapDebug, SetOption::functrace),
        inherited(kTrapReturn, SetOption::functrace)}) {
    if (action == nullptr) continue;
    TextSource source(*action);
    Parser parser(source, shell_, 1);
    while (true) {
      const auto unit = parser.next();
      if (!unit || !*unit) break;
      if (Leaving(shell_.functions()).any((*unit)->list)) return true;
    }
  }
  return false;
}

bool Executor::may_leave(const Command& command) {
  const u32 state = shell_.functions().state();
  if (command.may_leave_state != state) {
    command.may_leave = Leaving(shell_.functions()).command(command);
    command.may_leave_state = state;
  }
  return command.may_leave;
}

}  // namespace swebash::engine
