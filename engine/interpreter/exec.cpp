// SPDX-License-Identifier: Apache-2.0
//
// Lists, pipelines of one command, calls, and what follows a command: errexit and traps.
#include "engine/interpreter/exec.hpp"

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"

namespace swebash::engine {
namespace {

constexpr u32 kMaximumDepth = 60'000;

}  // namespace

bool Executor::deep_enough_left() {
  if (shell_.stack_left() && depth_ < kMaximumDepth) return true;
  shell_.report("maximum command nesting level exceeded");
  shell_.set_status(kFailure);
  // No eval on the way back is to go on with its next line, only to come here again.
  shell_.flow().ask_discard();
  static_cast<void>(shell_.flow().take());
  return false;
}

Flow Executor::run(const Unit& unit, Mode mode) {
  if (unit.list == nullptr) return Flow::normal;
  // eval, source and traps nest without a compound command or a function between.
  if (!deep_enough_left()) return Flow::discard;
  ++depth_;
  const Flow flow = list(*unit.list, mode);
  --depth_;
  return flow;
}

Flow Executor::list(const List& list, Mode mode) {
  for (usize i = 0; i < list.items.size(); ++i) {
    const AndOr& item = *list.items[i];
    const bool final = mode.final && i + 1 == list.items.size();
    const Flow flow = item.background ? background(item) : and_or(item, {.final = final});
    if (flow != Flow::normal) return flow;
    if (shell_.traps().any()) {
      const Flow trap = texts_.run_pending_traps();
      if (trap != Flow::normal) return trap;
    }
  }
  return Flow::normal;
}

Flow Executor::condition(const List& list) {
  ++unchecked_;
  const Flow flow = this->list(list);
  --unchecked_;
  return flow;
}

Flow Executor::and_or(const AndOr& and_or, Mode mode) {
  const usize count = and_or.pipelines.size();
  if (count == 1) return pipeline(*and_or.pipelines[0], mode);
  for (usize i = 0;;) {
    const bool last = i + 1 == count;
    if (!last) ++unchecked_;
    const Flow flow = pipeline(*and_or.pipelines[i]);
    if (!last) --unchecked_;
    if (flow != Flow::normal) return flow;
    const bool succeeded = shell_.last_status() == 0;
    while (i + 1 < count && (and_or.connectors[i] == Connector::and_if) != succeeded) ++i;
    if (++i >= count) return Flow::normal;
  }
}

Flow Executor::pipeline(const Pipeline& pipeline, Mode mode) {
  if (pipeline.timed) return timed(pipeline);
  return run_pipeline(pipeline, mode);
}

Flow Executor::run_pipeline(const Pipeline& pipeline, Mode mode) {
  if (pipeline.commands.empty()) {
    shell_.set_status(pipeline.negated ? 1 : 0);
    return Flow::normal;
  }
  source_ = &pipeline;
  if (pipeline.negated) ++unchecked_;
  Flow flow;
  bool checked = true;
  if (pipeline.commands.size() == 1) {
    const Command& only = *pipeline.commands[0];
    const bool final = mode.final && !pipeline.negated && only.kind == CommandKind::simple;
    flow = command(only, {.final = final});
    switch (only.kind) {
      case CommandKind::simple:
      case CommandKind::subshell:
      case CommandKind::arith:
      case CommandKind::conditional:
      case CommandKind::coproc: shell_.set_pipe_status(shell_.last_status()); break;
      default:
        // A compound command is checked where its redirections failed; else its commands were.
        checked = redirection_failed_;
    }
    redirection_failed_ = false;
  } else {
    flow = pipe(pipeline);
  }
  if (pipeline.negated) {
    --unchecked_;
    // bash: also that of `break` and `continue`.
    if (flow == Flow::normal || flow == Flow::loop_break || flow == Flow::loop_continue) {
      shell_.set_status(shell_.last_status() == 0 ? 1 : 0);
    }
    return flow;
  }
  if (flow == Flow::normal && checked && shell_.last_status() != 0 && unchecked_ == 0) {
    return check_error();
  }
  return flow;
}

Flow Executor::check_error() {
  const ExitStatus status = shell_.last_status();
  if (shell_.traps().action(kTrapError) != nullptr) {
    const Flow flow = texts_.run_trap(kTrapError);
    if (flow != Flow::normal) return flow;
    shell_.set_status(status);
  }
  if (!shell_.on(SetOption::errexit)) return Flow::normal;
  // bash: `set -e` leaves what is redirected before the EXIT trap runs.
  if (shell_.calls().redirected() == 0) shell_.flow().note_exit();
  if (shell_.calls().functions() + shell_.calls().evaluations() == 0) leave_in_place();
  return Flow::exit;
}

// bash: where `exit` or `set -e` ends the shell, the EXIT trap runs within the redirections there.
void Executor::leave_in_place() {
  if (!shell_.flow().exit_asked() || shell_.traps().action(kTrapExit) == nullptr) return;
  if (!texts_.running_trap(kTrapExit)) texts_.exit_in_call();
}

Flow Executor::failed(const ExpansionError& error) {
  if (error.reach == FailureReach::top_level && !shell_.interactive()) {
    if (shell_.posix() && !error.costs_line) return failed(FailureReach::shell, error.status);
    // bash: `set -e` ends the shell on the spot; but for arithmetic, which costs the line only.
    if (shell_.on(SetOption::errexit) && !error.arithmetic) {
      shell_.set_status(error.status);
      shell_.flow().note_exit();
      return Flow::exit;
    }
  }
  return failed(error.reach, error.status);
}

Flow Executor::failed(FailureReach reach, ExitStatus status) {
  shell_.set_status(status);
  shell_.set_pipe_status(status);
  switch (reach) {
    case FailureReach::command: return Flow::normal;
    case FailureReach::top_level: return Flow::discard;
    case FailureReach::shell: break;
  }
  if (shell_.interactive() && shell_.subshell_level() == 0) {
    shell_.set_status(kFailure);
    return Flow::discard;
  }
  // bash: the shell of -c answers 127 where a script answers 1.
  if (status != kUsage) {
    shell_.set_status(shell_.reading() == 'c' && shell_.subshell_level() == 0 ? 127 : kFailure);
  }
  return Flow::exit;
}

Flow Executor::command(const Command& command, Mode mode) {
  if (command.kind == CommandKind::simple) {
    return simple(static_cast<const SimpleCommand&>(command), mode);
  }
  if (!deep_enough_left()) return Flow::discard;
  ++depth_;
  const usize substitutions = substitution_fds_.size();
  const Flow flow = compound(command, mode);
  if (substitution_fds_.size() > substitutions) close_substitutions(substitutions);
  --depth_;
  return flow;
}

Flow Executor::call(FunctionPtr function, std::span<const std::string> arguments) {
  WordList lease(*this);
  lease.words().assign(arguments.begin(), arguments.end());
  return call(std::move(function), lease.words(), 0);
}

// `function` stays, whatever becomes of the name.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
Flow Executor::call(FunctionPtr function, std::vector<std::string>& words, usize first) {
  if (!deep_enough_left()) return Flow::discard;
  if (const i64 limit = shell_.calls().function_limit();
      limit > 0 && static_cast<i64>(shell_.calls().functions()) >= limit) {
    shell_.report(function->name + ": maximum function nesting level exceeded (" +
                  std::to_string(limit) + ")");
    return failed(FailureReach::top_level, kFailure);
  }
  ++depth_;
  Frame& frame = shell_.calls().push_function();
  frame.name = function->name;
  frame.source_file = function->source_file;
  frame.call_line = shell_.line();
  frame.definition_line = function->line;
  shell_.parameters().swap(words, first);
  if (shell_.calls().keeps_arguments()) {
    const auto arguments = shell_.positional();
    frame.arguments.emplace(arguments.begin(), arguments.end());
  }
  shell_.variables().push_scope(ScopeKind::function);

  Traps& traps = shell_.traps();
  std::optional<std::string> error_trap, debug_trap_text, return_trap;
  const auto suspend = [&](i32 condition, std::optional<std::string>& action) {
    if (traps.action(condition) != nullptr) action = traps.suspend(condition);
  };
  if (!shell_.on(SetOption::errtrace)) suspend(kTrapError, error_trap);
  // bash: what the DEBUG trap calls runs no RETURN trap.
  if (texts_.running_trap(kTrapDebug)) suspend(kTrapReturn, return_trap);
  if (!shell_.on(SetOption::functrace) && !function->traced) {
    suspend(kTrapDebug, debug_trap_text);
    suspend(kTrapReturn, return_trap);
  }
  const Command& body = *function->definition().body;
  UnitPtr unit = shell_.swap_unit(function->unit());
  const std::string_view builtin = shell_.builtins().set_running({});
  // bash: a function that inherits the DEBUG trap runs it before its body too.
  Flow flow = Flow::normal;
  bool skipped = false;
  const u32 entry_line = body.line;
  if (traps.action(kTrapDebug) != nullptr) {
    shell_.set_line(entry_line);
    flow = call_debug_trap(entry_line, skipped);
  }
  if (flow == Flow::normal && !skipped) flow = command(body);
  if (flow == Flow::exit) {
    // bash: the EXIT trap finds the function, its variables and its redirections still there.
    leave_in_place();
    shell_.calls().note_abandoned_call();
  }
  shell_.builtins().set_running(builtin);
  shell_.swap_unit(std::move(unit));
  const bool returned = flow == Flow::function_return;
  if (returned) flow = Flow::normal;
  if (flow == Flow::normal && traps.action(kTrapReturn) != nullptr) {
    const ExitStatus status = shell_.last_status();
    if (returned) {
      shell_.set_status(shell_.flow().before_return());
    } else {
      shell_.set_line(entry_line);
    }
    flow = texts_.run_trap(kTrapReturn);
    if (flow == Flow::normal) shell_.set_status(status);
  }
  if (error_trap) traps.resume(kTrapError, std::move(error_trap));
  if (debug_trap_text) traps.resume(kTrapDebug, std::move(debug_trap_text));
  if (return_trap) traps.resume(kTrapReturn, std::move(return_trap));

  shell_.variables().pop_scope();
  shell_.parameters().swap(words, first);
  shell_.set_line(shell_.calls().innermost().call_line);
  if (const auto saved = shell_.calls().innermost().saved_options) {
    shell_.restore_set_options(*saved);
  }
  shell_.calls().pop();
  --depth_;
  return flow;
}

}  // namespace swebash::engine
