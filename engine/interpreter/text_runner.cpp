// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/text_runner.hpp"

#include <algorithm>

#include "abi/guest.hpp"

namespace swebash::engine {
namespace {

// Text in memory that knows when nothing but blanks is left.
class CommandText final : public LineSource {
 public:
  CommandText(const Shell& shell, std::string text)
      : shell_(shell), text_(share_text(std::move(text))) {
    rest_ = *text_;
  }

  bool read_line(std::string& line, bool continues) override {
    line = next_line(continues);
    return !line.empty();
  }
  [[nodiscard]] SharedText shared_text() const override { return text_; }
  std::string_view next_line(bool continues) override {
    static_cast<void>(continues);
    const std::string_view line = rest_.substr(0, rest_.find('\n') + 1);
    rest_.remove_prefix(line.size());
    if (!line.empty() && shell_.on(SetOption::verbose)) Shell::write_error(line);
    return line;
  }
  [[nodiscard]] bool at_end() const noexcept override {
    return rest_.find_first_not_of(" \t\n") == std::string_view::npos;
  }

 private:
  const Shell& shell_;
  SharedText text_;
  std::string_view rest_;
};

// Traps within traps take more of the host's stack, for what they take of the engine's, than other
// nesting, which is bounded by the latter (exec.cpp).
constexpr u32 kMostNestedTraps = 2000;

// What a message calls the text of a trap.
std::string_view trap_text_name(i32 condition) noexcept {
  switch (condition) {
    case kTrapDebug: return "debug trap";
    case kTrapError: return "error trap";
    case kTrapReturn: return "return trap";
    default: return "trap";
  }
}

}  // namespace

Flow TextRunner::run_units(LineSource& source, const TextName& name, Reading reading,
                           u32 first_line) {
  // What runs now are commands of their own, not the eval or source that brought them.
  const std::string_view builtin = shell_.builtins().set_running({});
  const Flow flow = run_each_unit(source, name, reading, first_line);
  shell_.builtins().set_running(builtin);
  return flow;
}

Flow TextRunner::run_each_unit(LineSource& source, const TextName& name, Reading reading,
                               u32 first_line) {
  Parser parser(source, shell_, first_line);
  bool ran = false;
  for (;;) {
    auto unit = parser.next();
    if (!unit) {
      // bash: under `set -e` the first word of the error is the last of the shell.
      const bool ends =
          shell_.on(SetOption::errexit) && !shell_.interactive() && evaluator_.is_checked();
      if (ends) {
        unit.error().detail.clear();
        unit.error().text.clear();
      }
      report_syntax(unit.error(), name);
      if (ends) {
        shell_.set_status(kUsage);
        shell_.flow().note_exit();
        return Flow::exit;
      }
      if (const auto flow = after_syntax_error(unit.error(), reading)) return *flow;
      ran = true;
      continue;
    }
    if (!*unit) {
      // Commands see the status from before; where there is none, text succeeds.
      if (!ran && reading == Reading::evaluation) shell_.set_status(kSuccess);
      return Flow::normal;
    }
    if ((*unit)->list == nullptr) continue;
    if (!ran && source.at_end()) parsed_.keep(*unit);
    parsed_.forget_asked();
    ran = true;
    if (shell_.on(SetOption::noexec) &&
        (!shell_.interactive() || reading == Reading::command_string))
      continue;
    if (reading == Reading::script) shell_.count_command();
    if (reading == Reading::script && shell_.calls().files() == 0) evaluator_.forget_input();
    UnitPtr outer = shell_.swap_unit(*unit);
    // What stands after -c and runs last may take the task's place.
    const bool final = reading == Reading::command_string && source.at_end();
    const Flow flow = evaluator_.run(**unit, {.final = final});
    shell_.swap_unit(std::move(outer));
    if (flow == Flow::discard) {
      if (const Flow after = after_discard(reading); after != Flow::normal) return after;
      continue;
    }
    if (flow != Flow::normal) return flow;
    if (shell_.on(SetOption::onecmd) && reading != Reading::evaluation) return Flow::exit;
  }
}

void TextRunner::report_syntax(const SyntaxError& error, const TextName& name) {
  if (!name.whole.empty()) return shell_.report_syntax(error, name.whole);
  std::string joined(shell_.text_name());
  joined.append(": ").append(name.where);
  shell_.report_syntax(error, joined);
}

// What follows an error of syntax, which has been reported; empty where the next line is read.
std::optional<Flow> TextRunner::after_syntax_error(const SyntaxError& error, Reading reading) {
  const bool goes_on = error.reach == SyntaxErrorReach::line;
  if (goes_on || reading == Reading::evaluation || shell_.interactive() ||
      error.reach == SyntaxErrorReach::input) {
    ExitStatus status = goes_on ? kFailure : kUsage;
    if (!goes_on && error.keeps_status && reading != Reading::evaluation &&
        shell_.last_status() != kSuccess) {
      status = shell_.last_status();
    }
    shell_.set_status(status);
    shell_.set_pipe_status(status);
  }
  const bool at_prompt = shell_.interactive() && reading != Reading::command_string;
  if (goes_on) return shell_.posix() && !at_prompt ? std::optional(Flow::exit) : std::nullopt;
  if (reading == Reading::evaluation) {
    // POSIX XCU 2.8.1: what eval and . cannot read ends a shell that is not interactive; bash
    // lets what only lacks the end of a quote or a bracket be a failure and no more.
    if (error.missing != Missing::closer) shell_.builtins().note_failure();
    return Flow::normal;
  }
  return at_prompt ? std::nullopt : std::optional(Flow::exit);
}

// Flow::normal where the next command is to run.
Flow TextRunner::after_discard(Reading reading) {
  if (shell_.last_status() == kSuccess) shell_.set_status(kFailure);
  // bash: the string of -c is evaluated as eval's is, so it is abandoned too.
  if (reading == Reading::command_string)
    return shell_.flow().abandoned() ? Flow::exit : Flow::normal;
  if (shell_.subshell_level() > 0 && !shell_.interactive()) return Flow::exit;
  if (shell_.flow().abandoned() && (reading == Reading::evaluation || shell_.calls().files() > 0))
    return Flow::discard;
  shell_.flow().forget_abandoned();
  if (reading == Reading::script) shell_.calls().forget_loops();
  return Flow::normal;
}

// run_units() for a text whose tree is known.
Flow TextRunner::run_parsed(UnitPtr unit) {
  if (shell_.on(SetOption::noexec) && !shell_.interactive()) return Flow::normal;
  const std::string_view builtin = shell_.builtins().set_running({});
  const Unit& running = *unit;
  UnitPtr outer = shell_.swap_unit(std::move(unit));
  const Flow flow = evaluator_.run(running, {});
  shell_.swap_unit(std::move(outer));
  shell_.builtins().set_running(builtin);
  return flow == Flow::discard ? after_discard(Reading::evaluation) : flow;
}

Flow TextRunner::run_text(std::string text, std::string_view where, u32 first_line) {
  if (text.find_first_not_of(" \t\n") == std::string::npos) return Flow::normal;
  if (first_line == 0) first_line = 1;
  const u32 line = shell_.line();
  UnitPtr known;
  if (!shell_.has_aliases() && !shell_.on(SetOption::verbose)) {
    known = parsed_.find(text, first_line, {.extglob = shell_.extglob(), .posix = shell_.posix()});
  }
  enter_text();
  Flow flow = Flow::normal;
  if (known) {
    flow = run_parsed(std::move(known));
  } else {
    CommandText source(shell_, std::move(text));
    flow = run_units(source, {.where = where}, Reading::evaluation, first_line);
  }
  leave_text();
  shell_.set_line(line);
  return flow;
}

Flow TextRunner::run_command_string(std::string text) {
  CommandText source(shell_, std::move(text));
  const std::string name = std::string(shell_.message_name()) + ": -c";
  return run_units(source, {.whole = name}, Reading::command_string, 1);
}

void TextRunner::run_prompt_commands() {
  const Variable* command = shell_.variables().find("PROMPT_COMMAND");
  if (command == nullptr) return;
  std::vector<std::string> texts;
  if (command->has(kIndexed)) {
    command->indexed().for_each([&](i64, const std::string& text) {
      texts.push_back(text);
      return true;
    });
  } else if (const std::string* text = command->text()) {
    texts.push_back(*text);
  }
  if (texts.empty()) return;
  const ExitStatus status = shell_.last_status();
  const std::vector<ExitStatus> pipe_status = shell_.pipe_status();
  const std::string last_argument = shell_.last_argument();
  for (const std::string& text : texts) {
    shell_.set_status(status);
    static_cast<void>(run_text(text));
  }
  shell_.set_status(status);
  shell_.set_pipe_status(pipe_status);
  shell_.set_last_argument(last_argument);
}

void TextRunner::enter_subshell() {
  shell_.enter_subshell();
  exit_trap_depth_ = depth_ + 1;
  // DEBUG, ERR and RETURN do not nest in themselves, not even there.
  std::fill_n(running_traps_, kSignalCount, 0u);
  innermost_trap_ = -1;
  for_session_ = false;
}

ExitStatus TextRunner::run_for_session(std::string text) {
  for_session_ = true;
  given_up_ = false;
  CommandText source(shell_, std::move(text));
  Flow flow = run_units(source, {.whole = shell_.message_name()}, Reading::script, 1);
  if (flow != Flow::exit && shell_.traps().any()) flow = run_pending_traps();
  if (flow == Flow::exit && !given_up_) run_exit_trap_of_run();
  for_session_ = false;
  shell_.descriptors().uncover();
  shell_.flow() = FlowRequest();
  shell_.calls().forget_loops();
  depth_ = 0;
  exit_trap_depth_ = 0;
  innermost_trap_ = -1;
  shell_.jobs().reap();
  return shell_.last_status();
}

void TextRunner::run_exit_trap_of_run() {
  if (shell_.traps().action(kTrapExit) == nullptr || running_trap(kTrapExit)) return;
  const u32 depth = depth_;
  const i32 outer = innermost_trap_;
  shell_.set_status(run_exit_trap(shell_.last_status()));
  depth_ = depth;
  innermost_trap_ = outer;
  shell_.running().release();
  --running_traps_[kTrapExit];
  shell_.traps().set(kTrapExit, std::nullopt);
}

void TextRunner::exit_in_call() {
  if (!for_session_) leave(shell_.last_status());
  if (!given_up_) run_exit_trap_of_run();
}

bool TextRunner::heed_signals() {
  shell_.traps().collect();
  const Flow flow = run_pending_traps();
  if (flow == Flow::normal) return true;
  shell_.flow().pass_on(flow);
  return false;
}

// What the shell does about a signal for which the script has no action.
Flow TextRunner::heed_without_action(i32 signal) {
  Traps& traps = shell_.traps();
  if (signal == signal_number::kHangUp && traps.catches_for_shell(signal)) {
    shell_.save_history();
    shell_.jobs().hang_up();
  }
  if (signal == signal_number::kWindowChange) shell_.note_window_size();
  if (signal == signal_number::kChild && shell_.interactive() && shell_.on(SetOption::notify)) {
    shell_.announce_jobs();
  }
  // ^C at a prompt's command: what runs is abandoned.
  if (signal == signal_number::kInterrupt && shell_.interactive()) {
    if (shell_.terminal().exists() && shell_.subshell_level() == 0) Shell::write_error("\n");
    shell_.set_status(128 + signal);
    return Flow::discard;
  }
  if (traps.ends_shell(signal)) {
    static_cast<void>(run_exit_trap(shell_.last_status()));
    shell_.tasks().die(signal);
  }
  return Flow::normal;
}

Flow TextRunner::run_pending_traps() {
  // What ended meanwhile is no process any more, as in bash: a loop may wait for just that.
  shell_.jobs().reap();
  while (const i32 signal = shell_.traps().take()) {
    if (signal == abi::kAbandon && for_session_) {
      given_up_ = true;
      return Flow::exit;
    }
    const std::string* action = shell_.traps().action(signal);
    const Flow flow = action == nullptr                 ? heed_without_action(signal)
                      : signal == signal_number::kChild ? run_child_traps()
                                                        : run_trap(signal);
    if (flow != Flow::normal) return flow;
  }
  return Flow::normal;
}

Flow TextRunner::run_child_traps() {
  // bash: the ends of what the action itself starts are none of its business.
  if (running_traps_[signal_number::kChild] != 0) return Flow::normal;
  u32 children = shell_.traps().take_children();
  if (children == 0) {
    shell_.jobs().reap();
    children = shell_.traps().take_children();
  }
  Flow flow = Flow::normal;
  // bash: a SIGCHLD that somebody sent runs it not at all.
  for (; children > 0 && flow == Flow::normal; --children) {
    flow = run_trap(signal_number::kChild);
  }
  shell_.traps().forget_children();
  return flow;
}

Flow TextRunner::run_trap(i32 condition, ExitStatus* answer) {
  const std::string* action = shell_.traps().action(condition);
  if (action == nullptr || action->empty()) return Flow::normal;
  // bash: ERR, DEBUG and RETURN do not nest in themselves.
  if (condition >= kTrapDebug && running_traps_[condition] != 0) return Flow::normal;
  if (shell_.running().holds() >= kMostNestedTraps) {
    shell_.report("maximum command nesting level exceeded");
    shell_.set_status(kFailure);
    shell_.flow().note_abandoned();
    return Flow::discard;
  }
  std::string text = *action;  // it may replace itself
  const ExitStatus status = shell_.last_status();
  const std::vector<ExitStatus> pipe_status = shell_.pipe_status();
  const Flow request = shell_.flow().take();
  const i32 outer = std::exchange(innermost_trap_, condition);
  const ExitStatus outer_status = std::exchange(status_before_trap_, status);
  ++running_traps_[condition];
  shell_.running().hold();
  const u32 line = shell_.line();
  const Flow flow = run_text(std::move(text), trap_text_name(condition),
                             condition >= kTrapDebug ? std::max(line, 1u) : 1);
  shell_.set_line(line);
  shell_.running().release();
  --running_traps_[condition];
  innermost_trap_ = outer;
  status_before_trap_ = outer_status;
  shell_.flow().restore(request);
  if (answer != nullptr) *answer = shell_.last_status();
  if (flow == Flow::normal || (flow == Flow::discard && !shell_.flow().abandoned())) {
    shell_.set_status(status);
    shell_.set_pipe_status(pipe_status);
    return Flow::normal;
  }
  return flow;
}

ExitStatus TextRunner::run_exit_trap(ExitStatus status) {
  const std::string* action = shell_.traps().action(kTrapExit);
  // The action stands in the listing while it runs; one that it sets itself does not run.
  if (action == nullptr || running_trap(kTrapExit)) return status;
  std::string text = *action;
  shell_.set_status(status);
  shell_.calls().forget_loops();
  ++running_traps_[kTrapExit];
  shell_.running().hold();  // BASH_COMMAND is what the shell ended with
  innermost_trap_ = kTrapExit;
  status_before_trap_ = status;
  // bash: as text that is evaluated by a subshell, but not by the shell itself, which has ended.
  depth_ = exit_trap_depth_ - 1;
  const Flow flow = run_text(std::move(text), "exit trap", 1);
  // `exit N` in the trap changes the status; what else it does not.
  return flow == Flow::exit ? shell_.last_status() : status;
}

void TextRunner::leave(ExitStatus status) {
  shell_.set_status(status);
  if (shell_.traps().any()) {
    static_cast<void>(run_pending_traps());
    status = shell_.last_status();
  }
  status = run_exit_trap(status);
  shell_.save_history();
  if (shell_.interactive() && shell_.subshell_level() == 0) {
    if (shell_.login() && shell_.on(ShellOption::huponexit)) shell_.jobs().hang_up_all();
    shell_.end_job_control();
    shell_.tasks().leave(status);
  }
  shell_.end_job_control();
  shell_.tasks().exit(status);
}

}  // namespace swebash::engine
