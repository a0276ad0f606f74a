// SPDX-License-Identifier: Apache-2.0
//
// break, continue, return, exit and logout.
#include "engine/builtins/declarations.hpp"
#include "engine/interpreter/exec.hpp"

namespace swebash::engine::builtins {
namespace {

// The operand of `return` and `exit`; an error has been reported when it is empty.
std::optional<ExitStatus> status_operand(Invocation& invocation, ExitStatus otherwise) {
  auto arguments = invocation.arguments;
  if (!arguments.empty() && arguments[0] == "--") arguments = arguments.subspan(1);
  if (arguments.empty()) return otherwise;
  const auto number = parse_integer(arguments[0]);
  if (!number) {
    invocation.error(arguments[0], "numeric argument required");
    invocation.shell.builtins().note_failure();
    return std::nullopt;
  }
  if (arguments.size() > 1) {
    invocation.error("too many arguments");
    return -1;
  }
  return static_cast<ExitStatus>(*number & 0xFF);
}

ExitStatus leave_loops(Invocation& invocation, Flow flow) {
  Shell& shell = invocation.shell;
  auto arguments = invocation.arguments;
  if (!arguments.empty() && arguments[0] == "--") arguments = arguments.subspan(1);
  i64 levels = 1;
  if (shell.calls().loops() == 0) {
    if (!shell.posix()) invocation.error("only meaningful in a `for', `while', or `until' loop");
    return kSuccess;
  }
  if (!arguments.empty()) {
    const auto number = parse_integer(arguments[0]);
    if (!number) {
      invocation.error(arguments[0], "numeric argument required");
      shell.set_status(128);
      shell.flow().ask(Flow::exit);
      return 128;
    }
    if (arguments.size() > 1) {
      invocation.error("too many arguments");
      shell.flow().ask_discard();
      return kFailure;
    }
    levels = *number;
    if (levels <= 0) {
      invocation.error(arguments[0], "loop count out of range");
      shell.flow().ask(Flow::loop_break, shell.calls().loops());
      return kFailure;
    }
  }
  shell.flow().ask(flow, static_cast<u32>(std::min<i64>(levels, shell.calls().loops())));
  return kSuccess;
}

ExitStatus leave_shell(Invocation& invocation) {
  const auto status = status_operand(invocation, invocation.executor.texts().default_exit());
  if (status == -1) {  // bash: stays, and abandons the line
    invocation.shell.set_status(kFailure);
    invocation.shell.flow().ask_discard();
    return kFailure;
  }
  Shell& shell = invocation.shell;
  // bash: a trap leaves without a word.
  if (shell.interactive() && shell.subshell_level() == 0 && shell.running().holds() == 0) {
    Shell::write_error(shell.login() ? "logout\n" : "exit\n");
    if (!shell.may_leave_jobs()) return kFailure;
  }
  invocation.shell.flow().ask_exit();
  return status.value_or(kUsage);
}

}  // namespace

ExitStatus break_(Invocation& invocation) { return leave_loops(invocation, Flow::loop_break); }
ExitStatus continue_(Invocation& invocation) {
  return leave_loops(invocation, Flow::loop_continue);
}

ExitStatus return_(Invocation& invocation) {
  Shell& shell = invocation.shell;
  // bash looks at the operand before it looks where it is.
  const auto status = status_operand(invocation, invocation.executor.texts().default_return());
  if (status == -1) {
    shell.flow().ask_discard();
    return kFailure;
  }
  if (!shell.calls().can_return()) {
    invocation.error("can only `return' from a function or sourced script");
    shell.builtins().note_failure();
    return kUsage;
  }
  shell.flow().ask_return(shell.last_status());
  return status.value_or(kUsage);
}

ExitStatus exit(Invocation& invocation) { return leave_shell(invocation); }

ExitStatus logout(Invocation& invocation) {
  if (!invocation.shell.login()) {
    invocation.error("not login shell: use `exit'");
    return kFailure;
  }
  return leave_shell(invocation);
}

}  // namespace swebash::engine::builtins
