// SPDX-License-Identifier: Apache-2.0
//
// What `set -x` shows, and the DEBUG trap.
#include <algorithm>
#include <charconv>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/syntax/unparse.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {

namespace {

// The elements of an array's list as they are written, behind its parenthesis.
void append_source(std::string& line, std::span<const ArrayElement> elements) {
  for (const ArrayElement& element : elements) {
    if (line.back() != '(') line += ' ';
    if (element.subscript != nullptr) {
      line += '[';
      line += unparse(*element.subscript);
      line += element.append ? "]+=" : "]=";
    }
    if (element.value != nullptr) line += unparse(*element.value);
  }
}

}  // namespace

void Executor::trace_text(std::string_view text) {
  // PS4 may run commands; those are not traced.
  const ExitStatus status = shell_.last_status();
  shell_.turn(SetOption::xtrace, Switch::off);
  const std::string* given = shell_.variables().get("PS4");
  std::string line = given == nullptr ? std::string() : shell_.expander().prompt(*given);
  shell_.turn(SetOption::xtrace, Switch::on);
  shell_.set_status(status);
  if (!line.empty() && texts_.depth() > 0) {
    usize length = 1;
    while (length < line.size() && (static_cast<u8>(line[length]) & 0xC0) == 0x80) ++length;
    const std::string first = line.substr(0, length);
    for (u32 i = 0; i < texts_.depth(); ++i) line.insert(0, first);
  }
  line += text;
  line += '\n';
  i32 fd = 2;
  if (const std::string* other = shell_.variables().get("BASH_XTRACEFD")) {
    i64 number = 0;
    if (arith::plain_number(*other, number) && number >= 0 &&
        sys::fd_flags(static_cast<i32>(number)) >= 0) {
      fd = static_cast<i32>(number);
    }
  }
  Shell::write_to(fd, line);
}

void Executor::trace(std::span<const std::string> words,
                     std::span<const Assignment* const> assignments) {
  std::string line;
  bool associative = false;
  for (usize i = 0; i < words.size(); ++i) {
    if (i > 0) line += ' ';
    const Assignment* assignment = i < assignments.size() ? assignments[i] : nullptr;
    if (assignment != nullptr && assignment->is_array) {
      const Variable* known = shell_.variables().find(assignment->name);
      trace_declared_list(*assignment,
                          associative || (known != nullptr && known->has(kAssociative)));
      line += assignment->name;
    } else {
      line += quote_trace(words[i]);
      associative = associative ||
                    (words[i].starts_with('-') && words[i].find('A') != std::string::npos && i > 0);
    }
  }
  trace_text(line);
  const Builtin* builtin = find_builtin(words[0]);
  if (builtin == nullptr || !builtin->has(trait::marks)) return;
  for (usize i = 1; i < words.size(); ++i) {
    const usize equals = words[i].find('=');
    if (equals == std::string::npos || (i < assignments.size() && assignments[i] != nullptr) ||
        !Variables::is_valid_name(std::string_view(words[i]).substr(0, equals))) {
      continue;
    }
    const std::string value = words[i].substr(equals + 1);
    trace_text(words[i].substr(0, equals + 1) + (value.empty() ? "" : quote_trace(value)));
  }
}

// Shows an assignment before it is stored: a list as it is written, any other value as it was
// expanded.
Expanded<void> Executor::assign_traced(const Assignment& assignment) {
  std::string line(assignment.name);
  if (assignment.subscript != nullptr) {
    line += '[';
    line += assignment.subscript->source;
    line += ']';
  }
  line += assignment.append ? "+=" : "=";
  if (!assignment.is_array) {
    std::string value;
    if (assignment.value != nullptr) {
      SWEBASH_TRY(shell_.expander().append_string(*assignment.value, value));
    }
    if (!value.empty()) line += quote_trace(value);
    trace_text(line);
    return shell_.expander().assign(assignment, &value);
  }
  line += '(';
  append_source(line, assignment.elements);
  line += ')';
  trace_text(line);
  return shell_.expander().assign(assignment);
}

// bash: a declaration gives its variables their lists first, and shows them expanded.
void Executor::trace_declared_list(const Assignment& assignment, bool associative) {
  std::string line(assignment.name);
  line += assignment.append ? "+=(" : "=(";
  const bool pure = std::ranges::none_of(assignment.elements, [](const ArrayElement& element) {
    return (element.value != nullptr && has_side_effects(*element.value)) ||
           (element.subscript != nullptr && has_side_effects(*element.subscript));
  });
  if (pure) {
    if (const auto list = shell_.expander().evaluate(assignment, associative)) {
      for (const AssignmentValue::Element& element : list->elements) {
        if (line.back() != '(') line += ' ';
        if (element.subscript) {
          line += '[' + quote_single_plain(*element.subscript) + (element.append ? "]+=" : "]=");
        }
        line += quote_single_plain(element.text);
      }
    }
  } else {
    append_source(line, assignment.elements);
  }
  line += ')';
  trace_text(line);
}

void Executor::trace_for(const ForCommand& command) {
  std::string line = command.kind == CommandKind::select_loop ? "select " : "for ";
  line.append(command.variable).append(" in");
  for (const Word* word : command.words) {
    line += ' ';
    line += unparse(*word);
  }
  if (!command.has_words) line += " \"$@\"";
  trace_text(line);
}

void Executor::trace_case(const CaseCommand& command) {
  trace_text("case " + unparse(*command.subject) + " in");
}

// bash: what is traced is what the expansions have come to.
Expanded<i64> Executor::arithmetic_traced(const Word& word, bool trimmed) {
  if (!shell_.on(SetOption::xtrace)) return shell_.expander().arithmetic(word);
  const std::string text = SWEBASH_TRY(shell_.expander().arithmetic_source(word));
  const usize start = trimmed ? std::min(text.find_first_not_of(" \t\n"), text.size()) : 0;
  trace_text("(( " + text.substr(start) + " ))");
  return shell_.expander().arithmetic_text(text);
}

Flow Executor::debug_trap(const Command& command, bool& skipped) {
  if (texts_.running_trap(kTrapDebug)) return Flow::normal;
  shell_.set_command(&command);
  return call_debug_trap(command.line, skipped);
}

// Before one of the expressions of `for (( ))`.
Flow Executor::debug_trap_at(const Command& command, std::string head) {
  if (texts_.running_trap(kTrapDebug)) return Flow::normal;
  shell_.set_command(&command);
  shell_.running().set_head(std::move(head));
  bool skipped = false;
  return call_debug_trap(command.line, skipped);
}

Flow Executor::call_debug_trap(u32 line, bool& skipped) {
  if (texts_.running_trap(kTrapDebug)) return Flow::normal;
  ExitStatus answer = kSuccess;
  const Flow flow = texts_.run_trap(kTrapDebug, &answer);
  shell_.set_line(line);
  if (flow != Flow::normal || answer == kSuccess || !shell_.on(ShellOption::extdebug)) return flow;
  // bash: with extdebug a failure skips the command, and a 2 leaves the function or sourced file.
  skipped = true;
  if (answer != 2 || !shell_.calls().can_return()) return Flow::normal;
  shell_.set_status(answer);
  return Flow::function_return;
}

}  // namespace swebash::engine
