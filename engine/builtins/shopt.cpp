// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

struct Form {
  bool quiet = false;
  bool as_commands = false;
  bool set_names = false;  // -o: the options of `set`
};

void show(Invocation& invocation, const Form& form, std::string_view name, bool on) {
  if (form.quiet) return;
  if (form.as_commands) {
    const std::string_view word =
        form.set_names ? (on ? "set -o " : "set +o ") : (on ? "shopt -s " : "shopt -u ");
    put_line(invocation.out, std::string(word) + std::string(name));
    return;
  }
  std::string line(name);
  if (line.size() < 15) line.resize(15, ' ');
  put_line(invocation.out, line + "\t" + (on ? "on" : "off"));
}

}  // namespace

ExitStatus shopt(Invocation& invocation) {
  Form form;
  std::optional<Switch> value;
  OptionParser options(invocation, "pqsuo");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'p': form.as_commands = true; break;
      case 'q': form.quiet = true; break;
      case 'o': form.set_names = true; break;
      default: {
        const Switch wanted = letter == 's' ? Switch::on : Switch::off;
        if (value && *value != wanted) {
          invocation.error("cannot set and unset shell options simultaneously");
          return kFailure;
        }
        value = wanted;
      }
    }
  }
  Shell& shell = invocation.shell;
  const auto operands = options.operands();
  if (operands.empty()) {
    if (form.set_names) {
      const auto rows = Options::set_rows();
      for (usize i = 0; i < rows.size(); ++i) {
        const bool on = shell.on(static_cast<SetOption>(i));
        if (!value || (*value == Switch::on) == on) show(invocation, form, rows[i].name, on);
      }
    } else {
      const auto rows = Options::shell_rows();
      for (usize i = 0; i < rows.size(); ++i) {
        const bool on = shell.on(static_cast<ShellOption>(i));
        if (!value || (*value == Switch::on) == on) show(invocation, form, rows[i], on);
      }
    }
    return kSuccess;
  }
  const auto turn_or_show = [&](const std::string& name, auto option, std::string_view kind) {
    if (!option) {
      invocation.error(name, "invalid " + std::string(kind));
      return kFailure;
    }
    if (value) {
      shell.turn(*option, *value);
      if (name.starts_with("compat")) {
        if (const auto one = Options::find_shell(name)) shell.note_compatibility(*one, *value);
      }
      return kSuccess;
    }
    show(invocation, form, name, shell.on(*option));
    return shell.on(*option) ? kSuccess : kFailure;
  };
  ExitStatus status = kSuccess;
  for (const std::string& name : operands) {
    status |= form.set_names ? turn_or_show(name, Options::find_set(name), "option name")
                             : turn_or_show(name, Options::find_shell(name), "shell option name");
  }
  return status;
}

}  // namespace swebash::engine::builtins
