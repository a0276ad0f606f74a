// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"
#include "engine/builtins/type.hpp"
#include "engine/interpreter/exec.hpp"

namespace swebash::engine::builtins {

ExitStatus command(Invocation& invocation) {
  bool standard = false, describe = false, verbose = false;
  OptionParser options(invocation, "pVv");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    if (letter == 'p') standard = true;
    if (letter == 'v') describe = true;
    if (letter == 'V') describe = verbose = true;
  }
  const auto operands = options.operands();
  Shell& shell = invocation.shell;
  if (standard && shell.restricted()) {
    invocation.error("-p", "restricted");
    return kFailure;
  }
  if (operands.empty()) return kSuccess;
  if (describe) {
    invocation.out.set_failure(Output::Failure::unnoticed);
    ExitStatus status = kFailure;
    for (const std::string& name : operands) {
      if (describe_command(invocation, name, verbose ? TypeForm::sentence : TypeForm::reusable,
                           standard)) {
        status = kSuccess;
      } else if (verbose) {
        invocation.error(name, "not found");
      }
    }
    return status;
  }
  const usize skipped = invocation.arguments.size() - operands.size();
  if (!invocation.assignments.empty()) {
    const Builtin* builtin = find_builtin(operands[0]);
    if (builtin != nullptr && builtin->kind != BuiltinKind::utility) {
      bool handled = true;
      const Flow flow = invocation.executor.run_builtin(
          *builtin, operands.subspan(1), invocation.assignments.subspan(skipped + 1), handled);
      shell.flow().pass_on(flow);
      return shell.last_status();
    }
  }
  invocation.out.flush();
  const std::string_view running = shell.builtins().set_running({});
  const Flow flow = invocation.executor.run_words(operands, FunctionLookup::without, standard);
  shell.builtins().set_running(running);
  // POSIX: through `command` a special builtin's failure does not end the shell.
  shell.builtins().clear_failure();
  shell.flow().pass_on(flow);
  return shell.last_status();
}

ExitStatus builtin(Invocation& invocation) {
  OptionParser options(invocation, "");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
  }
  const auto operands = options.operands();
  if (operands.empty()) return kSuccess;
  Shell& shell = invocation.shell;
  const Builtin* found = find_builtin(operands[0]);
  if (found == nullptr || found->kind == BuiltinKind::utility ||
      shell.builtins().is_disabled(operands[0])) {
    invocation.error(operands[0], "not a shell builtin");
    return kFailure;
  }
  const usize skipped = invocation.arguments.size() - operands.size();
  bool handled = true;
  const auto assignments = invocation.assignments.empty()
                               ? invocation.assignments
                               : invocation.assignments.subspan(skipped + 1);
  const Flow flow =
      invocation.executor.run_builtin(*found, operands.subspan(1), assignments, handled);
  // bash: `builtin exec` redirects for itself alone, `command exec` for the shell.
  static_cast<void>(shell.builtins().take_keep_redirections());
  shell.flow().pass_on(flow);
  return shell.last_status();
}

}  // namespace swebash::engine::builtins
