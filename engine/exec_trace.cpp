// SPDX-License-Identifier: Apache-2.0
//
// What `set -x` shows, and the DEBUG trap.
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
    const Variable* variable = shell_.variables().find(assignment.name);
    line += assignment.append ? "+=" : "=";
    line += variable == nullptr ? "()" : Variables::array_text(*variable);
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
  std::string text(word.source);
  if (!text.starts_with("((")) text = "(( " + text + " ))";
  trace_text(text);
}

Flow Executor::debug_trap(const Command& command) {
  if (shell_.running_trap(kTrapDebug)) return Flow::normal;
  shell_.set_command(&command);
  const ExitStatus status = shell_.last_status();
  const Flow flow = shell_.run_trap(kTrapDebug);
  shell_.set_line(command.line);
  if (flow == Flow::normal) shell_.set_status(status);
  return flow;
}

}  // namespace swebash::engine
