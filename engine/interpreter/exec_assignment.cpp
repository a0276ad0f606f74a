// SPDX-License-Identifier: Apache-2.0
//
// Assignments of simple commands: alone, before a command's name, as operands of `declare` and its
// like, and under `set -k` anywhere.
#include <algorithm>

#include "engine/interpreter/account.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {

Flow Executor::assignments_only(const SimpleCommand& command) {
  const bool traced = shell_.on(SetOption::xtrace);
  // bash: the redirections are made when all is assigned, and do not hold for it.
  for (const Assignment* assignment : command.assignments) {
    auto done =
        traced ? assign_traced(*assignment) : shell_.expander().assign(*assignment, nullptr);
    if (!done) return failed(done.error());
  }
  // The next assignment may take a value away that something else has by then.
  if (has_account() && std::ranges::any_of(command.assignments, [](const Assignment* assignment) {
        return is_secret_name(assignment->name);
      })) {
    tell_secrets(shell_.variables());
  }
  if (!command.redirects.empty()) {
    RedirectScope scope(texts_);
    if (auto made = scope.apply(command.redirects); !made) return failed(made.error());
  }
  shell_.set_status(substitution_status_.value_or(kSuccess));
  shell_.set_last_argument({});
  return Flow::normal;
}

// The words of declare, export and the like: what was written as an assignment is neither split nor
// globbed, and arrays go to the builtin as they are.
bool Executor::expand_declarations(const SimpleCommand& command, std::vector<std::string>& words,
                                   std::vector<const Assignment*>& assignments, Flow& flow) {
  for (const Word* word : command.words) {
    const Assignment* assignment = word->assignment;
    if (assignment == nullptr) {
      if (auto done = shell_.expander().fields(*word, words); !done) {
        flow = failed(done.error());
        return false;
      }
    } else if (assignment->is_array || assignment->subscript != nullptr) {
      words.emplace_back(word->source);
    } else {
      std::string text(assignment->name);
      text += assignment->append ? "+=" : "=";
      if (assignment->value != nullptr) {
        if (auto done = shell_.expander().append_string(*assignment->value, text); !done) {
          flow = failed(done.error());
          return false;
        }
      }
      words.push_back(std::move(text));
    }
    assignments.resize(words.size(), nullptr);
    if (assignment != nullptr && (assignment->is_array || assignment->subscript != nullptr)) {
      assignments.back() = assignment;
    }
  }
  return true;
}

// POSIX keeps what is assigned before a special builtin. What `x=1 unset x` removes is that, as in
// bash, and x is what it was.
std::vector<std::pair<std::string_view, std::string>> Executor::values_before(
    std::span<const Assignment* const> assignments) {
  std::vector<std::pair<std::string_view, std::string>> values;
  for (const Assignment* assignment : assignments) {
    const std::string* text = shell_.variables().get(assignment->name);
    if (text != nullptr) values.emplace_back(assignment->name, *text);
  }
  return values;
}

// bash: `name=( ... )` before a command is no array there, but its words, expanded, as one string.
Expanded<void> Executor::append_list_text(const Assignment& assignment, std::string& text) {
  text += '(';
  for (const ArrayElement& element : assignment.elements) {
    if (text.size() > 1) text += ' ';
    if (element.subscript != nullptr) {
      text += '[';
      text += element.subscript->source;
      text += element.append ? "]+=" : "]=";
    }
    if (element.value == nullptr) continue;
    SWEBASH_TRY(shell_.expander().append_string(*element.value, text));
  }
  text += ')';
  return {};
}

// One `name=value` written before a command's name.
Flow Executor::assign_before(const Assignment& assignment, bool persistent) {
  if (assignment.subscript != nullptr) {
    // bash: an element cannot be assigned for one command; the command runs all the same.
    std::string name(assignment.name);
    name.append("[").append(assignment.subscript->source).append("]");
    shell_.report("`" + name + "': not a valid identifier");
    // Not so in posix mode.
    if (shell_.posix()) return failed(FailureReach::top_level, kFailure);
    return Flow::normal;
  }
  if (persistent) {
    auto done = shell_.on(SetOption::xtrace) ? assign_traced(assignment)
                                             : shell_.expander().assign(assignment);
    if (!done) return failed(done.error());
    if (shell_.posix()) shell_.variables().keep_value(assignment.name);
    // bash: what stays is the command's environment, and exported as that is.
    Variable* const variable = shell_.variables().find(assignment.name);
    if (variable != nullptr) {
      static_cast<void>(shell_.variables().set_attributes(*variable, kExported, 0));
    }
    return Flow::normal;
  }
  std::string text;
  if (assignment.is_array) {
    if (auto done = append_list_text(assignment, text); !done) return failed(done.error());
  } else if (assignment.value != nullptr) {
    if (auto done = shell_.expander().append_string(*assignment.value, text); !done) {
      return failed(done.error());
    }
  }
  if (shell_.on(SetOption::xtrace)) {
    trace_text(std::string(assignment.name) + (assignment.append ? "+=" : "=") +
               (text.empty() ? "" : quote_trace(text)));
  }
  const AssignMode mode = assignment.append ? AssignMode::append : AssignMode::replace;
  if (auto done = shell_.variables().assign_temporary(assignment.name, text, mode); !done) {
    // bash: the command runs all the same, without it; not in posix mode.
    shell_.report(done.error());
    if (shell_.on(SetOption::errexit)) return failed(ExpansionError{});
    if (shell_.posix()) return failed(FailureReach::top_level, kFailure);
  }
  return Flow::normal;
}

Flow Executor::simple_with_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                                    Mode mode) {
  mode = {.wants_program = mode.wants_program};
  std::vector<KeywordAssignment> keywords;
  Flow flow = Flow::normal;
  if (!expand_keywords(command, words, keywords, flow)) return flow;
  if (words.empty()) {
    if (const Flow done = assignments_only(command); done != Flow::normal) return done;
    for (const KeywordAssignment& keyword : keywords) {
      const auto value = value_of(keyword);
      if (!value) return failed(value.error());
      if (auto done = shell_.variables().assign(keyword.name, *value); !done) {
        shell_.report(done.error());
        return failed(FailureReach::shell, kFailure);
      }
    }
    return flow;
  }
  if (keywords.empty()) return dispatch(command, words, {}, mode);
  return dispatch_with_keywords(command, words, keywords, mode);
}

// bash: under `set -k` what looks like an assignment is one wherever it stands.
bool Executor::expand_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                               std::vector<KeywordAssignment>& keywords, Flow& flow) {
  for (const Word* word : command.words) {
    const usize equals = word->source.find('=');
    if (equals == std::string_view::npos ||
        !Variables::is_valid_name(word->source.substr(0, equals))) {
      if (auto done = shell_.expander().fields(*word, words); !done) {
        flow = failed(done.error());
        return false;
      }
      continue;
    }
    keywords.push_back({std::string(word->source.substr(0, equals)), word});
  }
  return true;
}

Expanded<std::string> Executor::value_of(const KeywordAssignment& keyword) {
  auto text = shell_.expander().string(*keyword.word);
  if (text) text->erase(0, keyword.name.size() + 1);
  return text;
}

Flow Executor::dispatch_with_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                                      std::span<const KeywordAssignment> keywords, Mode mode) {
  std::vector<std::string> values;
  for (const KeywordAssignment& keyword : keywords) {
    auto value = value_of(keyword);
    if (!value) return failed(value.error());
    values.push_back(*std::move(value));
  }
  shell_.variables().push_scope(ScopeKind::temporary);
  for (usize i = 0; i < keywords.size(); ++i) {
    if (auto done =
            shell_.variables().assign_temporary(keywords[i].name, values[i], AssignMode::replace);
        !done) {
      shell_.report(done.error());
    }
  }
  const Flow flow = dispatch(command, words, {}, mode);
  shell_.variables().pop_scope();
  return flow;
}

}  // namespace swebash::engine
