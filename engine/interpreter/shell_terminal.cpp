// SPDX-License-Identifier: Apache-2.0
//
// Shell at a prompt: what it does before one, its terminal's modes and size, and its jobs at the
// end.
#include <string>
#include <vector>

#include "abi/guest.hpp"
#include "engine/interpreter/shell.hpp"

namespace swebash::engine {

std::string Shell::prompt_text(std::string_view text) {
  const ExitStatus status = status_;
  std::string shown = expander_->prompt(text);
  status_ = status;
  return shown;
}

bool Shell::may_leave_jobs() {
  // The end of input counts as a command.
  const bool warned = warned_at_ != 0 && command_number_ <= warned_at_ + 1;
  bool stopped = false, running = false;
  jobs_.reap();
  for (const Job& job : jobs_.all()) {
    stopped |= job.state() == ProcessState::stopped;
    running |= job.state() == ProcessState::running;
  }
  running &= on(ShellOption::checkjobs);
  if (warned || (!stopped && !running)) return true;
  warned_at_ = command_number_;
  write_error(stopped ? "There are stopped jobs.\n" : "There are running jobs.\n");
  return false;
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

void Shell::end_job_control() {
  if (subshell_level_ > 0 || !on(SetOption::monitor)) return;
  jobs_.end_stopped();
  if (terminal_fd_ < 0) return;
  sys::foreground_set(terminal_fd_, outer_group_);
  if (outer_group_ != terminal_group_) sys::set_group(0, outer_group_);
}

void Shell::follow_terminal(Switch value) {
  terminal_fd_ = -1;
  if (value == Switch::off) return;
  abi::TaskInfo info{};
  sys::task_info(&info);
  for (const i32 fd : {2, 0, 1}) {
    if (sys::is_terminal(fd) != 1 || sys::foreground_get(fd) != info.group) continue;
    set_terminal(fd, info.group, info.group);
    return;
  }
}

void Shell::resume_job_control() {
  if (terminal_fd_ < 0) return;
  if (outer_group_ != terminal_group_) sys::set_group(0, terminal_group_);
  take_terminal_back();
}

void Shell::keep_terminal_settings() {
  abi::Terminal settings;
  if (terminal_fd_ >= 0 && sys::terminal_get(terminal_fd_, &settings) >= 0) {
    terminal_settings_ = settings;
  }
}

void Shell::restore_terminal_settings() {
  if (terminal_fd_ >= 0 && terminal_settings_) {
    sys::terminal_set(terminal_fd_, 1, &*terminal_settings_);
  }
}

void Shell::note_window_size() {
  if (terminal_fd_ < 0 || !on(ShellOption::checkwinsize)) return;
  abi::WindowSize size{};
  if (sys::window_size(terminal_fd_, &size) < 0 || size.rows == 0 || size.columns == 0) return;
  const auto note = [this](std::string_view name, u16 count) {
    std::string text = std::to_string(count);
    const std::string* old = variables_.get(name);
    if (old == nullptr || *old != text) static_cast<void>(variables_.assign(name, text));
  };
  note("LINES", size.rows);
  note("COLUMNS", size.columns);
}

}  // namespace swebash::engine
