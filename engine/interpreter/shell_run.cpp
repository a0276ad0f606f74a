// SPDX-License-Identifier: Apache-2.0
//
// Running text: scripts, eval, traps, a session; and how a task ends.
#include <algorithm>

#include "abi/guest.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/script.hpp"
#include "engine/interpreter/shell.hpp"

namespace swebash::engine {
namespace {

// Text in memory that knows when nothing but blanks is left.
class CommandText final : public LineSource {
 public:
  CommandText(const Shell& shell, std::string_view text) noexcept : shell_(shell), rest_(text) {}

  bool read_line(std::string& line, bool continues) override {
    static_cast<void>(continues);
    if (rest_.empty()) return false;
    const usize newline = rest_.find('\n');
    const usize length = newline == std::string_view::npos ? rest_.size() : newline + 1;
    line.assign(rest_.substr(0, length));
    rest_.remove_prefix(length);
    if (shell_.on(SetOption::verbose)) {
      Shell::write_error(line.ends_with('\n') ? line : line + "\n");
    }
    return true;
  }
  [[nodiscard]] bool at_end() const noexcept override {
    return rest_.find_first_not_of(" \t\n") == std::string_view::npos;
  }

 private:
  const Shell& shell_;
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

Flow Shell::run_units(LineSource& source, std::string_view name, Reading reading, u32 first_line) {
  // What runs now are commands of their own, not the eval or source that brought them.
  const std::string_view builtin = set_running_builtin({});
  const Flow flow = run_each_unit(source, name, reading, first_line);
  set_running_builtin(builtin);
  return flow;
}

Flow Shell::run_each_unit(LineSource& source, std::string_view name, Reading reading,
                          u32 first_line) {
  Parser parser(source, *this, first_line);
  bool ran = false;
  for (;;) {
    auto unit = parser.next();
    if (!unit) {
      report_syntax(unit.error(), name);
      if (const auto flow = after_syntax_error(unit.error(), reading)) return *flow;
      continue;
    }
    if (!*unit) {
      // Commands see the status from before; where there is none, text succeeds.
      if (!ran && reading == Reading::evaluation) status_ = kSuccess;
      return Flow::normal;
    }
    if ((*unit)->list == nullptr) continue;
    ran = true;
    if (on(SetOption::noexec) && (!interactive_ || reading == Reading::command_string)) continue;
    if (reading == Reading::script) ++command_number_;
    if (reading == Reading::script && calls_.files() == 0) executor_->forget_input();
    UnitPtr outer = swap_unit(*unit);
    // What stands after -c and runs last may take the task's place.
    const bool final = reading == Reading::command_string && source.at_end();
    const Flow flow = executor_->run(**unit, {.final = final});
    unit_ = std::move(outer);
    if (flow == Flow::discard) {
      if (const Flow after = after_discard(reading); after != Flow::normal) return after;
      continue;
    }
    if (flow != Flow::normal) return flow;
    if (on(SetOption::onecmd) && reading != Reading::evaluation) return Flow::exit;
  }
}

// What follows an error of syntax, which has been reported; nothing where the next line does.
std::optional<Flow> Shell::after_syntax_error(const SyntaxError& error, Reading reading) {
  const bool goes_on = error.reach == SyntaxErrorReach::line;
  if (goes_on || reading == Reading::evaluation || interactive_ ||
      error.reach == SyntaxErrorReach::input) {
    status_ = goes_on ? kFailure : kUsage;
    set_pipe_status(status_);
  }
  const bool at_prompt = interactive_ && reading != Reading::command_string;
  if (goes_on) return posix() && !at_prompt ? std::optional(Flow::exit) : std::nullopt;
  if (reading == Reading::evaluation) {
    // POSIX XCU 2.8.1: what eval and . cannot read ends a shell that is not interactive; bash
    // lets what only lacks the end of a quote or a bracket be a failure and no more.
    if (error.missing != Missing::closer) note_failure();
    return Flow::normal;
  }
  return at_prompt ? std::nullopt : std::optional(Flow::exit);
}

// Flow::normal where the next command is to run.
Flow Shell::after_discard(Reading reading) {
  if (status_ == kSuccess) status_ = kFailure;
  // bash: the string of -c is evaluated as eval's is, so it is abandoned too.
  if (reading == Reading::command_string) return flow_.abandoned() ? Flow::exit : Flow::normal;
  if (subshell_level_ > 0 && !interactive_) return Flow::exit;
  if (flow_.abandoned() && (reading == Reading::evaluation || calls_.files() > 0)) return Flow::discard;
  flow_.forget_abandoned();
  if (reading == Reading::script) calls_.forget_loops();
  return Flow::normal;
}

Flow Shell::run_text(std::string_view text, std::string_view where, u32 first_line) {
  if (text.find_first_not_of(" \t\n") == std::string_view::npos) {
    return Flow::normal;
  }
  CommandText source(*this, text);
  if (where.empty()) where = "eval";
  const std::string_view script = !calls_.empty()         ? calls_.innermost().source_file
                                  : message_name_.empty() ? std::string_view(script_name_)
                                                          : std::string_view(message_name_);
  std::string name;
  name.reserve(script.size() + 2 + where.size());
  name.append(script).append(": ").append(where);
  const u32 line = line_;
  ++eval_depth_;
  const Flow flow = run_units(source, name, Reading::evaluation, first_line == 0 ? 1 : first_line);
  --eval_depth_;
  line_ = line;
  return flow;
}

Flow Shell::run_source(LineSource& source, std::string_view name) {
  return run_units(source, name, Reading::script, 1);
}

Flow Shell::run_command_string(std::string_view text) {
  CommandText source(*this, text);
  const std::string name = (message_name_.empty() ? script_name_ : message_name_) + ": -c";
  return run_units(source, name, Reading::command_string, 1);
}

bool Shell::heed_signals() {
  traps_.collect();
  const Flow flow = run_pending_traps();
  if (flow == Flow::normal) return true;
  flow_.pass_on(flow);
  return false;
}

Flow Shell::run_pending_traps() {
  // What ended meanwhile is no process any more, as in bash: a loop may wait for just that.
  jobs_.reap();
  while (const i32 signal = traps_.take()) {
    const std::string* action = traps_.action(signal);
    if (action == nullptr) {
      if (signal == signal_number::kHangUp && traps_.catches_for_shell(signal)) {
        recorder_.save();
        jobs_.hang_up();
      }
      if (signal == signal_number::kWindowChange) note_window_size();
      if (signal == signal_number::kChild && interactive_ && on(SetOption::notify)) announce_jobs();
      // ^C at a prompt's command: what runs is abandoned.
      if (signal == signal_number::kInterrupt && interactive_) {
        if (terminal_fd_ >= 0 && subshell_level_ == 0) write_error("\n");
        status_ = 128 + signal;
        return Flow::discard;
      }
      if (traps_.ends_shell(signal)) {
        static_cast<void>(run_exit_trap(status_));
        tasks_.die(signal);
      }
      continue;
    }
    const Flow flow = signal == signal_number::kChild ? run_child_traps() : run_trap(signal);
    if (flow != Flow::normal) return flow;
  }
  return Flow::normal;
}

Flow Shell::run_child_traps() {
  // bash: the ends of what the action itself starts are none of its business.
  if (running_traps_[signal_number::kChild] != 0) return Flow::normal;
  u32 children = traps_.take_children();
  if (children == 0) {
    jobs_.reap();
    children = traps_.take_children();
  }
  Flow flow = Flow::normal;
  // bash: a SIGCHLD that somebody sent runs it not at all.
  for (; children > 0 && flow == Flow::normal; --children) {
    flow = run_trap(signal_number::kChild);
  }
  traps_.forget_children();
  return flow;
}

Flow Shell::run_trap(i32 condition, ExitStatus* answer) {
  const std::string* action = traps_.action(condition);
  if (action == nullptr || action->empty()) return Flow::normal;
  // bash: ERR, DEBUG and RETURN do not nest in themselves.
  if (condition >= kTrapDebug && running_traps_[condition] != 0) return Flow::normal;
  if (trap_depth_ >= kMostNestedTraps) {
    report("maximum command nesting level exceeded");
    status_ = kFailure;
    flow_.note_abandoned();
    return Flow::discard;
  }
  const std::string text = *action;  // it may replace itself
  const ExitStatus status = status_;
  const std::vector<ExitStatus> pipe_status = pipe_status_;
  const Flow request = flow_.take();
  const i32 outer = std::exchange(innermost_trap_, condition);
  const ExitStatus outer_status = std::exchange(status_before_trap_, status);
  ++running_traps_[condition];
  ++trap_depth_;
  const u32 line = line_;
  const Flow flow =
      run_text(text, trap_text_name(condition), condition >= kTrapDebug ? std::max(line_, 1u) : 1);
  line_ = line;
  --trap_depth_;
  --running_traps_[condition];
  innermost_trap_ = outer;
  status_before_trap_ = outer_status;
  flow_.restore(request);
  if (answer != nullptr) *answer = status_;
  if (flow == Flow::normal || (flow == Flow::discard && !flow_.abandoned())) {
    status_ = status;
    pipe_status_ = pipe_status;
    return Flow::normal;
  }
  return flow;
}

ExitStatus Shell::run_exit_trap(ExitStatus status) {
  const std::string* action = traps_.action(kTrapExit);
  // The action stands in the listing while it runs; one that it sets itself does not run.
  if (action == nullptr || running_trap(kTrapExit)) return status;
  const std::string text = *action;
  status_ = status;
  calls_.forget_loops();
  ++running_traps_[kTrapExit];
  ++trap_depth_;  // BASH_COMMAND is what the shell ended with
  innermost_trap_ = kTrapExit;
  status_before_trap_ = status;
  // bash: as text that is evaluated by a subshell, but not by the shell itself, which has ended.
  eval_depth_ = exit_trap_depth_ - 1;
  const Flow flow = run_text(text, "exit trap", 1);
  // `exit N` in the trap changes the status; what else it does not.
  return flow == Flow::exit ? status_ : status;
}

void Shell::leave(ExitStatus status) {
  status_ = status;
  if (traps_.any()) {
    static_cast<void>(run_pending_traps());
    if (status_ != status) status = status_;
  }
  status = run_exit_trap(status);
  recorder_.save();
  if (interactive_ && subshell_level_ == 0) {
    if (login_ && on(ShellOption::huponexit)) jobs_.hang_up_all();
    end_job_control();
    tasks_.leave(status);
  }
  end_job_control();
  tasks_.exit(status);
}

void Shell::announce_jobs() {
  jobs_.reap();
  for (Job& job : jobs_.all()) {
    if (job.notified || !job.background || job.state() == ProcessState::running) continue;
    // bash: a stop begins a new line.
    write_error((job.state() == ProcessState::stopped ? "\n" : "") + jobs_.describe(job, false) +
                "\n");
    job.notified = true;
  }
}

void Shell::notify_jobs() {
  announce_jobs();
  jobs_.drop_done(false);
}

}  // namespace swebash::engine
