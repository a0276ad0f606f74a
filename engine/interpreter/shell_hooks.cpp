// SPDX-License-Identifier: Apache-2.0
//
// The variables that compute their value when they are read, and those that the shell heeds when
// they change.
#include <algorithm>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/locale_name.hpp"
#include "engine/interpreter/shell.hpp"

namespace swebash::engine {

// The hooks of special variables; `context` is the Shell.
struct ShellHooks {
  static Shell& shell(void* context) { return *static_cast<Shell*>(context); }
  // What a number assigned to a variable is; anything else is 0.
  static i64 number_in(std::string_view text) {
    i64 number = 0;
    return arith::plain_number(text, number) ? number : 0;
  }

  static void line(void* context, Variable& variable) {
    const Shell& self = shell(context);
    // bash: at a prompt the lines of a function are numbered from its first.
    const bool within = self.interactive_ && !self.calls_.empty() &&
                        self.calls_.innermost().is_function &&
                        self.line_ >= self.calls_.innermost().definition_line;
    variable.put_number(within ? self.line_ - self.calls_.innermost().definition_line + 1
                               : self.line_);
  }
  static void seconds(void* context, Variable& variable) {
    Shell& self = shell(context);
    variable.put_number(self.seconds_.value());
    // bash: an integer from when it is first asked for.
    if (!variable.has(kInteger)) {
      static_cast<void>(self.variables_.set_attributes(variable, kInteger, 0));
    }
  }
  static void word_breaks(void*, Variable& variable) {
    if (!variable.is_assigned()) variable.put_text(" \t\n\"'@><=;|&(:");
  }
  static bool set_seconds(void* context, Variable&, std::string_view value) {
    shell(context).seconds_.set(number_in(value));
    return true;
  }
  static void random(void* context, Variable& variable) {
    Shell& self = shell(context);
    variable.put_number(self.random_.next(self.subshell_level_));
  }
  static bool set_random(void* context, Variable&, std::string_view value) {
    Shell& self = shell(context);
    self.random_.seed(static_cast<u32>(number_in(value)), self.subshell_level_);
    return true;
  }
  static void system_random(void*, Variable& variable) {
    u32 number = 0;
    sys::random(reinterpret_cast<char*>(&number), sizeof number);
    variable.put_number(number);
  }
  static void epoch_seconds(void*, Variable& variable) {
    variable.put_number(ElapsedSeconds::now());
  }
  static void epoch_real_time(void*, Variable& variable) {
    const i64 micro = sys::clock(abi::kRealtime) / 1000;
    std::string digits = std::to_string(micro % 1'000'000);
    digits.insert(0, 6 - digits.size(), '0');
    variable.put_text(std::to_string(micro / 1'000'000) + "." + digits);
  }
  static void pid(void* context, Variable& variable) {
    variable.put_number(shell(context).task_pid());
  }
  static void subshell(void* context, Variable& variable) {
    variable.put_number(shell(context).subshell_level_ + shell(context).subshell_shift_);
  }
  static bool set_subshell(void* context, Variable&, std::string_view value) {
    shell(context).subshell_shift_ = number_in(value) - shell(context).subshell_level_;
    return true;
  }
  static void pipe_status(void* context, Variable& variable) {
    const auto& statuses = shell(context).pipe_status_;
    if (statuses.empty()) {  // before the first command
      variable.put_unassigned();
      return;
    }
    IndexedArray& array = variable.put_indexed();
    for (usize i = 0; i < statuses.size(); ++i) {
      array.at(static_cast<i64>(i)) = std::to_string(statuses[i]);
    }
  }
  // FUNCNAME, BASH_SOURCE and BASH_LINENO: the innermost call first, the script last.
  static void function_names(void* context, Variable& variable) {
    Shell& self = shell(context);
    IndexedArray& array = variable.put_indexed();
    if (!self.calls_.call_abandoned() &&
        !std::ranges::any_of(self.calls_.frames(),
                             [](const Frame& frame) { return frame.is_function; })) {
      variable.put_unassigned_indexed();
      return;
    }
    i64 index = 0;
    for (usize i = self.calls_.frames().size(); i-- > 0;)
      array.at(index++) = self.calls_.frames()[i].name;
    if (self.reading_ == 0) array.at(index) = "main";
  }
  static void sources(void* context, Variable& variable) {
    Shell& self = shell(context);
    IndexedArray& array = variable.put_indexed();
    i64 index = 0;
    for (usize i = self.calls_.frames().size(); i-- > 0;)
      array.at(index++) = self.calls_.frames()[i].source_file;
    if (self.reading_ == 0 && !self.interactive_) array.at(index) = self.script_name_;
  }
  static void call_lines(void* context, Variable& variable) {
    Shell& self = shell(context);
    IndexedArray& array = variable.put_indexed();
    i64 index = 0;
    for (usize i = self.calls_.frames().size(); i-- > 0;) {
      array.at(index++) = std::to_string(self.calls_.frames()[i].call_line);
    }
    if (self.reading_ == 0 && !self.interactive_) array.at(index) = "0";
  }
  // BASH_ARGC and BASH_ARGV: the arguments of the calls, the innermost call and the last argument
  // first. bash: without extdebug, what is asked for outside of functions has the script's own.
  static std::vector<const std::vector<std::string>*> kept_arguments(Shell& self) {
    std::vector<const std::vector<std::string>*> kept;
    if (self.calls_.functions() == 0 && !self.calls_.keeps_arguments()) {
      self.calls_.note_first_arguments(self.positional());
    }
    for (usize i = self.calls_.frames().size(); i-- > 0;) {
      if (self.calls_.frames()[i].arguments) kept.push_back(&*self.calls_.frames()[i].arguments);
    }
    if (const auto& first = self.calls_.first_arguments()) kept.push_back(&*first);
    return kept;
  }
  static void argument_counts(void* context, Variable& variable) {
    Shell& self = shell(context);
    IndexedArray& array = variable.put_indexed();
    i64 index = 0;
    for (const auto* arguments : kept_arguments(self)) {
      array.at(index++) = std::to_string(arguments->size());
    }
  }
  static void call_arguments(void* context, Variable& variable) {
    Shell& self = shell(context);
    IndexedArray& array = variable.put_indexed();
    i64 index = 0;
    for (const auto* arguments : kept_arguments(self)) {
      for (usize i = arguments->size(); i-- > 0;) array.at(index++) = (*arguments)[i];
    }
  }
  static void directories(void* context, Variable& variable) {
    Shell& self = shell(context);
    IndexedArray& array = variable.put_indexed();
    array.at(0) = self.directory_.path();
    i64 index = 1;
    for (const std::string& path : self.directory_.stack()) array.at(index++) = path;
  }
  static void set_directory(void* context, std::string_view key, const std::string_view* path) {
    std::vector<std::string>& stack = shell(context).directory_.stack();
    i64 place = 0;
    if (path == nullptr || !arith::plain_number(key, place) || place < 1 ||
        static_cast<u64>(place) > stack.size()) {
      return;
    }
    stack[static_cast<usize>(place) - 1] = *path;
  }
  static void groups(void*, Variable& variable) {
    IndexedArray& array = variable.put_indexed();
    u32 buffer[256];
    const i64 count = std::min<i64>(sys::groups(buffer, 256), 256);
    for (i64 i = 0; i < count; ++i) array.at(i) = std::to_string(buffer[i]);
    if (count <= 0) {
      abi::TaskInfo info{};
      sys::task_info(&info);
      array.at(0) = std::to_string(info.gid);
    }
  }
  static void command(void* context, Variable& variable) {
    variable.put_text(shell(context).running_.text());
  }
  static void set_names(void* context, Variable& variable) {
    variable.put_text(shell(context).options_.set_names());
  }
  static void shell_names(void* context, Variable& variable) {
    variable.put_text(shell(context).options_.shell_names());
  }
  static void history_number(void* context, Variable& variable) {
    HistoryRecorder& recorder = shell(context).recorder_;
    variable.put_number(recorder.history().next_number() - (recorder.kept() ? 1 : 0));
  }
  static void last_argument(void* context, Variable& variable) {
    Shell& self = shell(context);
    variable.put_text(self.last_argument_);
    // bash: every command makes it anew.
    static_cast<void>(self.variables_.set_attributes(variable, 0, kExported));
  }
  static void aliases(void* context, Variable& variable) {
    AssociativeArray& array = variable.put_associative();
    array.set_first_buckets(kAliasBuckets);
    for (const auto& [name, text] : shell(context).aliases_) array.at(name) = text;
  }
  static void set_alias(void* context, std::string_view name, const std::string_view* text) {
    auto& aliases = shell(context).aliases_;
    if (text != nullptr) {
      aliases[std::string(name)] = *text;
    } else if (const auto found = aliases.find(name); found != aliases.end()) {
      aliases.erase(found);
    }
  }
  static void set_remembered(void* context, std::string_view name, const std::string_view* path) {
    auto& remembered = shell(context).programs_.remembered();
    Shell& self = shell(context);
    if (path != nullptr && self.restricted_ && path->find('/') != path->npos) {
      self.report(std::string(*path) + ": restricted");
    } else if (path != nullptr && self.restricted_ && self.programs_.find_afresh(*path).empty()) {
      self.report(std::string(*path) + ": not found");
    } else if (path != nullptr) {
      remembered[std::string(name)] = {.path = std::string(*path)};
    } else if (const auto found = remembered.find(name); found != remembered.end()) {
      remembered.erase(found);
    }
  }
  static void remembered(void* context, Variable& variable) {
    AssociativeArray& array = variable.put_associative();
    array.set_first_buckets(kRememberedBuckets);
    for (const auto& [name, entry] : shell(context).programs_.remembered())
      array.at(name) = entry.path;
  }
  static void script_name(void* context, Variable& variable) {
    variable.put_text(shell(context).script_name_);
  }
  static bool set_script_name(void* context, Variable&, std::string_view value) {
    shell(context).script_name_ = value;
    return true;
  }
  static bool ignore(void*, Variable&, std::string_view) { return true; }

  // What follows when an ordinary variable changes.
  static void ifs_changed(void* context, std::string_view, const Variable* variable) {
    shell(context).expander_->set_ifs(variable == nullptr ? nullptr : variable->text());
  }
  static void path_changed(void* context, std::string_view, const Variable*) {
    shell(context).programs_.remembered().clear();
  }
  static void check_locale(void* context, std::string_view name, const Variable* variable) {
    Shell& self = shell(context);
    const std::string* text = variable == nullptr ? nullptr : variable->text();
    if (text == nullptr || names_locale(*text)) return;
    const bool whole = name == "LC_ALL";
    if (self.importing_ && !whole) return;
    if (const std::string* all = self.variables_.get("LC_ALL"); !whole && all && !all->empty()) {
      return;
    }
    std::string message = "warning: setlocale: ";
    message += name;
    message += ": cannot change locale (" + *text + ")";
    if (!self.importing_) message += ": No such file or directory";
    self.report_message(message);
  }
  static void locale_changed(void* context, std::string_view name, const Variable* variable) {
    Shell& self = shell(context);
    if (name != "LANG") check_locale(context, name, variable);
    const auto value = [&](std::string_view name) -> std::string_view {
      const Variable* variable = self.variables_.find_unresolved(name);
      const std::string* text = variable == nullptr ? nullptr : variable->text();
      return text == nullptr ? std::string_view() : std::string_view(*text);
    };
    std::string_view locale = value("LC_ALL");
    if (locale.empty()) locale = value("LC_CTYPE");
    if (locale.empty()) locale = value("LANG");
    if (names_locale(locale)) self.set_byte_characters(!names_utf8(locale));
  }
  static void posix_changed(void* context, std::string_view, const Variable* variable) {
    Shell& self = shell(context);
    const Switch value = variable != nullptr ? Switch::on : Switch::off;
    if (self.on(SetOption::posix) != (value == Switch::on)) {
      self.options_.turn(SetOption::posix, value);
      self.refresh_expansion_options();
    }
  }
  static void history_size_changed(void* context, std::string_view, const Variable* variable) {
    shell(context).recorder_.set_size(variable == nullptr ? nullptr : variable->text());
  }
  static void history_file_size_changed(void* context, std::string_view, const Variable*) {
    shell(context).recorder_.trim_file();
  }
  static void history_times_changed(void* context, std::string_view, const Variable*) {
    // Not what came with the environment.
    if (shell(context).line_ > 0) shell(context).recorder_.want_times();
  }
  static void function_limit_changed(void* context, std::string_view, const Variable* variable) {
    const std::string* text = variable == nullptr ? nullptr : variable->text();
    shell(context).calls_.set_function_limit(text == nullptr ? 0 : number_in(*text));
  }
  static void trace_descriptor_changed(void* context, std::string_view name,
                                       const Variable* variable) {
    const std::string* const text = variable == nullptr ? nullptr : variable->text();
    if (text == nullptr || text->empty()) return;
    i64 number = -1;
    if (arith::plain_number(*text, number) && number >= 0 &&
        sys::fd_flags(static_cast<i32>(number)) >= 0) {
      return;
    }
    shell(context).report(std::string(name) + ": " + *text +
                          ": invalid value for trace file descriptor");
  }
  static void ignore_end_changed(void* context, std::string_view, const Variable* variable) {
    shell(context).options_.turn(SetOption::ignoreeof,
                                 variable != nullptr ? Switch::on : Switch::off);
  }
  static void compatibility_changed(void* context, std::string_view, const Variable* variable) {
    shell(context).compatibility_changed(variable == nullptr ? nullptr : variable->text());
  }
  static void glob_ignore_changed(void* context, std::string_view, const Variable* variable) {
    Shell& self = shell(context);
    const std::string* text = variable == nullptr ? nullptr : variable->text();
    if (text != nullptr && text->empty()) return;  // bash: dotglob stays as it is
    self.turn(ShellOption::dotglob, text != nullptr ? Switch::on : Switch::off);
  }
};

void Shell::set_hooks() {
  struct Row {
    std::string_view name;
    void (*refresh)(void*, Variable&);
    bool (*assign)(void*, Variable&, std::string_view);
    void (*changed)(void*, std::string_view, const Variable*);
    bool on_demand = false;
  };
  using H = ShellHooks;
  constexpr Row kRows[] = {
      {"BASHPID", H::pid, nullptr, nullptr, true},
      {"BASH_ALIASES", H::aliases, nullptr, nullptr},
      {"BASH_ARGC", H::argument_counts, H::ignore, nullptr, true},
      {"BASH_ARGV", H::call_arguments, H::ignore, nullptr, true},
      {"BASH_ARGV0", H::script_name, H::set_script_name, nullptr, true},
      {"BASH_CMDS", H::remembered, nullptr, nullptr},
      {"BASH_COMMAND", H::command, H::ignore, nullptr, true},
      {"BASH_LINENO", H::call_lines, H::ignore, nullptr},
      {"BASH_SOURCE", H::sources, H::ignore, nullptr},
      {"BASH_SUBSHELL", H::subshell, H::set_subshell, nullptr, true},
      {"BASH_XTRACEFD", nullptr, nullptr, H::trace_descriptor_changed},
      {"COMP_WORDBREAKS", H::word_breaks, nullptr, nullptr, true},
      {"DIRSTACK", H::directories, H::ignore, nullptr, true},
      {"EPOCHREALTIME", H::epoch_real_time, nullptr, nullptr, true},
      {"EPOCHSECONDS", H::epoch_seconds, nullptr, nullptr, true},
      {"FUNCNAME", H::function_names, H::ignore, nullptr},
      {"GROUPS", H::groups, H::ignore, nullptr, true},
      {"HISTCMD", H::history_number, nullptr, nullptr, true},
      {"LINENO", H::line, nullptr, nullptr, true},
      {"PIPESTATUS", H::pipe_status, H::ignore, nullptr},
      {"RANDOM", H::random, H::set_random, nullptr, true},
      {"SECONDS", H::seconds, H::set_seconds, nullptr, true},
      {"SHELLOPTS", H::set_names, H::ignore, nullptr},
      {"BASHOPTS", H::shell_names, H::ignore, nullptr},
      {"SRANDOM", H::system_random, H::ignore, nullptr, true},
      {"_", H::last_argument, H::ignore, nullptr},
      {"IFS", nullptr, nullptr, H::ifs_changed},
      {"PATH", nullptr, nullptr, H::path_changed},
      {"LC_ALL", nullptr, nullptr, H::locale_changed},
      {"LC_CTYPE", nullptr, nullptr, H::locale_changed},
      {"LANG", nullptr, nullptr, H::locale_changed},
      {"LC_COLLATE", nullptr, nullptr, H::check_locale},
      {"LC_MESSAGES", nullptr, nullptr, H::check_locale},
      {"LC_NUMERIC", nullptr, nullptr, H::check_locale},
      {"LC_TIME", nullptr, nullptr, H::check_locale},
      {"POSIXLY_CORRECT", nullptr, nullptr, H::posix_changed},
      {"GLOBIGNORE", nullptr, nullptr, H::glob_ignore_changed},
      {"HISTSIZE", nullptr, nullptr, H::history_size_changed},
      {"HISTFILESIZE", nullptr, nullptr, H::history_file_size_changed},
      {"HISTTIMEFORMAT", nullptr, nullptr, H::history_times_changed},
      {"FUNCNEST", nullptr, nullptr, H::function_limit_changed},
      {"IGNOREEOF", nullptr, nullptr, H::ignore_end_changed},
      {"BASH_COMPAT", nullptr, nullptr, H::compatibility_changed},
  };
  for (const Row& row : kRows) {
    variables_.set_hooks(row.name, {.context = this,
                                    .refresh = row.refresh,
                                    .assign = row.assign,
                                    .assign_element = row.name == "BASH_ALIASES" ? H::set_alias
                                                      : row.name == "BASH_CMDS"  ? H::set_remembered
                                                      : row.name == "DIRSTACK"   ? H::set_directory
                                                                                 : nullptr,
                                    .on_demand = row.on_demand,
                                    .changed = row.changed});
  }
  // As bash lists them before anybody has asked.
  for (const std::string_view name : {"BASH_ARGC", "BASH_ARGV", "DIRSTACK", "GROUPS"}) {
    variables_.find_listed(name)->put_indexed();
  }
}

}  // namespace swebash::engine
