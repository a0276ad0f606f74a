// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/shell.hpp"

#include <algorithm>

#include "abi/guest.hpp"

namespace swebash::engine {
namespace {

// A line with a caret under the place in the line above, which begins behind `indent` columns and
// may hold tabs and wide characters.
std::string caret_under(const SyntaxError& error, usize indent) {
  std::string text(indent, ' ');
  const usize column = std::min(error.column, error.text.size());
  for (usize i = 0; i < column; ++i) {
    const char c = error.text[i];
    if ((static_cast<u8>(c) & 0xC0) == 0x80) continue;
    text += c == '\t' ? '\t' : ' ';
  }
  return text + "^\n";
}

}  // namespace

Shell::Shell() : jobs_(traps_), expander_(std::make_unique<Expander>(*this)) {
  traps_.attach();
  refresh_expansion_options();
}

Shell::~Shell() = default;

void Shell::refresh_expansion_options() {
  ExpansionOptions& options = expansion_options_;
  options.nounset = on(SetOption::nounset);
  options.noglob = on(SetOption::noglob);
  options.braceexpand = on(SetOption::braceexpand);
  options.posix = on(SetOption::posix);
  options.interactive = interactive_;
  options.extglob = on(ShellOption::extglob);
  options.nullglob = on(ShellOption::nullglob);
  options.failglob = on(ShellOption::failglob);
  options.dotglob = on(ShellOption::dotglob);
  options.nocaseglob = on(ShellOption::nocaseglob);
  options.nocasematch = on(ShellOption::nocasematch);
  options.globstar = on(ShellOption::globstar);
  options.globskipdots = on(ShellOption::globskipdots);
  options.patsub_replacement = on(ShellOption::patsub_replacement);
  options.promptvars = on(ShellOption::promptvars);
  options.assoc_expand_once = on(ShellOption::assoc_expand_once);
}

void Shell::turn(SetOption option, Switch value) {
  options_.turn(option, value);
  switch (option) {
    case SetOption::allexport: variables_.set_export_all(value == Switch::on); break;
    case SetOption::posix:
      if (value == Switch::on && variables_.get("POSIXLY_CORRECT") == nullptr) {
        static_cast<void>(variables_.assign("POSIXLY_CORRECT", "y"));
      } else if (value == Switch::off) {
        static_cast<void>(variables_.unset("POSIXLY_CORRECT"));
        options_.turn(SetOption::posix, Switch::off);
      }
      if (!interactive_) {
        options_.turn(ShellOption::expand_aliases, value == Switch::on ? Switch::on : Switch::off);
      }
      break;
    case SetOption::notify:
      // Whatever waits then, hears of it.
      if (interactive_ && value == Switch::on) traps_.catch_for_shell(signal_number::kChild);
      break;
    case SetOption::monitor:
      if (!interactive_ && subshell_level_ == 0) {
        // A script takes its terminal back from its jobs, if it has one.
        terminal_.forget();
        if (value == Switch::on) terminal_.find();
      }
      break;
    case SetOption::emacs:
      if (value == Switch::on) options_.turn(SetOption::vi, Switch::off);
      break;
    case SetOption::vi:
      if (value == Switch::on) options_.turn(SetOption::emacs, Switch::off);
      break;
    case SetOption::interactive_comments:
      options_.turn(ShellOption::interactive_comments, value);
      break;
    case SetOption::ignoreeof:
      static_cast<void>(value == Switch::on ? variables_.assign("IGNOREEOF", "10")
                                            : variables_.unset("IGNOREEOF"));
      options_.turn(option, value);
      break;
    case SetOption::history:
      // bash: not where the shell is started with it.
      if (value == Switch::on && !interactive_ && line_ > 0) recorder_.load();
      break;
    case SetOption::hashall:
      if (value == Switch::off) programs_.remembered().clear();
      break;
    default: break;
  }
  refresh_expansion_options();
}

void Shell::turn(ShellOption option, Switch value) {
  if (option == ShellOption::restricted_shell) return;  // it only tells
  options_.turn(option, value);
  if (option == ShellOption::localvar_inherit) {
    variables_.set_local_inherit(value == Switch::on);
  } else if (option == ShellOption::localvar_unset) {
    variables_.set_local_unset(value == Switch::on);
  } else if (option == ShellOption::interactive_comments) {
    options_.turn(SetOption::interactive_comments, value);
  } else if (option == ShellOption::extdebug) {
    options_.turn(SetOption::errtrace, value);
    options_.turn(SetOption::functrace, value);
    if (value == Switch::on && calls_.functions() == 0) calls_.note_first_arguments(positional());
    calls_.keep_arguments(value);
  }
  refresh_expansion_options();
}

void Shell::start_restricted() {
  for (const std::string_view name : {"PATH", "SHELL", "ENV", "BASH_ENV", "HISTFILE"}) {
    if (auto made = variables_.declare(name, Placement::global)) {
      static_cast<void>(variables_.set_attributes(**made, kReadonly, 0));
    }
  }
  restricted_ = true;
  options_.turn(ShellOption::restricted_shell, Switch::on);
  refresh_expansion_options();
}

void Shell::set_interactive(bool interactive) {
  interactive_ = interactive;
  if (interactive) {
    options_.turn(ShellOption::expand_aliases, Switch::on);
    if (!on(SetOption::vi)) options_.turn(SetOption::emacs, Switch::on);
  }
  refresh_expansion_options();
}

void Shell::keep_set_options() {
  Frame* const function = calls_.innermost_function();
  if (function != nullptr && !function->saved_options) function->saved_options = options_;
}

void Shell::restore_set_options(const Options& saved) {
  for (const SetOptionRow& row : Options::set_rows()) {
    const auto option = Options::find_set(row.name);
    if (option && on(*option) != saved.on(*option)) {
      turn(*option, saved.on(*option) ? Switch::on : Switch::off);
    }
  }
}

i32 Shell::task_pid() {
  if (task_pid_ == 0) {
    abi::TaskInfo info{};
    sys::task_info(&info);
    task_pid_ = info.pid;
  }
  return task_pid_;
}

std::string_view Shell::source_name() const noexcept {
  if (!calls_.empty()) return calls_.innermost().source_file;
  if (reading_ == 'c') return "environment";
  if (reading_ == 's') return "main";
  return script_name_;
}

// bash: what fails while a builtin runs is the builtin's complaint; but an arithmetic expression
// only complains of itself, and a readonly variable is named alone unless it was to be declared.
void Shell::report(std::string_view message, Complaint about) {
  if (message.empty()) return;  // it has been reported already
  const std::string_view builtin = builtins_.running();
  const auto named = [&] {
    const Builtin* row = find_builtin(builtin);
    if (builtins_.in_compound() || (row != nullptr && row->has(trait::computes))) {
      return about == Complaint::expression;
    }
    if (about == Complaint::unnamed) return false;
    if (about != Complaint::readonly || builtin.empty()) return true;
    return row != nullptr && row->has(trait::declares);
  };
  write_report(line_, named() ? builtin : std::string_view(), message);
}

void Shell::report_subscript(std::string_view message) {
  write_report(line_, {}, message);
  if (!builtins_.running().empty() && !builtins_.in_compound()) flow_.ask_discard();
}

void Shell::report_at(u32 line, std::string_view message) { write_report(line, {}, message); }

void Shell::write_report(u32 line, std::string_view builtin, std::string_view message) {
  std::string text;
  if (!calls_.empty() && !interactive_) {
    text = calls_.innermost().source_file;
  } else {
    text = message_name();
  }
  text += ": ";
  if (!interactive_ && line > 0) {
    text += "line ";
    text += std::to_string(line);
    text += ": ";
  }
  if (!builtin.empty()) {
    text += builtin;
    text += ": ";
  }
  text += message;
  text += '\n';
  write_error(text);
}

void Shell::report_syntax(const SyntaxError& error, std::string_view source_name) {
  if (error.message.empty()) return;
  const auto prefix_at = [&](u32 line) {
    std::string prefix;
    if (interactive_) prefix = std::string(message_name_) + ": ";
    if (!interactive_ || calls_.files() > 0) {
      prefix += std::string(source_name) + ": line " + std::to_string(line) + ": ";
    }
    return prefix;
  };
  const std::string prefix = prefix_at(error.line);
  std::string text = prefix + error.message + "\n";
  if (!error.detail.empty()) {
    text += error.detail_line == 0 ? prefix : prefix_at(error.detail_line);
    text += error.detail + "\n";
  } else if (!error.text.empty()) {
    text += prefix + "`" + error.text + "'\n";
    // Who reads a terminal sees the place as well; what a script catches is what bash says.
    if (sys::is_terminal(2) == 1) text += caret_under(error, prefix.size() + 1);
  }
  write_error(text);
}

void Shell::report_substitution(u32 line, std::string_view message, std::string_view text) {
  SyntaxError error;
  error.line = line;
  error.message = message;
  if (!text.empty()) error.detail.append("`").append(text).append("'");
  report_syntax(error, std::string(text_name()) + ": command substitution");
}

void Shell::warn(u32 line, std::string_view message) {
  report_at(line, "warning: " + std::string(message));
}

void Shell::enter_subshell() {
  task_pid_ = 0;
  ++subshell_level_;
  traps_.enter_subshell(on(SetOption::errtrace), on(SetOption::functrace));
  jobs_.enter_subshell();
  options_.turn(SetOption::monitor, Switch::off);
  terminal_.forget();
  calls_.enter_subshell();
  builtins_.set_running({});
  flow_.forget_exit();
  calls_.forget_abandoned_call();
}

void Shell::restart_for_script(const std::string& path, std::vector<std::string> arguments) {
  functions_.clear();
  aliases_.clear();
  calls_.clear();
  traps_.start_over();
  subshell_level_ = 0;
  // bash: one option is left as it was.
  const Switch skips_dots = on(ShellOption::globskipdots) ? Switch::on : Switch::off;
  options_ = Options();
  options_.turn(ShellOption::globskipdots, skips_dots);
  interactive_ = restricted_ = false;
  recorder_.end_session();
  reading_ = 0;
  std::vector<std::string> private_names;
  for (const std::string_view name : variables_.names()) {
    const Variable* variable = variables_.find_unresolved(name);
    if (variable != nullptr && !variable->has(kExported | kReadonly | kNoUnset)) {
      private_names.emplace_back(name);
    }
  }
  for (const std::string& name : private_names) {
    if (name != "IFS" && name != "PATH" && name != "PWD" && name != "BASH") {
      const bool reference = variables_.find_unresolved(name)->has(kNameref);
      static_cast<void>(reference ? variables_.unset_reference(name) : variables_.unset(name));
    }
  }
  set_special_variables();
  static_cast<void>(variables_.assign("IFS", " \t\n"));
  parameters_.set(std::move(arguments));
  set_script_name(path);
  message_name_.clear();
  shell_pid_ = 0;
  shell_pid_ = task_pid();
  refresh_expansion_options();
}

}  // namespace swebash::engine
