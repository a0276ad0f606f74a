// SPDX-License-Identifier: Apache-2.0
//
// eval, and . with source.
#include "engine/builtins/declarations.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/script.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine::builtins {
namespace {

// Where `.` finds a file: PATH for a name without a slash, then (not in posix mode) here.
std::string find_file(Shell& shell, const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) return name;
  if (shell.on(ShellOption::sourcepath)) {
    if (const std::string* list = shell.variables().get("PATH")) {
      for (usize at = 0; at <= list->size();) {
        usize end = list->find(':', at);
        if (end == std::string::npos) end = list->size();
        const std::string directory = list->substr(at, end - at);
        at = end + 1;
        const std::string path = directory.empty() ? "./" + name : files::join(directory, name);
        const auto stat = files::stat(path);
        if (stat && stat->type != abi::kDirectoryType && files::access(path, abi::kAccessRead)) {
          return path;
        }
      }
    }
  }
  return shell.posix() ? std::string() : name;
}

// The RETURN trap of `.`, with $? as it is now, on the line of the command itself; keeps `status`.
Flow run_return_trap(TextRunner& texts, ExitStatus status) {
  Shell& shell = texts.shell();
  if (shell.traps().action(kTrapReturn) == nullptr ||
      (shell.calls().functions() > 0 && !shell.on(SetOption::functrace))) {
    return Flow::normal;
  }
  const Flow flow = texts.run_trap(kTrapReturn);
  if (flow == Flow::normal) shell.set_status(status);
  return flow;
}

}  // namespace

ExitStatus eval(Invocation& invocation) {
  OptionParser options(invocation, "");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
  }
  std::string text;
  for (const std::string& word : options.operands()) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  Shell& shell = invocation.shell;
  if (text.find_first_not_of(" \t\n") == std::string::npos) return kSuccess;
  // bash: once its text has run, or ended the shell, BASH_COMMAND is the eval again.
  const Command* command = shell.running().command();
  shell.calls().enter_evaluation();
  const Flow flow = invocation.executor.texts().run_text(std::move(text), "eval", shell.line());
  shell.calls().leave_evaluation();
  shell.set_command(command);
  shell.flow().pass_on(flow);
  return shell.last_status();
}

ExitStatus source(Invocation& invocation) {
  OptionParser options(invocation, "");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
  }
  const auto operands = options.operands();
  if (operands.empty()) {
    invocation.error("filename argument required");
    return invocation.usage();
  }
  Shell& shell = invocation.shell;
  TextRunner& texts = invocation.executor.texts();
  if (shell.restricted() && operands[0].find('/') != std::string::npos) {
    invocation.error(operands[0], "restricted");
    return kFailure;
  }
  const std::string path = find_file(shell, operands[0]);
  FileSource file;
  const auto opened =
      path.empty() ? SysResult<void>(std::unexpected(Errno::noent)) : file.load(path);
  if (!opened) {
    shell.builtins().note_failure();
    if (opened.error() == Errno::isdir) {
      invocation.error(operands[0], "is a directory");
    } else if (path.empty() && !operands[0].empty()) {
      invocation.error(operands[0], "file not found");
    } else {
      // bash: the file's name stands alone.
      shell.report_message(operands[0] + ": " + std::string(errno_message(opened.error())));
    }
    const Flow flow = run_return_trap(texts, kFailure);
    shell.flow().pass_on(flow);
    return flow == Flow::normal ? kFailure : shell.last_status();
  }
  if (file.holds_many_nuls()) {
    invocation.error(path, "cannot execute binary file");
    return 126;
  }
  file.serve(texts);
  shell.calls().push_file({.name = "source", .source_file = path, .call_line = shell.line()});
  std::vector<std::string> positional(operands.begin() + 1, operands.end());
  usize first = 0;
  const bool with_arguments = operands.size() > 1;
  if (!with_arguments) {
    shell.calls().note_first_arguments(shell.positional());
    shell.calls().innermost().arguments.emplace(1, path);
  } else if (shell.calls().keeps_arguments()) {
    shell.calls().innermost().arguments = positional;
  }
  if (with_arguments) shell.parameters().swap(positional, first);
  shell.calls().enter_file();
  const u32 line = shell.line();
  const Command* command = shell.running().command();
  // bash: only under functrace is the DEBUG trap that of the file as well.
  std::optional<std::string> debug_trap;
  if (!shell.on(SetOption::functrace)) debug_trap = shell.traps().suspend(kTrapDebug);
  texts.enter_text();
  Flow flow = texts.run_sourced(file, path);
  texts.leave_text();
  shell.calls().leave_file();
  shell.set_line(line);
  shell.set_command(command);
  const ExitStatus status = shell.last_status();
  if (flow == Flow::function_return) {
    flow = Flow::normal;
    shell.set_status(shell.flow().before_return());
  }
  // bash: what `set` made of them in the file, outside functions, they stay.
  const bool were_set = shell.calls().innermost().sets_positional && shell.calls().functions() == 0;
  // bash: the file is over when its RETURN trap runs, which still has its parameters.
  shell.calls().pop();
  if (flow == Flow::normal) {
    flow = run_return_trap(texts, status);
    if (flow == Flow::normal) shell.set_status(status);
  }
  // bash: the RETURN trap runs without it, too.
  if (debug_trap) shell.traps().resume(kTrapDebug, std::move(debug_trap));
  if (with_arguments && !were_set) shell.parameters().swap(positional, first);
  shell.flow().pass_on(flow);
  return shell.last_status();
}

ExitStatus dot(Invocation& invocation) { return source(invocation); }

}  // namespace swebash::engine::builtins
