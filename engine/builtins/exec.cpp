// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/exec.hpp"

#include "engine/builtins/declarations.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine::builtins {

ExitStatus exec(Invocation& invocation) {
  bool clean = false, login = false;
  std::string_view name;
  OptionParser options(invocation, "cla:");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'c': clean = true; break;
      case 'l': login = true; break;
      default: name = options.argument();
    }
  }
  Shell& shell = invocation.shell;
  const auto operands = options.operands();
  if (operands.empty()) {
    shell.builtins().keep_redirections();
    return kSuccess;
  }
  if (shell.restricted()) {
    invocation.error("restricted");
    return kFailure;
  }
  std::vector<std::string> words(operands.begin(), operands.end());
  std::string path = shell.programs().find(words[0]);
  // POSIX XCU exec: a shell that is not interactive ends; bash has an option against it, which does
  // not hold in subshells.
  const bool ends =
      shell.subshell_level() > 0 || (!shell.interactive() && !shell.on(ShellOption::execfail));
  const auto fail = [&](ExitStatus status) {
    if (ends) {
      shell.set_status(status);
      shell.flow().ask_exit();
    }
    return status;
  };
  bool is_path = operands[0].find('/') != std::string::npos;
  if (path.empty()) {
    const std::string* list = shell.variables().get("PATH");
    // bash: with nothing to look through, the name is a file of the working directory.
    if (list != nullptr && !list->empty()) {
      invocation.error(words[0], "not found");
      return fail(127);
    }
    path = words[0];
    is_path = true;
  }
  // bash: exec names a program by its whole path.
  if (path[0] != '/') {
    std::string below = shell.directory().path();
    if (!below.ends_with('/')) below += '/';
    path = below + path.substr(path.starts_with("./") ? 2 : 0);
  }
  if (!name.empty()) words[0] = name;
  if (login) words[0].insert(0, "-");
  invocation.out.flush();
  // bash: the level that this shell counted goes with it.
  const std::string* level = shell.variables().get("SHLVL");
  const std::string old_level = level == nullptr ? std::string() : *level;
  if (level != nullptr) {
    const std::string below = std::to_string(parse_integer(old_level).value_or(1) - 1);
    static_cast<void>(shell.variables().assign("SHLVL", below));
  }
  EnvironmentBlock environment;
  if (!clean) environment = shell.environment().block();
  // bash: a path that cannot be run stands alone in the message.
  const std::string_view running =
      shell.builtins().set_running(is_path ? std::string_view() : invocation.name);
  shell.end_job_control();
  const ExitStatus status =
      invocation.executor.replace(path, words, environment, is_path ? path : operands[0]);
  shell.terminal().take_over();
  shell.builtins().set_running(running);
  if (!old_level.empty()) static_cast<void>(shell.variables().assign("SHLVL", old_level));
  // bash: of what is there but no program a second message tells.
  const bool directory = files::is_directory(path);
  if (is_path && status == 126 && (directory || !files::access(path, abi::kAccessExecute))) {
    const Errno why = directory ? Errno::isdir : Errno::acces;
    invocation.error(path, "cannot execute: " + std::string(errno_message(why)));
  }
  // bash: the EXIT trap went with the attempt, if the shell ends of it.
  if (ends) static_cast<void>(shell.traps().set(kTrapExit, std::nullopt));
  return fail(status);
}

}  // namespace swebash::engine::builtins
