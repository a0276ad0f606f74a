// SPDX-License-Identifier: Apache-2.0
#include "engine/program/main.hpp"
#include "engine/interpreter/account.hpp"

#include <memory>
#include <string>
#include <vector>

#include "abi/guest.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/script.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/program/interactive.hpp"
#include "engine/program/invocation.hpp"
#include "engine/program/start.hpp"
#include "engine/system/files.hpp"
#include "engine/system/version.hpp"

namespace swebash::engine {
namespace {

void write_out(std::string_view text) { Shell::write_to(1, text); }

void show_version() {
  write_out("swebash, version " + std::string(kVersion) + " (bash " + std::string(kBashVersion) +
            " compatible)\nLicense Apache-2.0: <https://www.apache.org/licenses/LICENSE-2.0>\n");
}

// Runs a start-up file when it is there.
void run_file(TextRunner& texts, const std::string& path) {
  if (path.empty() || !files::access(path, abi::kAccessRead)) return;
  FileSource source;
  if (!source.open(path)) return;
  source.serve(texts);
  Shell& shell = texts.shell();
  shell.calls().enter_file();
  const Flow flow = texts.run_sourced(source, path);
  shell.calls().leave_file();
  if (flow == Flow::exit) texts.leave(shell.last_status());
}

std::string variable(Shell& shell, std::string_view name) {
  const std::string* value = shell.variables().get(name);
  return value == nullptr ? std::string() : *value;
}

void run_start_files(TextRunner& texts, const StartOptions& options) {
  Shell& shell = texts.shell();
  const std::string home = variable(shell, "HOME");
  if (options.login && !options.no_profile) {
    run_file(texts, "/etc/profile");
    if (options.as_sh) {
      run_file(texts, home + "/.profile");
    } else {
      for (const char* name :
           {"/.swebash_profile", "/.bash_profile", "/.bash_login", "/.profile"}) {
        if (!files::access(home + name, abi::kAccessRead)) continue;
        run_file(texts, home + name);
        break;
      }
    }
  }
  std::string file;
  if (options.interactive) {
    if (options.as_sh || shell.posix()) {
      file = variable(shell, "ENV");
    } else if (!options.login && !options.no_rc) {
      file = options.rc_file.empty() ? home + "/.swebashrc" : options.rc_file;
    }
  } else if (!options.as_sh && !shell.posix()) {
    file = variable(shell, "BASH_ENV");
  }
  if (file.empty()) return;
  if (auto text = shell.expander().expand_text(file)) run_file(texts, *text);
}

// What -o or -O without a name shows.
void run_listing(TextRunner& texts, std::string_view command) {
  Shell& shell = texts.shell();
  // bash: lines count as edited until the shell has looked at its input.
  const bool edits = shell.on(SetOption::emacs);
  shell.turn(SetOption::emacs, Switch::on);
  static_cast<void>(texts.run_text(std::string(command)));
  if (!edits) shell.turn(SetOption::emacs, Switch::off);
}

[[noreturn]] void run(Executor& executor, const StartOptions& options) {
  Shell& shell = executor.shell();
  TextRunner& texts = executor.texts();
  if (options.read_command) {
    if (shell.script_name() != options.argument0) shell.set_message_name(shell.script_name());
    static_cast<void>(shell.variables().assign("BASH_EXECUTION_STRING", options.command));
    static_cast<void>(texts.run_command_string(options.command));
    texts.leave(shell.last_status());
  }
  if (!options.script.empty()) {
    FileSource source;
    std::string path = options.script;
    auto opened = source.open(path);
    if (!opened && opened.error() == Errno::noent && path.find('/') == std::string::npos) {
      path = shell.programs().find(path);
      if (!path.empty()) opened = source.open(path);
    }
    // bash: a file that is there has given the shell its name.
    const bool there = opened || opened.error() != Errno::noent;
    const std::string name(there ? options.script : std::string(options.argument0));
    if (!opened) {
      Shell::write_error(name + ": " + options.script + ": " +
                         std::string(errno_message(opened.error())) + "\n");
      texts.leave(opened.error() == Errno::noent ? 127 : 126);
    }
    if (looks_binary(path)) {
      Shell::write_error(path + ": " + path + ": cannot execute binary file\n");
      texts.leave(126);
    }
    source.serve(texts);
    static_cast<void>(texts.run_source(source, path));
    texts.leave(shell.last_status());
  }
  if (options.interactive) {
    static_cast<void>(run_session(executor));
    texts.leave(shell.last_status());
  }
  FileSource source;
  source.share(0);
  source.serve(texts);
  static_cast<void>(texts.run_source(source, shell.script_name()));
  texts.leave(shell.last_status());
}

FunctionImport function_import(const StartOptions& options,
                               std::span<const std::string_view> environment) {
  for (const auto& [option, value] : options.set_options) {
    if (option == SetOption::privileged && value == Switch::on) return FunctionImport::none;
  }
  bool posix = options.posix;
  for (const std::string_view entry : environment) {
    posix |= entry.starts_with("POSIXLY_CORRECT=");
  }
  return posix ? FunctionImport::valid_names : FunctionImport::any_name;
}

}  // namespace

void run_main() {
  ProgramStart start;
  std::vector<std::string_view>& arguments = start.arguments();
  const std::span<const std::string_view> environment = start.environment();

  auto parsed = parse_start_options(arguments);
  if (!parsed) {
    Shell::write_error(parsed.error());
    sys::exit(kUsage);
  }
  StartOptions& options = *parsed;
  if (options.version) {
    show_version();
    sys::exit(kSuccess);
  }
  if (options.help) {
    write_out(start_usage(arguments[0]));
    sys::exit(kSuccess);
  }

  // Lives until the task ends: the kernel knows the signal word in it.
  Shell& shell = *new Shell;
  Executor& executor = *new Executor(shell);
  if ((start.flags() & abi::kConfined) != 0) admit_confined_builtins();
  if ((start.flags() & abi::kCommandRules) != 0) shell.set_command_rules();
  if ((start.flags() & abi::kAccount) != 0) begin_account();
  if ((start.flags() & abi::kEmbedded) != 0) {
    shell.set_hosted();
    shell.programs().set_last_directory(abi::kLastDirectory);
  }
  shell.set_hooked((start.flags() & abi::kCommandHook) != 0);
  shell.start(environment, arguments[0], options.script_name(),
              function_import(options, environment));
  shell.set_program(arguments[0]);
  if (!options.read_command && options.script.empty() && !options.read_input) {
    options.read_input = true;
  }
  if (!options.interactive && options.read_input && !options.read_command &&
      options.script.empty() && sys::is_terminal(0) == 1 && sys::is_terminal(2) == 1) {
    options.interactive = true;
  }
  shell.set_reading(options.read_command ? 'c' : options.read_input ? 's' : '\0');
  shell.set_login(options.login);
  if (options.login) shell.turn(ShellOption::login_shell, Switch::on);
  if (options.as_sh || options.posix) shell.turn(SetOption::posix, Switch::on);
  shell.parameters().set(options.parameters);
  shell.set_interactive(options.interactive);
  // bash: whatever kind of shell it is.
  shell.traps().ignore_for_shell(signal_number::kQuit);
  if (options.interactive) {
    // bash: at a prompt the shell's name stands without its directory.
    shell.set_message_name(files::base_name(arguments[0]));
    set_up_session(shell);
  }
  for (const auto& [option, value] : options.set_options) shell.turn(option, value);
  for (const auto& [option, value] : options.shell_options) shell.turn(option, value);
  if (options.list_set != 0)
    run_listing(executor.texts(), options.list_set == '-' ? "set -o" : "set +o");
  if (options.list_shell != 0)
    run_listing(executor.texts(), options.list_shell == '-' ? "shopt" : "shopt -p");
  run_start_files(executor.texts(), options);
  if (options.restricted) shell.start_restricted();
  run(executor, options);
}

}  // namespace swebash::engine
