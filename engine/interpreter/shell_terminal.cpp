// SPDX-License-Identifier: Apache-2.0
//
// Shell at a prompt: what it shows and says there, the terminal's size, and its jobs at the end.
#include <string>
#include <vector>

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
  if (on(ShellOption::checkjobs)) {
    for (const Job& job : jobs_.all()) write_error(jobs_.describe(job, false) + "\n");
  }
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
  terminal_.hand_over();
}

void Shell::note_window_size() {
  if (!on(ShellOption::checkwinsize)) return;
  const auto size = terminal_.size();
  if (!size) return;
  const auto note = [this](std::string_view name, u16 count) {
    std::string text = std::to_string(count);
    const std::string* old = variables_.get(name);
    if (old == nullptr || *old != text) static_cast<void>(variables_.assign(name, text));
  };
  note("LINES", size->rows);
  note("COLUMNS", size->columns);
}

}  // namespace swebash::engine
