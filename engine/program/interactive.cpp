// SPDX-License-Identifier: Apache-2.0
#include "engine/program/interactive.hpp"

#include <optional>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/program/line_discipline.hpp"
#include "engine/system/memory.hpp"

namespace swebash::engine {
namespace {

// The status of a command that a fault ended: what a shell shows for SIGABRT.
constexpr ExitStatus kFaultStatus = 134;
// Prompts that fail so often in a row are given up.
constexpr u32 kPromptFaults = 3;
// When the terminal's modes change: without waiting for what was written.
constexpr u32 kAtOnce = 0;

std::optional<i64> number_of(Shell& shell, std::string_view name) {
  const std::string* text = shell.variables().get(name);
  i64 number = 0;
  if (text == nullptr || !arith::plain_number(*text, number)) return std::nullopt;
  return number;
}

// Prompts, and reads lines from standard input: PS1, and PS2 while a command continues.
class PromptSource final : public LineSource {
 public:
  enum class End : u8 { none, input, interrupt, timeout };

  explicit PromptSource(TextRunner& texts) noexcept
      : texts_(texts), shell_(texts.shell()), terminal_(sys::is_terminal(0) == 1) {}

  bool read_line(std::string& line, bool continues) override {
    end_ = End::none;
    const std::string* prompt = shell_.variables().get(continues ? "PS2" : "PS1");
    if (!read(prompt == nullptr ? std::string() : shell_.prompt_text(*prompt), line)) return false;
    if (shell_.on(SetOption::verbose)) Shell::write_error(line);
    shell_.recorder().line_read(line, continues);
    return true;
  }
  // What ended the reading when it gave no line.
  [[nodiscard]] End end() const noexcept { return end_; }

 private:
  bool read(const std::string& prompt, std::string& line) {
    line.clear();
    const i64 seconds = number_of(shell_, "TMOUT").value_or(0);
    abi::Terminal settings;
    if (!terminal_ || sys::terminal_get(0, &settings) < 0) {
      Shell::write_error(prompt);
      return read_bytes(line, seconds);
    }
    // bash: for the time of a line the terminal is as the shell needs it, whatever was left there.
    LineDiscipline discipline(settings);
    const abi::Terminal modes = discipline.modes();
    sys::terminal_set(0, kAtOnce, &modes);
    Shell::write_error(prompt);
    const bool whole = read_keys(discipline, settings, modes, seconds);
    sys::terminal_set(0, kAtOnce, &settings);
    line = std::move(discipline.text());
    return whole;
  }

  // Whether input came before the time was up.
  bool waits(i64 seconds) {
    if (seconds <= 0) return true;
    abi::PollEntry entry{0, abi::kPollIn, 0};
    if (sys::poll(&entry, 1, seconds * 1'000'000'000) != 0) return true;
    end_ = End::timeout;
    return false;
  }

  // Runs traps after a signal; false when that was ^C. What was typed is gone then, whatever a trap
  // does.
  bool go_on() {
    shell_.traps().collect();
    const bool interrupted = shell_.traps().is_pending(signal_number::kInterrupt);
    if (interrupted && shell_.traps().action(signal_number::kInterrupt) != nullptr) {
      Shell::write_error("\n");
    }
    static_cast<void>(texts_.run_pending_traps());
    if (interrupted) end_ = End::interrupt;
    return !interrupted;
  }

  bool read_keys(LineDiscipline& discipline, const abi::Terminal& settings,
                 const abi::Terminal& modes, i64 seconds) {
    char block[4096];
    std::string shown;
    for (;;) {
      if (!waits(seconds)) return false;
      // What follows the line is for the command that it is.
      const i64 count = sys::read_until(0, block, sizeof block, '\n');
      if (count == -static_cast<i64>(Errno::intr)) {
        sys::terminal_set(0, kAtOnce, &settings);
        shell_.traps().collect();
        if (shell_.traps().is_pending(signal_number::kInterrupt)) {
          Shell::write_error(discipline.interrupt());
        }
        if (!go_on()) return false;
        sys::terminal_set(0, kAtOnce, &modes);
        continue;
      }
      if (count <= 0) {
        if (!discipline.text().empty()) return true;
        end_ = End::input;
        return false;
      }
      LineDiscipline::Got got = LineDiscipline::Got::more;
      for (i64 i = 0; i < count && got == LineDiscipline::Got::more; ++i) {
        got = discipline.put(block[i], shown);
      }
      Shell::write_error(shown);
      shown.clear();
      if (got == LineDiscipline::Got::line) return true;
      if (got == LineDiscipline::Got::end) {
        end_ = End::input;
        return false;
      }
    }
  }

  bool read_bytes(std::string& line, i64 seconds) {
    for (;;) {
      if (!waits(seconds)) return false;
      // What follows is for the commands that run.
      char c = 0;
      const i64 count = sys::read(0, &c, 1);
      if (count == -static_cast<i64>(Errno::intr)) {
        if (!go_on()) return false;
        continue;
      }
      if (count <= 0) {
        if (!line.empty()) return true;
        end_ = End::input;
        return false;
      }
      line.push_back(c);
      if (c == '\n') return true;
    }
  }

  TextRunner& texts_;
  Shell& shell_;
  const bool terminal_;
  End end_ = End::none;
};

class Session {
 public:
  explicit Session(Executor& executor)
      : executor_(executor),
        texts_(executor.texts()),
        shell_(executor.shell()),
        source_(executor.texts()) {}

  Flow run() {
    u32 ends = 0, faults = 0;
    for (;;) {
      unit_ = UnitPtr();
      complaint_.reset();
      if (!guarded([](void* self) { static_cast<Session*>(self)->read_command(); })) {
        if (++faults < kPromptFaults) continue;
        Shell::write_error("swebash: the prompt cannot be shown\n");
        return Flow::exit;
      }
      faults = 0;
      switch (source_.end()) {
        case PromptSource::End::interrupt:
          parser_.reset();
          shell_.set_status(128 + signal_number::kInterrupt);
          continue;
        case PromptSource::End::timeout:
          Shell::write_error("\atimed out waiting for input: auto-logout\n");
          return Flow::exit;
        default: break;
      }
      if (complaint_) {
        shell_.report_syntax(*complaint_, shell_.script_name());
        shell_.set_status(kUsage);
        shell_.set_pipe_status(kUsage);
        if (source_.end() == PromptSource::End::input) parser_.reset();
        continue;
      }
      if (!unit_) {
        if (stays(++ends)) continue;
        Shell::write_error(shell_.login() ? "logout\n" : "exit\n");
        if (!shell_.may_leave_jobs()) continue;
        return Flow::exit;
      }
      ends = 0;
      if (unit_->list == nullptr) continue;
      shell_.recorder().command_read();
      flow_ = Flow::normal;
      if (!guarded([](void* self) { static_cast<Session*>(self)->run_command(); })) {
        parser_.reset();
        continue;
      }
      if (flow_ == Flow::exit) return flow_;
    }
  }

 private:
  // POSIX XCU 2.5: set -o ignoreeof; bash: IGNOREEOF says how often in a row.
  bool stays(u32 ends) {
    // The parser has seen the end of its input; there may be more.
    parser_.reset();
    if (!shell_.on(SetOption::ignoreeof) || sys::is_terminal(0) != 1) return false;
    const i64 limit = number_of(shell_, "IGNOREEOF").value_or(10);
    if (static_cast<i64>(ends) > limit) return false;
    Shell::write_error(shell_.login() ? "Use \"logout\" to leave the shell.\n"
                                      : "Use \"exit\" to leave the shell.\n");
    return true;
  }

  void read_command() {
    shell_.notify_jobs();
    shell_.note_window_size();
    texts_.run_prompt_commands();
    if (!parser_) parser_.emplace(source_, shell_, line_);
    auto unit = parser_->next();
    line_ = parser_->line();
    if (unit) {
      unit_ = std::move(*unit);
    } else {
      complaint_ = std::move(unit.error());
    }
  }

  void run_command() {
    if (const std::string* text = shell_.variables().get("PS0"); text && !text->empty()) {
      Shell::write_error(shell_.prompt_text(*text));
    }
    shell_.count_command();
    shell_.note_window_size();
    UnitPtr outer = shell_.swap_unit(unit_);
    shell_.calls().forget_loops();
    shell_.builtins().set_running({});
    executor_.start_afresh();
    flow_ = executor_.run(*unit_);
    shell_.flow().forget_abandoned();
    shell_.swap_unit(std::move(outer));
    if (flow_ == Flow::discard && shell_.last_status() == kSuccess) shell_.set_status(kFailure);
    // What came too late for the command is not for the next.
    if (flow_ != Flow::exit && shell_.traps().any()) {
      const Flow flow = texts_.run_pending_traps();
      if (flow == Flow::exit) flow_ = flow;
    }
  }

  // Calls `step` with this object; false when a fault ended it, which has been dealt with then.
  bool guarded(void (*step)(void*)) {
    const i64 answer = sys::guard(step, this, live_memory());
    if (answer != -static_cast<i64>(Errno::notrecoverable)) return true;
    // Memory is as it was before the step; signals, terminal and children are not.
    shell_.traps().restore();
    shell_.terminal().take_back();
    shell_.terminal().restore_settings();
    Shell::write_error("swebash: the command was given up; the session goes on\n");
    shell_.set_status(kFaultStatus);
    shell_.set_pipe_status(kFaultStatus);
    return false;
  }

  Executor& executor_;
  TextRunner& texts_;
  Shell& shell_;
  PromptSource source_;
  std::optional<Parser> parser_;
  UnitPtr unit_;
  std::optional<SyntaxError> complaint_;
  Flow flow_ = Flow::normal;
  u32 line_ = 1;
};

// Waits, stopped, until `group` has the terminal; false without one, or when nobody continues it.
bool comes_to_foreground(i32 group) {
  constexpr u32 kTries = 16;
  for (u32 i = 0; i < kTries; ++i) {
    const i64 owner = sys::foreground_get(2);
    if (owner < 0) return false;
    if (owner == group) return true;
    const i64 before = sys::signal_action(signal_number::kTerminalInput, abi::kSignalDefault);
    sys::kill(0, signal_number::kTerminalInput);
    sys::signal_action(signal_number::kTerminalInput, static_cast<u32>(before));
  }
  return false;
}

// bash: what it cannot do without a terminal. The number is that of the group which would have got
// it; there is none when the shell is the first of its own.
void tell_of_no_terminal(Shell& shell) {
  abi::TaskInfo info{};
  sys::task_info(&info);
  const i32 group = info.group == info.pid ? -1 : info.group;
  shell.report_message("cannot set terminal process group (" + std::to_string(group) +
                       "): Inappropriate ioctl for device");
  shell.report_message("no job control in this shell");
}

}  // namespace

void set_up_session(Shell& shell) {
  const auto set_default = [&](std::string_view name, std::string_view value) {
    if (shell.variables().get(name) == nullptr) {
      static_cast<void>(shell.variables().assign(name, value));
    }
  };
  set_default("PS1", "\\s-\\v\\$ ");
  set_default("PS2", "> ");
  shell.recorder().start_session(shell.script_name());
  shell.turn(SetOption::history, Switch::on);
  shell.turn(SetOption::histexpand, Switch::on);
  shell.turn(ShellOption::histappend, Switch::on);
  Traps& traps = shell.traps();
  traps.set_interactive();
  if (sys::is_terminal(2) != 1) {
    tell_of_no_terminal(shell);
    traps.ignore_for_shell(signal_number::kTerminate);
    return;
  }
  traps.catch_for_shell(signal_number::kInterrupt);
  traps.catch_for_shell(signal_number::kHangUp);
  traps.ignore_for_shell(signal_number::kTerminate);
  abi::TaskInfo info{};
  sys::task_info(&info);
  if (!comes_to_foreground(info.group)) return;
  const i32 outer_group = info.group;
  for (const i32 signal : {signal_number::kTerminalStop, signal_number::kTerminalInput,
                           signal_number::kTerminalOutput}) {
    traps.ignore_for_shell(signal);
  }
  if (info.group != info.pid) {
    sys::set_group(0, 0);
    sys::task_info(&info);
  }
  sys::foreground_set(2, info.group);
  // What is typed from now on may be for a group of tasks.
  traps.ignore_for_shell(signal_number::kQuit);
  traps.ignore_for_shell(signal_number::kTerminalStop);
  traps.catch_for_shell(signal_number::kWindowChange);
  shell.terminal().set(2, info.group, outer_group);
  shell.turn(SetOption::monitor, Switch::on);
  shell.terminal().keep_settings();
  shell.note_window_size();
}

Flow run_session(Executor& executor) {
  executor.shell().recorder().load();
  // Lives until the task ends: what runs under guard must find it where it was.
  return (new Session(executor))->run();
}

}  // namespace swebash::engine
