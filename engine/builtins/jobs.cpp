// SPDX-License-Identifier: Apache-2.0
//
// jobs, fg, bg, disown and suspend.
#include "engine/jobs/jobs.hpp"

#include "engine/builtins/declarations.hpp"
#include "engine/interpreter/exec.hpp"

namespace swebash::engine::builtins {
namespace {

// The job of an operand, or the current one; null (reported) when there is none.
Job* job_of(Invocation& invocation, std::span<const std::string> operands) {
  Jobs& jobs = invocation.shell.jobs();
  if (operands.empty()) {
    Job* job = jobs.current();
    if (job == nullptr) invocation.error("current", "no such job");
    return job;
  }
  const Jobs::Lookup lookup = jobs.lookup(operands[0]);
  if (lookup.job == nullptr) invocation.error(lookup.name(operands[0]), lookup.problem);
  return lookup.job;
}

// The job of an operand, or null and two messages for one that names several.
Job* only_job_of(Invocation& invocation, const std::string& operand) {
  const Jobs::Lookup lookup = invocation.shell.jobs().lookup(operand);
  if (lookup.job != nullptr) return lookup.job;
  invocation.error(lookup.name(operand), lookup.problem);
  if (lookup.problem == Jobs::kAmbiguous) invocation.error(operand, "no such job");
  return nullptr;
}

// jobs -x: runs a command whose words that name jobs are their groups.
ExitStatus run_with_groups(Invocation& invocation, std::span<const std::string> operands) {
  if (operands.empty()) return kSuccess;
  Shell& shell = invocation.shell;
  std::vector<std::string> words(operands.begin(), operands.end());
  for (std::string& word : words) {
    if (!word.starts_with('%')) continue;
    const Jobs::Lookup lookup = shell.jobs().lookup(word);
    if (lookup.job != nullptr) {
      abi::TaskInfo self{};
      sys::task_info(&self);
      word = std::to_string(lookup.job->group > 0 ? lookup.job->group : self.group);
    } else if (lookup.problem == Jobs::kAmbiguous) {
      invocation.error(lookup.name(word), lookup.problem);
    }
  }
  invocation.out.flush();
  const std::string_view running = shell.builtins().set_running({});
  const Flow flow = invocation.executor.run_words(words, FunctionLookup::with, false);
  shell.builtins().set_running(running);
  shell.flow().pass_on(flow);
  return shell.last_status();
}

bool has_job_control(Invocation& invocation) {
  if (invocation.shell.on(SetOption::monitor)) return true;
  invocation.error("no job control");
  return false;
}

// The job that fg or bg is to resume; null with the status where there is none, which is said.
Job* job_to_resume(Invocation& invocation, ExitStatus& status) {
  status = kFailure;
  if (!has_job_control(invocation)) return nullptr;
  OptionParser options(invocation, "");
  while (const char letter = options.next()) {
    if (letter != '?') continue;
    status = kUsage;
    return nullptr;
  }
  invocation.shell.jobs().reap();
  return job_of(invocation, options.operands());
}

void resume(Job& job) {
  for (Process& process : job.processes) {
    if (process.state == ProcessState::stopped) {
      process.state = ProcessState::running;
      process.signal = 0;
    }
  }
  sys::kill(job.group > 0 ? -job.group : job.processes[0].pid, signal_number::kContinue);
}

}  // namespace

ExitStatus jobs(Invocation& invocation) {
  invocation.shell.note_jobs_shown();
  bool pids = false, numbers_only = false, changed = false, running = false, stopped = false;
  bool run = false;
  OptionParser options(invocation, "lpnrsx");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'l': pids = true; break;
      case 'p': numbers_only = true; break;
      case 'n': changed = true; break;
      case 'r': running = true; break;
      case 'x':
        if (pids || numbers_only || changed || running || stopped) {
          invocation.error("no other options allowed with `-x'");
          return kFailure;
        }
        run = true;
        break;
      default: stopped = true;
    }
  }
  Jobs& table = invocation.shell.jobs();
  table.reap();
  if (run) return run_with_groups(invocation, options.operands());
  invocation.out.set_failure(Output::Failure::unnoticed);
  ExitStatus status = kSuccess;
  const auto show = [&](Job& job) {
    if (running && job.state() != ProcessState::running) return;
    if (stopped && job.state() != ProcessState::stopped) return;
    if (changed && job.notified) return;
    if (numbers_only) {
      put_line(invocation.out, std::to_string(job.processes.front().pid));
    } else {
      put_line(invocation.out, table.describe(job, pids));
    }
    job.notified = true;
  };
  if (options.operands().empty()) {
    for (Job& job : table.all()) {
      if (job.background || job.state() == ProcessState::stopped) show(job);
    }
  } else {
    for (const std::string& operand : options.operands()) {
      if (Job* job = only_job_of(invocation, operand)) {
        show(*job);
      } else {
        status = kFailure;
      }
    }
  }
  table.drop_done(false);
  return status;
}

ExitStatus fg(Invocation& invocation) {
  ExitStatus status = kSuccess;
  Job* const job = job_to_resume(invocation, status);
  if (job == nullptr) return status;
  Shell& shell = invocation.shell;
  put_line(invocation.out, job->command);
  invocation.out.flush();
  job->background = false;
  job->notified = true;
  shell.jobs().make_current(*job);
  if (shell.terminal().exists() && job->group > 0) {
    sys::foreground_set(shell.terminal().fd(), job->group);
  }
  resume(*job);
  status = invocation.executor.wait_job_foreground(*job);
  if (job->state() == ProcessState::done) shell.jobs().remove(*job);
  return status;
}

ExitStatus bg(Invocation& invocation) {
  ExitStatus status = kSuccess;
  Job* const job = job_to_resume(invocation, status);
  if (job == nullptr) return status;
  if (job->state() == ProcessState::running) {
    invocation.error("job " + std::to_string(job->number) + " already in background");
    return kSuccess;
  }
  job->background = true;
  resume(*job);
  invocation.shell.set_last_background_pid(job->processes.back().pid);
  put_line(invocation.out, "[" + std::to_string(job->number) + "]+ " + job->command + " &");
  return kSuccess;
}

ExitStatus disown(Invocation& invocation) {
  bool all = false, keep = false, running = false;
  OptionParser options(invocation, "ahr");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'a': all = true; break;
      case 'h': keep = true; break;
      default: running = true;
    }
  }
  Jobs& table = invocation.shell.jobs();
  table.reap();
  const auto drop = [&](Job& job) {
    if (keep) {
      job.no_hangup = true;
    } else {
      table.disown(job);
    }
  };
  if (all || (running && options.operands().empty())) {
    for (usize i = table.all().size(); i-- > 0;) {
      Job& job = table.all()[i];
      if (running && job.state() != ProcessState::running) continue;
      // bash: what becomes of them is not known, even to wait.
      keep ? drop(job) : table.remove(job);
    }
    return kSuccess;
  }
  if (options.operands().empty()) {
    Job* job = job_of(invocation, {});
    if (job == nullptr) return kFailure;
    drop(*job);
    return kSuccess;
  }
  ExitStatus status = kSuccess;
  for (const std::string& operand : options.operands()) {
    Job* job = nullptr;
    if (const auto pid = parse_integer(operand); pid && !operand.starts_with('%')) {
      job = table.find_pid(static_cast<i32>(*pid));
      if (job == nullptr) invocation.error(operand, "no such job");
    } else {
      job = only_job_of(invocation, operand);
    }
    if (job == nullptr) {
      status = kFailure;
    } else {
      drop(*job);
    }
  }
  return status;
}

ExitStatus suspend(Invocation& invocation) {
  bool force = false;
  OptionParser options(invocation, "f");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    force = true;
  }
  Shell& shell = invocation.shell;
  if (!force) {
    if (!shell.on(SetOption::monitor)) {
      invocation.error("cannot suspend: no job control");
      return kFailure;
    }
    if (shell.login()) {
      invocation.error("cannot suspend a login shell");
      return kFailure;
    }
  }
  const i64 answer = sys::kill(shell.task_pid(), signal_number::kStop);
  return answer < 0 ? kFailure : kSuccess;
}

}  // namespace swebash::engine::builtins
