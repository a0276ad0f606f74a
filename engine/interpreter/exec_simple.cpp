// SPDX-License-Identifier: Apache-2.0
//
// Simple commands (POSIX XCU 2.9.1): expansion, assignments, and the search for what to run.
#include <algorithm>

#include "abi/guest.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/exec_stage.hpp"

namespace swebash::engine {

Flow Executor::simple(const SimpleCommand& command, Mode mode) {
  shell_.set_line(command.line);
  if (shell_.traps().action(kTrapDebug) != nullptr) {
    bool skipped = false;
    const Flow flow = mode.debugged ? Flow::normal : debug_trap(command, skipped);
    if (flow != Flow::normal || skipped) return flow;
  }
  shell_.set_command(&command);
  if (shell_.on(SetOption::noexec) && !shell_.interactive()) return Flow::normal;
  const usize substitutions = substitution_fds_.size();
  substitution_status_.reset();
  Flow flow;
  if (command.words.empty()) {
    flow = assignments_only(command);
  } else {
    WordList lease(*this);
    std::vector<std::string>& words = lease.words();
    std::vector<const Assignment*> assignments;
    flow = Flow::normal;
    bool ok = true;
    if (shell_.on(SetOption::keyword)) {
      flow = simple_with_keywords(command, words, mode);
      ok = false;
    } else if (!command.declares) {
      if (auto done = shell_.expander().fields(command.words, words); !done) {
        flow = failed(done.error());
        ok = false;
      }
    } else {
      ok = expand_declarations(command, words, assignments, flow);
    }
    if (ok) {
      if (words.empty()) {
        flow = assignments_only(command);
      } else {
        flow = dispatch(command, words, assignments, mode);
      }
    }
  }
  if (substitution_fds_.size() > substitutions) close_substitutions(substitutions);
  return flow;
}

namespace {

// The engine's own version of the program at `path`, or null.
const Builtin* utility_at(std::string_view path) {
  for (const std::string_view directory : {"/bin/", "/usr/bin/"}) {
    if (!path.starts_with(directory)) continue;
    const Builtin* const found = find_builtin(path.substr(directory.size()));
    if (found != nullptr && found->kind == BuiltinKind::utility) return found;
  }
  return nullptr;
}

}  // namespace

CommandTarget Executor::find(std::string_view name, FunctionLookup functions, bool standard_path) {
  const FunctionPtr* function =
      functions == FunctionLookup::with ? shell_.functions().find(name) : nullptr;
  return target_of(name, find_builtin(name), function, standard_path, {});
}

CommandTarget Executor::find(const SimpleCommand& command, std::string_view name, Mode mode) {
  const Functions& functions = shell_.functions();
  const std::span<const Part> written = command.words.front()->parts;
  if (written.size() != 1 || written[0].kind != PartKind::literal || written[0].text != name) {
    return target_of(name, find_builtin(name), functions.find(name), false, mode);
  }
  SimpleCommand::Found& found = command.found;
  if (found.functions_state != functions.state()) {
    found = {functions.state(), find_builtin(name), functions.find(name)};
  }
  return target_of(name, found.builtin, found.function, false, mode);
}

CommandTarget Executor::target_of(std::string_view name, const Builtin* builtin,
                                  const FunctionPtr* function, bool standard_path, Mode mode) {
  CommandTarget target;
  const bool utility = builtin != nullptr && builtin->kind == BuiltinKind::utility;
  if (builtin != nullptr && !utility && shell_.builtins().is_disabled(name)) builtin = nullptr;
  if (builtin != nullptr && builtin->kind == BuiltinKind::special && shell_.posix()) {
    target.builtin = builtin;
    return target;
  }
  if (function != nullptr) {
    target.function = *function;
    return target;
  }
  if (builtin != nullptr && !utility) {
    target.builtin = builtin;
    return target;
  }
  if (name.find('/') != std::string_view::npos) {
    target.path = name;
    if (shell_.hosted()) target.builtin = utility_at(name);
    return target;
  }
  target.path = shell_.programs().find(
      name, standard_path ? ProgramPaths::From::standard : ProgramPaths::From::path);
  const bool as_program = mode.wants_program || (utility && builtin->has(trait::only_waits) &&
                                                 shell_.traps().outlives_signals());
  if (utility && (!as_program || shell_.hosted()) &&
      (target.path.starts_with("/bin/") || target.path.starts_with("/usr/bin/"))) {
    target.builtin = builtin;
  }
  return target;
}

namespace {

// Whether `words` export, or make readonly, all that is assigned before them: bash keeps it then.
bool declares_assigned(const SimpleCommand& command, std::span<const std::string> words,
                       const Builtin& builtin) {
  if (!builtin.has(trait::marks)) return false;
  return std::ranges::all_of(command.assignments, [&](const Assignment* assignment) {
    return !assignment->is_array && std::ranges::find(words, assignment->name) != words.end();
  });
}

}  // namespace

Flow Executor::dispatch(const SimpleCommand& command, std::vector<std::string>& words,
                        std::span<const Assignment* const> assignments, Mode mode) {
  if (shell_.hooked()) {
    const Hooked answer = ask_hook(words);
    if (answer == Hooked::refused) return Flow::normal;
    if (answer == Hooked::replaced) assignments = {};
  }
  // bash: the name of a job brings that to the foreground.
  if (words.front().starts_with('%') && !mode.is_all) return resume_job("fg", words);
  CommandTarget target = find(command, words.front(), mode);
  const bool unset_fails = shell_.on(SetOption::nounset);
  if (!command.redirects.empty() && !target.path.empty() && !mode.apart &&
      (std::ranges::any_of(command.redirects,
                           [unset_fails](const Redirect& redirect) {
                             return !redirect.variable.empty() ||
                                    (redirect.target != nullptr &&
                                     (assigns(*redirect.target) ||
                                      may_fail(*redirect.target, unset_fails)));
                           }) ||
       (!mode.final && opens_fifo(shell_, command)))) {
    return dispatch_apart(command, words, assignments);
  }
  if (!command.assignments.empty()) {
    return run_assigned(command, target, words, assignments, mode);
  }
  // What is traced goes where standard error was before the redirections.
  if (shell_.on(SetOption::xtrace)) trace(words, assignments);
  RedirectScope scope(texts_);
  if (!command.redirects.empty()) {
    Flow flow = Flow::normal;
    if (!redirect(command, target, mode, scope, flow)) return flow;
  }
  return run_target(command, target, words, assignments, mode, scope);
}

// Makes the redirections of a command; false with what follows where one fails.
bool Executor::redirect(const SimpleCommand& command, const CommandTarget& target, Mode mode,
                        RedirectScope& scope, Flow& flow) {
  const Builtin* const builtin = target.builtin;
  if (!target.path.empty()) scope.serve_program();
  if (builtin != nullptr && builtin->has(trait::keeps_redirections)) scope.serve_exec();
  if (auto made = scope.apply(command.redirects); !made) {
    const ExpansionError& error = made.error();
    const bool special = builtin != nullptr && builtin->kind == BuiltinKind::special;
    // bash makes a program's redirections in its process, which is what their errors end.
    const bool program =
        target.function == nullptr && (builtin == nullptr || builtin->kind == BuiltinKind::utility);
    if (special && shell_.posix() && error.reach == FailureReach::command) {
      flow = failed(FailureReach::shell, error.status);
    } else if (program && error.reach == FailureReach::top_level) {
      flow = failed(FailureReach::command, error.status);
    } else {
      flow = failed(error);
    }
    return false;
  }
  if (mode.is_all && target.path.empty()) scope.keep();
  return true;
}

// A command with assignments before it: they hold for it alone, or stay where POSIX or bash has
// them stay. bash: they come before the redirections, which do not see them.
Flow Executor::run_assigned(const SimpleCommand& command, CommandTarget& target,
                            std::vector<std::string>& words,
                            std::span<const Assignment* const> assignments, Mode mode) {
  const Builtin* const builtin = target.builtin;
  const bool special = builtin != nullptr && builtin->kind == BuiltinKind::special;
  const bool persistent =
      special && (shell_.posix() || declares_assigned(command, words, *builtin));
  std::vector<std::pair<std::string_view, std::string>> before;
  if (persistent) {
    before = values_before(command.assignments);
  } else {
    const bool declares = builtin != nullptr && builtin->has(trait::declares);
    shell_.variables().push_scope(declares                     ? ScopeKind::declaration
                                  : target.function != nullptr ? ScopeKind::call
                                                               : ScopeKind::temporary);
  }
  bool new_path = false;
  for (const Assignment* assignment : command.assignments) {
    const Flow flow = assign_before(*assignment, persistent);
    if (flow != Flow::normal) {
      if (!persistent) shell_.variables().pop_scope();
      return flow;
    }
    new_path |= assignment->name == "PATH";
    // bash: what `readonly` keeps was exported to it, and stays so.
    if (persistent && builtin->has(trait::marks)) {
      if (Variable* variable = shell_.variables().find(assignment->name)) {
        static_cast<void>(shell_.variables().set_attributes(*variable, kExported, 0));
      }
    }
  }
  if (shell_.on(SetOption::xtrace)) trace(words, assignments);
  if (new_path) {
    find_afresh(words.front(), target);
    if (mode.wants_program && !shell_.hosted() && !target.path.empty()) target.builtin = nullptr;
  }
  Flow flow = Flow::normal;
  bool made = true;
  RedirectScope scope(texts_);
  if (!command.redirects.empty()) {
    std::vector<Variable*> hidden;
    if (!persistent) hidden = shell_.variables().set_scope_aside();
    made = redirect(command, target, mode, scope, flow);
    shell_.variables().put_scope_back(hidden);
  }
  if (made) flow = run_target(command, target, words, assignments, mode, scope);
  if (!persistent) shell_.variables().pop_scope();
  for (const auto& [variable, value] : before) {
    if (shell_.variables().get(variable) == nullptr) {
      static_cast<void>(shell_.variables().assign(variable, value));
    }
  }
  return flow;
}

Flow Executor::run_target(const SimpleCommand& command, CommandTarget& target,
                          std::vector<std::string>& words,
                          std::span<const Assignment* const> assignments, Mode mode,
                          RedirectScope& scope) {
  Flow flow = Flow::normal;
  bool handled = false;
  const bool called = target.function != nullptr;
  std::string last_argument;
  const bool redirected = !command.redirects.empty();
  if (redirected) shell_.calls().enter_redirected();
  if (called) {
    handled = true;
    last_argument = words.back();
    flow = call(std::move(target.function), words, 1);
  } else if (target.builtin != nullptr) {
    const auto rest = assignments.empty() ? assignments : assignments.subspan(1);
    if (is_job(*target.builtin)) {
      handled = true;
      flow = run_utility_job(*target.builtin, target.path, words);
    } else {
      flow = run_builtin(*target.builtin, std::span<const std::string>(words).subspan(1), rest,
                         handled);
      // bash: an eval is over first, but not its redirections.
      if (flow == Flow::exit && shell_.calls().evaluations() == 0) leave_in_place();
    }
    if (shell_.builtins().take_keep_redirections()) {
      scope.keep();
      if (!coprocs_.empty()) note_closed_coprocs();
    }
    if (target.builtin->kind == BuiltinKind::special && flow == Flow::normal && shell_.posix() &&
        shell_.builtins().failed()) {
      flow = failed(FailureReach::shell, shell_.last_status());
    }
  }
  if (redirected) shell_.calls().leave_redirected();
  if (!handled) {
    flow = target.path.empty() ? not_found(words)
                               : run_found_program(command, target.path, words, mode, scope);
  }
  if (!assignments.empty() && assignments.back() != nullptr && assignments.back()->is_array) {
    shell_.set_last_argument(std::string(assignments.back()->name));
  } else {
    shell_.set_last_argument(called ? last_argument : words.back());
  }
  return flow;
}

Flow Executor::run_found_program(const SimpleCommand& command, const std::string& path,
                                 std::span<const std::string> words, Mode mode,
                                 RedirectScope& scope) {
  if (mode.final && can_replace()) {
    shell_.set_status(replace(path, words, shell_.environment().block(), words.front()));
    return Flow::exit;
  }
  if (command.redirects.empty()) return run_program(path, words);
  // That a signal ended it is said where the shell's own messages go.
  Death death;
  const Flow flow = run_program(path, words, &death);
  if (death.signal != 0) {
    scope.undo();
    announce_death(death.pid, death.signal, command_source());
  }
  return flow;
}

// `PATH=... name`: the search goes by that PATH, and what is remembered does not count.
void Executor::find_afresh(std::string_view name, CommandTarget& target) {
  const bool utility = target.builtin != nullptr && target.builtin->kind == BuiltinKind::utility;
  if (target.function != nullptr || (target.builtin != nullptr && !utility)) return;
  target.path = shell_.programs().find_afresh(name);
  const Builtin* row = find_builtin(name);
  const bool stands_for =
      row != nullptr && row->kind == BuiltinKind::utility &&
      (target.path.starts_with("/bin/") || target.path.starts_with("/usr/bin/"));
  target.builtin = stands_for ? row : nullptr;
}

}  // namespace swebash::engine
