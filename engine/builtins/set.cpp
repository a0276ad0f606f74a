// SPDX-License-Identifier: Apache-2.0
//
// set and shift.
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

void list_options(Invocation& invocation, bool as_commands) {
  const auto rows = Options::set_rows();
  for (usize i = 0; i < rows.size(); ++i) {
    const bool on = invocation.shell.on(static_cast<SetOption>(i));
    if (as_commands) {
      put_line(invocation.out, std::string(on ? "set -o " : "set +o ") + std::string(rows[i].name));
      continue;
    }
    std::string line(rows[i].name);
    if (line.size() < 15) line.resize(15, ' ');
    put_line(invocation.out, line + "\t" + (on ? "on" : "off"));
  }
}

bool is_option_word(std::string_view word) {
  return !word.empty() && (word[0] == '-' || word[0] == '+');
}

}  // namespace

ExitStatus set(Invocation& invocation) {
  Shell& shell = invocation.shell;
  const auto arguments = invocation.arguments;
  if (arguments.empty()) {
    list_variables_plain(shell, invocation.out);
    if (!shell.posix()) {
      for (const std::string& name : shell.functions().names()) {
        put_line(invocation.out, definition_text(**shell.functions().find(name)));
      }
    }
    return kSuccess;
  }
  // bash: nothing changes when one of the options is wrong.
  for (usize i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+') || word == "--") break;
    for (const char letter : word.substr(1)) {
      if (letter == 'o') {
        if (i + 1 < arguments.size() && !is_option_word(arguments[i + 1])) ++i;
        continue;
      }
      if (letter == 'r' && word[0] == '+' && shell.restricted()) {
        invocation.error("+r", "invalid option");
        static_cast<void>(invocation.usage());
        return kFailure;
      }
      if (letter != 'r' && !Options::find_letter(letter)) {
        invocation.error(std::string(1, word[0]) + letter, "invalid option");
        return invocation.usage();
      }
    }
  }
  usize at = 0;
  bool replace = false;
  for (; at < arguments.size(); ++at) {
    const std::string& word = arguments[at];
    if (word == "--") {
      ++at;
      replace = true;
      break;
    }
    if (word == "-") {
      shell.turn(SetOption::xtrace, Switch::off);
      shell.turn(SetOption::verbose, Switch::off);
      ++at;
      if (at == arguments.size()) return kSuccess;
      break;
    }
    if (word == "+") continue;
    if (word.empty() || (word[0] != '-' && word[0] != '+')) break;
    const Switch value = word[0] == '-' ? Switch::on : Switch::off;
    const usize option_word = at;
    for (const char letter : std::string_view(arguments[option_word]).substr(1)) {
      if (letter == 'o') {
        // bash: no name, or what looks like an option in its place, lists them.
        if (at + 1 >= arguments.size() || is_option_word(arguments[at + 1])) {
          list_options(invocation, value == Switch::off);
          continue;
        }
        const std::string& name = arguments[++at];
        const auto option = Options::find_set(name);
        if (!option) {
          invocation.error(name, "invalid option name");
          invocation.shell.builtins().note_failure();
          return kUsage;
        }
        shell.turn(*option, value);
        continue;
      }
      if (letter == 'r' && value == Switch::on) {
        // bash: the string of -c may go on assigning PATH.
        if (shell.variables().find_unresolved("BASH_EXECUTION_STRING") == nullptr) {
          shell.start_restricted();
        } else {
          shell.set_restricted();
        }
      }
      if (const auto option = Options::find_letter(letter)) shell.turn(*option, value);
    }
  }
  if (replace || at < arguments.size()) {
    shell.parameters().set({arguments.begin() + static_cast<std::ptrdiff_t>(at), arguments.end()});
    shell.calls().note_set_positional();
  }
  return kSuccess;
}

ExitStatus shift(Invocation& invocation) {
  Shell& shell = invocation.shell;
  auto arguments = invocation.arguments;
  if (!arguments.empty() && arguments[0] == "--") arguments = arguments.subspan(1);
  i64 count = 1;
  if (!arguments.empty()) {
    const auto number = parse_integer(arguments[0]);
    if (!number) {
      invocation.error(arguments[0], "numeric argument required");
      return kFailure;
    }
    count = *number;
  }
  if (arguments.size() > 1) {
    invocation.error("too many arguments");
    shell.flow().ask_discard();
    return kFailure;
  }
  if (count < 0) {
    invocation.error(arguments[0], "shift count out of range");
    return kFailure;
  }
  if (static_cast<usize>(count) > shell.positional().size()) {
    // bash: no error that ends a shell in posix mode, where it is always told.
    if (shell.on(ShellOption::shift_verbose) || shell.posix()) {
      shell.report_message(arguments.empty()
                               ? "shift: shift count out of range"
                               : "shift: " + arguments[0] + ": shift count out of range");
    }
    return kFailure;
  }
  shell.parameters().shift(static_cast<usize>(count));
  return kSuccess;
}

}  // namespace swebash::engine::builtins
