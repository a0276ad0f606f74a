// SPDX-License-Identifier: Apache-2.0
//
// TextRunner: reads commands and has them run: scripts, -c, eval, sourced files, traps; and ends
// the task by the traps that are left.
//
// It keeps how deep texts and traps are nested; the state of the script is the Shell's. One to an
// Executor; not thread-safe; reentrant.
#pragma once

#include <optional>
#include <string_view>

#include "engine/interpreter/evaluator.hpp"
#include "engine/interpreter/parsed_texts.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/jobs/traps.hpp"
#include "engine/syntax/parser.hpp"

namespace swebash::engine {

class TextRunner {
 public:
  // Both outlive it.
  TextRunner(Shell& shell, Evaluator& evaluator) noexcept : shell_(shell), evaluator_(evaluator) {}
  TextRunner(const TextRunner&) = delete;
  TextRunner& operator=(const TextRunner&) = delete;

  [[nodiscard]] Shell& shell() noexcept { return shell_; }

  // Runs `text` as eval does, command by command; `where` names it in messages, beside
  // the script.
  Flow run_text(std::string text, std::string_view where = "eval", u32 first_line = 0);
  // Runs the commands of `source` until its end; `name` stands in messages of syntax errors.
  Flow run_source(LineSource& source, std::string_view name) {
    return run_units(source, {.whole = name}, Reading::script, 1);
  }
  // The same for `.`: an error of syntax ends the file and not the shell.
  Flow run_sourced(LineSource& source, std::string_view name) {
    return run_units(source, {.whole = name}, Reading::evaluation, 1);
  }
  // Runs the text of -c, whose last command may take the task's place.
  Flow run_command_string(std::string text);
  // Runs what PROMPT_COMMAND and its like hold, leaving $? and what belongs to it alone.
  void run_prompt_commands();

  // Runs traps of signals that are pending.
  Flow run_pending_traps();
  // The same for a builtin whose call was broken by a signal; false when the builtin has to end,
  // which is requested then.
  [[nodiscard]] bool heed_signals();
  // Runs the action of a condition, if there is one, keeping $?; `answer` is the action's own
  // status.
  Flow run_trap(i32 condition, ExitStatus* answer = nullptr);
  // Runs the EXIT trap, once; answers the status to end with.
  ExitStatus run_exit_trap(ExitStatus status);
  // Runs `text` for the embedding program, as what is typed at a prompt: what ends a shell ends the
  // run, after the EXIT trap, which is gone then. The status.
  ExitStatus run_for_session(std::string text);
  // The script has asked for the shell's end, which has an EXIT trap: runs the trap in this place
  // and ends the task, or comes back where only the run of a session ends.
  void exit_in_call();
  // Runs the EXIT trap and ends the task.
  [[noreturn]] void leave(ExitStatus status);

  [[nodiscard]] bool running_trap(i32 condition) const noexcept {
    return running_traps_[condition] != 0;
  }
  // What `return` without an operand answers.
  // bash: in a trap, and the functions it calls, that is $? before the trap, but for DEBUG.
  [[nodiscard]] ExitStatus default_return() const noexcept {
    return innermost_trap_ < 0 || innermost_trap_ == kTrapDebug ? shell_.last_status()
                                                                : status_before_trap_;
  }
  // What `exit` without an operand answers.
  // bash: in the EXIT trap, that is the status the shell ends with.
  [[nodiscard]] ExitStatus default_exit() const noexcept {
    return innermost_trap_ == kTrapExit ? status_before_trap_ : shell_.last_status();
  }

  // Nesting of eval, source, traps and substitutions: how often PS4's first character is shown.
  [[nodiscard]] u32 depth() const noexcept { return depth_; }
  void enter_text() noexcept { ++depth_; }
  void leave_text() noexcept { --depth_; }
  // A command substitution begins: what it runs, its EXIT trap too, is traced one level deeper.
  void enter_substitution() noexcept { exit_trap_depth_ = ++depth_; }

  // What a clone does first: its own pid, traps and jobs as a subshell has them.
  void enter_subshell();

 private:
  enum class Reading : u8 { script, command_string, evaluation };

  // How messages of syntax errors name a text: by all of it, or by where it stands in the script.
  struct TextName {
    std::string_view whole;
    std::string_view where;
  };

  Flow run_units(LineSource& source, const TextName& name, Reading reading, u32 first_line);
  Flow run_each_unit(LineSource& source, const TextName& name, Reading reading, u32 first_line);
  Flow run_parsed(UnitPtr unit);
  void report_syntax(const SyntaxError& error, const TextName& name);
  std::optional<Flow> after_syntax_error(const SyntaxError& error, Reading reading);
  Flow after_discard(Reading reading);
  Flow heed_without_action(i32 signal);
  // Runs the EXIT trap of a run that ends, which is not the shell's end.
  void run_exit_trap_of_run();
  // Runs the action of SIGCHLD, for each child that ended.
  Flow run_child_traps();

  Shell& shell_;
  Evaluator& evaluator_;
  ParsedTexts parsed_;
  u32 depth_ = 0;
  u32 exit_trap_depth_ = 0;  // depth_ of what the EXIT trap runs
  u32 running_traps_[kTrapCount] = {};
  i32 innermost_trap_ = -1;  // the condition whose action runs
  ExitStatus status_before_trap_ = 0;
  bool for_session_ = false;  // a run of a session is under way, and this is no subshell of it
  bool given_up_ = false;     // that run was abandoned from outside
};

}  // namespace swebash::engine
