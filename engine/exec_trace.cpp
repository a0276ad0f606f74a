// SPDX-License-Identifier: Apache-2.0
//
// What `set -x` shows, and the DEBUG trap.
#include <algorithm>
#include <charconv>

#include "abi/guest.hpp"
#include "engine/arith.hpp"
#include "engine/exec.hpp"
#include "engine/quote.hpp"

namespace swebash::engine {

void Executor::trace_text(std::string_view text) {
  // PS4 may run commands; those are not traced.
  const ExitStatus status = shell_.last_status();
  shell_.turn(SetOption::xtrace, Switch::off);
  const std::string* given = shell_.variables().get("PS4");
  std::string line = given == nullptr ? "+ " : shell_.expander().prompt(*given);
  shell_.turn(SetOption::xtrace, Switch::on);
  shell_.set_status(status);
  if (!line.empty() && shell_.eval_depth() > 0) {
    usize length = 1;
    while (length < line.size() && (static_cast<u8>(line[length]) & 0xC0) == 0x80) ++length;
    const std::string first = line.substr(0, length);
    for (u32 i = 0; i < shell_.eval_depth(); ++i) line.insert(0, first);
  }
  line += text;
  line += '\n';
  i32 fd = trace_fd_;
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
  for (usize i = 0; i < words.size(); ++i) {
    if (i > 0) line += ' ';
    if (i < assignments.size() && assignments[i] != nullptr) {
      line += words[i];
    } else {
      line += quote_trace(words[i]);
    }
  }
  trace_text(line);
}

void Executor::trace_assignment(const Assignment& assignment) {
  std::string line(assignment.name);
  if (assignment.is_array) {
    line += assignment.append ? "+=(" : "=(";
    for (const ArrayElement& element : assignment.elements) {
      if (line.back() != '(') line += ' ';
      if (element.subscript != nullptr) {
        line += '[';
        line += element.subscript->source;
        line += element.append ? "]+=" : "]=";
      }
      if (element.value != nullptr) line += element.value->source;
    }
    line += ')';
    trace_text(line);
    return;
  }
  const Variable* variable = shell_.variables().find(assignment.name);
  const std::string* value = variable == nullptr ? nullptr : variable->text();
  if (assignment.subscript != nullptr) {
    line += "[";
    line += assignment.subscript->source;
    line += "]";
    value = nullptr;
  }
  line += assignment.append ? "+=" : "=";
  if (assignment.subscript != nullptr) {
    if (assignment.value != nullptr) {
      if (!has_side_effects(*assignment.value)) {
        if (auto text = shell_.expander().string(*assignment.value)) line += quote_trace(*text);
      } else {
        line += assignment.value->source;
      }
    }
  } else if (value != nullptr && !value->empty()) {
    line += quote_trace(*value);
  }
  trace_text(line);
}

void Executor::trace_for(const ForCommand& command) {
  std::string line = "for " + std::string(command.variable) + " in";
  for (const Word* word : command.words) {
    line += ' ';
    line += word->source;
  }
  if (!command.has_words) line += " \"$@\"";
  trace_text(line);
}

void Executor::trace_case(const CaseCommand& command) {
  trace_text("case " + std::string(command.subject->source) + " in");
}

void Executor::trace_arith(const Word& word) {
  std::string_view text = word.source;
  if (text.starts_with("((") && text.ends_with("))")) text = text.substr(2, text.size() - 4);
  trace_text("(( " + std::string(text) + " ))");
}

void Executor::trace_arith_step(const Word& word) {
  const std::string_view text = word.source;
  const usize start = std::min(text.find_first_not_of(" \t\n"), text.size());
  trace_text("(( " + std::string(text.substr(start)) + " ))");
}

Flow Executor::debug_trap(const Command& command, bool& skipped) {
  if (shell_.running_trap(kTrapDebug)) return Flow::normal;
  shell_.set_command(&command);
  return call_debug_trap(command.line, skipped);
}

// Before one of the expressions of `for (( ))`.
Flow Executor::debug_trap_at(const Command& command, std::string head) {
  if (shell_.running_trap(kTrapDebug)) return Flow::normal;
  shell_.set_command(&command);
  shell_.set_command_head(std::move(head));
  bool skipped = false;
  return call_debug_trap(command.line, skipped);
}

Flow Executor::call_debug_trap(u32 line, bool& skipped) {
  if (shell_.running_trap(kTrapDebug)) return Flow::normal;
  ExitStatus answer = kSuccess;
  const Flow flow = shell_.run_trap(kTrapDebug, &answer);
  shell_.set_line(line);
  if (flow != Flow::normal || answer == kSuccess || !shell_.on(ShellOption::extdebug)) return flow;
  // bash: with extdebug a failure skips the command, and a 2 leaves the function or sourced file.
  skipped = true;
  if (answer != 2 || !shell_.can_return()) return Flow::normal;
  shell_.set_status(answer);
  return Flow::function_return;
}

}  // namespace swebash::engine
