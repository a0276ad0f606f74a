// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {
namespace {

std::string full_name(i32 condition) {
  const bool signal = condition > 0 && condition < kSignalCount;
  return (signal ? "SIG" : "") + std::string(trap_name(condition));
}

void show(Invocation& invocation, i32 condition) {
  const std::string* action = invocation.shell.traps().listed(condition);
  if (action == nullptr) return;
  std::string name = full_name(condition);
  if (invocation.shell.posix()) name = trap_name(condition);
  put_line(invocation.out, "trap -- " + quote_single_plain(*action) + " " + name);
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

ExitStatus trap(Invocation& invocation) {
  bool list = false, print = false;
  OptionParser options(invocation, "lp");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    (letter == 'l' ? list : print) = true;
  }
  Traps& traps = invocation.shell.traps();
  auto operands = options.operands();
  if (list) {
    const std::string word = "-l";
    Invocation other = invocation;
    other.name = "kill";
    other.arguments = std::span(&word, 1);
    other.assignments = {};
    return kill(other);
  }
  ExitStatus status = kSuccess;
  if (operands.empty()) {
    for (i32 condition = 0; condition < kTrapCount; ++condition) show(invocation, condition);
    return kSuccess;
  }
  if (print) {
    for (const std::string& name : operands) {
      const auto condition = find_trap(name);
      if (!condition) {
        invocation.error(name, "invalid signal specification");
        status = kFailure;
      } else {
        show(invocation, *condition);
      }
    }
    return status;
  }
  // POSIX XCU trap: a number first means that the conditions are to be reset; so does one operand.
  std::optional<std::string> action;
  if (operands[0] == "-") {
    operands = operands.subspan(1);
  } else if (operands.size() == 1 || all_digits(operands[0])) {
    if (operands.size() == 1 && !find_trap(operands[0])) {
      if (!all_digits(operands[0])) return invocation.usage();
    }
  } else {
    action = operands[0];
    operands = operands.subspan(1);
  }
  if (operands.empty()) return invocation.usage();
  for (const std::string& name : operands) {
    const auto condition = find_trap(name);
    if (!condition) {
      invocation.error(name, "invalid signal specification");
      status = kFailure;
      continue;
    }
    traps.set(*condition, action);
  }
  return status;
}

}  // namespace swebash::engine::builtins
