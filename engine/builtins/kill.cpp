// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

void list_all(Output& out) {
  int column = 0;
  for (i32 signal = 1; signal <= 64; ++signal) {
    const std::string_view name = trap_name(signal);
    if (name.empty()) continue;
    std::string number = std::to_string(signal);
    if (number.size() < 2) number.insert(0, " ");
    out.put(number + ") SIG" + std::string(name));
    if (++column % 5 == 0) {
      out.put('\n');
    } else {
      out.put('\t');
    }
  }
  if (column % 5 != 0) out.put('\n');
}

ExitStatus list(Invocation& invocation, std::span<const std::string> operands) {
  invocation.out.set_failure(Output::Failure::unnoticed);
  if (operands.empty()) {
    list_all(invocation.out);
    return kSuccess;
  }
  ExitStatus status = kSuccess;
  for (const std::string& operand : operands) {
    if (const auto number = parse_integer(operand)) {
      // An exit status of a command that a signal ended names that signal.
      const i64 signal = *number > 128 ? *number - 128 : *number;
      if (signal < 0 || signal > 64 || trap_name(static_cast<i32>(signal)).empty()) {
        invocation.error(operand, "invalid signal specification");
        status = kFailure;
      } else {
        put_line(invocation.out, trap_name(static_cast<i32>(signal)));
      }
      continue;
    }
    const auto signal = find_trap(operand);
    if (!signal || *signal > 64) {
      invocation.error(operand, "invalid signal specification");
      status = kFailure;
    } else {
      put_line(invocation.out, std::to_string(*signal));
    }
  }
  return status;
}

}  // namespace

ExitStatus kill(Invocation& invocation) {
  auto arguments = invocation.arguments;
  i32 signal = signal_number::kTerminate;
  const auto choose = [&](std::string_view text) {
    const auto found = find_trap(text);
    if (!found || *found > 64) {
      invocation.error(text, "invalid signal specification");
      return false;
    }
    signal = *found;
    return true;
  };
  if (!arguments.empty() && arguments[0].size() > 1 && arguments[0][0] == '-') {
    const std::string& word = arguments[0];
    if (word == "-l" || word == "-L") {
      // bash: what looks like a signal to send is read, and not looked at.
      do {
        arguments = arguments.subspan(1);
      } while (!arguments.empty() && arguments[0].starts_with('-') && arguments[0] != "--");
      if (!arguments.empty() && arguments[0] == "--") arguments = arguments.subspan(1);
      return list(invocation, arguments);
    }
    if (word == "-s" || word == "-n") {
      if (arguments.size() < 2) {
        invocation.error(word, "option requires an argument");
        return kFailure;
      }
      if (!choose(arguments[1])) return kFailure;
      arguments = arguments.subspan(2);
    } else if (word == "--") {
      arguments = arguments.subspan(1);
    } else {
      std::string_view name = std::string_view(word).substr(1);
      // bash: -sNAME and -nNUMBER in one word.
      const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
      if (name.size() > 1 && !find_trap(name) &&
          (name[0] == 's' ? !is_digit(name[1]) : name[0] == 'n' && is_digit(name[1]))) {
        name.remove_prefix(1);
      }
      if (!choose(name)) return kFailure;
      arguments = arguments.subspan(1);
    }
    if (!arguments.empty() && arguments[0] == "--") arguments = arguments.subspan(1);
  }
  if (arguments.empty()) return invocation.usage();
  Shell& shell = invocation.shell;
  // bash: what has ended is gone, and not for kill to find.
  shell.jobs().reap();
  bool any = false, failed = false;
  for (const std::string& operand : arguments) {
    i64 answer;
    if (operand.starts_with('%')) {
      const Jobs::Lookup lookup = shell.jobs().lookup(operand);
      if (lookup.job == nullptr) {
        invocation.error(lookup.name(operand), lookup.problem);
        failed = true;
        continue;
      }
      Job& job = *lookup.job;
      if (job.group > 0) {
        answer = sys::kill(-job.group, signal);
      } else {
        answer = 0;
        for (const Process& process : job.processes) {
          if (process.state != ProcessState::done) answer = sys::kill(process.pid, signal);
        }
      }
      // bash asks whether all of it has; a stage that has is to end with the others.
      const bool stopped = std::ranges::any_of(job.processes, [](const Process& process) {
        return process.state == ProcessState::stopped;
      });
      if (stopped && (signal == signal_number::kTerminate || signal == signal_number::kHangUp)) {
        sys::kill(job.group > 0 ? -job.group : job.processes[0].pid, signal_number::kContinue);
        for (Process& process : job.processes) {
          if (process.state == ProcessState::stopped) process.state = ProcessState::running;
        }
      }
    } else if (const auto pid = parse_integer(operand)) {
      answer = sys::kill(static_cast<i32>(*pid), signal);
    } else if (operand.empty()) {
      invocation.error("`'", "not a pid or valid job spec");
      failed = true;
      continue;
    } else {
      invocation.error(operand, "arguments must be process or job IDs");
      failed = true;
      continue;
    }
    if (answer < 0) {
      invocation.error("(" + operand + ") - " + system_message(answer));
      failed = true;
    } else {
      any = true;
    }
  }
  return any && !failed ? kSuccess : any ? kSuccess : kFailure;
}

}  // namespace swebash::engine::builtins
