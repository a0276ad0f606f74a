// SPDX-License-Identifier: Apache-2.0
//
// Simple commands (POSIX XCU 2.9.1): expansion, assignments, and the search for what to run.
#include <algorithm>

#include "abi/guest.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/exec_stage.hpp"
#include "engine/system/broken_write.hpp"
#include "engine/system/output.hpp"
#include "engine/text/quote.hpp"

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

Flow Executor::simple_with_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                                    Mode mode) {
  mode = {.wants_program = mode.wants_program};
  std::vector<KeywordAssignment> keywords;
  Flow flow = Flow::normal;
  if (!expand_keywords(command, words, keywords, flow)) return flow;
  if (words.empty()) {
    if (const Flow done = assignments_only(command); done != Flow::normal) return done;
    for (const KeywordAssignment& keyword : keywords) {
      if (auto done = shell_.variables().assign(keyword.name, keyword.value); !done) {
        shell_.report(done.error());
        return failed(FailureReach::shell, kFailure);
      }
    }
    return flow;
  }
  if (keywords.empty()) return dispatch(command, words, {}, mode);
  return dispatch_with_keywords(command, words, keywords, mode);
}

// bash: under `set -k` what looks like an assignment is one wherever it stands.
bool Executor::expand_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                               std::vector<KeywordAssignment>& keywords, Flow& flow) {
  for (const Word* word : command.words) {
    const usize equals = word->source.find('=');
    if (equals == std::string_view::npos ||
        !Variables::is_valid_name(word->source.substr(0, equals))) {
      if (auto done = shell_.expander().fields(*word, words); !done) {
        flow = failed(done.error());
        return false;
      }
      continue;
    }
    auto text = shell_.expander().string(*word);
    if (!text) {
      flow = failed(text.error());
      return false;
    }
    keywords.push_back({std::string(word->source.substr(0, equals)), text->substr(equals + 1)});
  }
  return true;
}

Flow Executor::dispatch_with_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                                      std::span<const KeywordAssignment> keywords, Mode mode) {
  shell_.variables().push_scope(ScopeKind::temporary);
  for (const KeywordAssignment& keyword : keywords) {
    if (auto done =
            shell_.variables().assign_temporary(keyword.name, keyword.value, AssignMode::replace);
        !done) {
      shell_.report(done.error());
    }
  }
  const Flow flow = dispatch(command, words, {}, mode);
  shell_.variables().pop_scope();
  return flow;
}

// The words of declare, export and the like: what was written as an assignment is neither split nor
// globbed, and arrays go to the builtin as they are.
bool Executor::expand_declarations(const SimpleCommand& command, std::vector<std::string>& words,
                                   std::vector<const Assignment*>& assignments, Flow& flow) {
  for (const Word* word : command.words) {
    const Assignment* assignment = word->assignment;
    if (assignment == nullptr) {
      if (auto done = shell_.expander().fields(*word, words); !done) {
        flow = failed(done.error());
        return false;
      }
    } else if (assignment->is_array || assignment->subscript != nullptr) {
      words.emplace_back(word->source);
    } else {
      std::string text(assignment->name);
      text += assignment->append ? "+=" : "=";
      if (assignment->value != nullptr) {
        if (auto done = shell_.expander().append_string(*assignment->value, text); !done) {
          flow = failed(done.error());
          return false;
        }
      }
      words.push_back(std::move(text));
    }
    assignments.resize(words.size(), nullptr);
    if (assignment != nullptr && (assignment->is_array || assignment->subscript != nullptr)) {
      assignments.back() = assignment;
    }
  }
  return true;
}

Flow Executor::assignments_only(const SimpleCommand& command) {
  const bool traced = shell_.on(SetOption::xtrace);
  // bash: the redirections are made when all is assigned, and do not hold for it.
  for (const Assignment* assignment : command.assignments) {
    auto done =
        traced ? assign_traced(*assignment) : shell_.expander().assign(*assignment, nullptr);
    if (!done) return failed(done.error());
  }
  if (!command.redirects.empty()) {
    RedirectScope scope(texts_);
    if (auto made = scope.apply(command.redirects); !made) return failed(made.error());
  }
  shell_.set_status(substitution_status_.value_or(kSuccess));
  shell_.set_last_argument({});
  return Flow::normal;
}

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
    return target;
  }
  target.path = shell_.programs().find(
      name, standard_path ? ProgramPaths::From::standard : ProgramPaths::From::path);
  if (utility && !mode.wants_program &&
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
    shell_.variables().push_scope(declares ? ScopeKind::declaration : ScopeKind::temporary);
  }
  bool new_path = false;
  for (const Assignment* assignment : command.assignments) {
    const Flow flow = assign_before(*assignment, persistent);
    if (flow != Flow::normal) {
      if (!persistent) shell_.variables().pop_scope();
      return flow;
    }
    new_path |= assignment->name == "PATH";
  }
  if (shell_.on(SetOption::xtrace)) trace(words, assignments);
  if (new_path) {
    find_afresh(words.front(), target);
    if (mode.wants_program && !target.path.empty()) target.builtin = nullptr;
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

// A utility stands for a program: at a terminal it is a job, which can be stopped.
bool Executor::is_job(const Builtin& builtin) const {
  return builtin.kind == BuiltinKind::utility && !builtin.has(trait::runs_program) &&
         shell_.terminal().exists() && shell_.on(SetOption::monitor);
}

Flow Executor::run_utility_job(const Builtin& builtin, const std::string& path,
                               std::span<const std::string> words) {
  const auto body = [&] {
    bool handled = true;
    const Flow flow = run_builtin(builtin, words.subspan(1), {}, handled);
    if (!handled)
      shell_.set_status(replace(path, words, shell_.environment().block(), words.front()));
    return flow;
  };
  return wait_for(run_in_clone(body, abi::kCloneForeground, abi::kOwnGroup), JobControl::on);
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

// POSIX keeps what is assigned before a special builtin. What `x=1 unset x` removes is that, as in
// bash, and x is what it was.
std::vector<std::pair<std::string_view, std::string>> Executor::values_before(
    std::span<const Assignment* const> assignments) {
  std::vector<std::pair<std::string_view, std::string>> values;
  for (const Assignment* assignment : assignments) {
    const std::string* text = shell_.variables().get(assignment->name);
    if (text != nullptr) values.emplace_back(assignment->name, *text);
  }
  return values;
}

// bash: `name=( ... )` before a command is no array there, but its words, expanded, as one string.
Expanded<void> Executor::append_list_text(const Assignment& assignment, std::string& text) {
  text += '(';
  for (const ArrayElement& element : assignment.elements) {
    if (text.size() > 1) text += ' ';
    if (element.subscript != nullptr) {
      text += '[';
      text += element.subscript->source;
      text += element.append ? "]+=" : "]=";
    }
    if (element.value == nullptr) continue;
    SWEBASH_TRY(shell_.expander().append_string(*element.value, text));
  }
  text += ')';
  return {};
}

// One `name=value` written before a command's name.
Flow Executor::assign_before(const Assignment& assignment, bool persistent) {
  if (assignment.subscript != nullptr) {
    // bash: an element cannot be assigned for one command; the command runs all the same.
    std::string name(assignment.name);
    name.append("[").append(assignment.subscript->source).append("]");
    shell_.report("`" + name + "': not a valid identifier");
    return Flow::normal;
  }
  if (persistent) {
    auto done = shell_.on(SetOption::xtrace) ? assign_traced(assignment)
                                             : shell_.expander().assign(assignment);
    if (!done) return failed(done.error());
    if (shell_.posix()) shell_.variables().keep_value(assignment.name);
    return Flow::normal;
  }
  std::string text;
  if (assignment.is_array) {
    if (auto done = append_list_text(assignment, text); !done) return failed(done.error());
  } else if (assignment.value != nullptr) {
    if (auto done = shell_.expander().append_string(*assignment.value, text); !done) {
      return failed(done.error());
    }
  }
  if (shell_.on(SetOption::xtrace)) {
    trace_text(std::string(assignment.name) + (assignment.append ? "+=" : "=") +
               (text.empty() ? "" : quote_trace(text)));
  }
  const AssignMode mode = assignment.append ? AssignMode::append : AssignMode::replace;
  if (auto done = shell_.variables().assign_temporary(assignment.name, text, mode); !done) {
    // bash: the command runs all the same, without it; not in posix mode.
    shell_.report(done.error());
    if (shell_.on(SetOption::errexit)) return failed(ExpansionError{});
    if (shell_.posix()) return failed(FailureReach::top_level, kFailure);
  }
  return Flow::normal;
}

namespace {

bool heed_signals(void* texts) { return static_cast<TextRunner*>(texts)->heed_signals(); }

}  // namespace

Flow Executor::run_builtin(const Builtin& builtin, std::span<const std::string> arguments,
                           std::span<const Assignment* const> assignments, bool& handled) {
  if (!builtin.has(trait::keeps_input)) shell_.input_ahead().give_back();
  Output out(1);
  const BrokenWrite before = std::exchange(broken_write(), {&heed_signals, &texts_});
  Invocation invocation{shell_, *this, builtin.name, arguments, out, assignments};
  const std::string_view outer = shell_.builtins().set_running(builtin.name);
  shell_.builtins().clear_failure();
  // A utility stands for a program: a reader that has left ends it and not this shell. What env
  // runs is another matter.
  const bool shielded = builtin.kind == BuiltinKind::utility && !builtin.has(trait::runs_program) &&
                        shell_.traps().action(signal_number::kPipe) == nullptr;
  const i64 pipe_action =
      shielded ? sys::signal_action(signal_number::kPipe, abi::kSignalIgnore) : -1;
  ExitStatus status = builtin.function(invocation);
  const auto unshield = [&] {
    if (pipe_action >= 0 && pipe_action != abi::kSignalIgnore) {
      sys::signal_action(signal_number::kPipe, static_cast<u32>(pipe_action));
    }
  };
  handled = status != kRunNative;
  if (handled) {
    if (!out.flush()) {
      const Errno why = *out.error();
      if (why == Errno::intr) {
        // A trap ended the command.
        status = shell_.last_status();
      } else if (why == Errno::pipe && shielded && pipe_action != abi::kSignalIgnore) {
        status = 128 + signal_number::kPipe;
      } else if (out.failure() != Output::Failure::unnoticed) {
        const bool fails = out.failure() == Output::Failure::fails;
        out.clear_error();
        invocation.error("write error: " + std::string(errno_message(why)));
        // As the program of that name does.
        if (fails) status = builtin.has(trait::writes_or_usage) ? kUsage : kFailure;
      }
    }
    shell_.set_status(status);
  }
  unshield();
  broken_write() = before;
  shell_.builtins().set_running(outer);
  if (builtin.kind == BuiltinKind::utility) tell_of_dead_jobs();
  return shell_.flow().take();
}

// Calls fg or bg with `words`, the first of which names a job.
Flow Executor::resume_job(std::string_view builtin, std::span<const std::string> words) {
  bool handled = true;
  return run_builtin(*find_builtin(builtin), words, {}, handled);
}

Flow Executor::run_words(std::span<const std::string> words, FunctionLookup functions,
                         bool standard_path) {
  const CommandTarget target = find(words.front(), functions, standard_path);
  bool handled = false;
  if (target.function != nullptr) return call(target.function, words.subspan(1));
  if (target.builtin != nullptr) {
    const Flow flow = run_builtin(*target.builtin, words.subspan(1), {}, handled);
    if (handled) return flow;
  }
  if (target.path.empty()) return not_found(words);
  return run_program(target.path, words);
}

}  // namespace swebash::engine
