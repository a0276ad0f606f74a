// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"
#include "engine/interpreter/exec.hpp"

namespace swebash::engine::builtins {
namespace {

// POSIX XCU 2.12: a trapped signal ends the wait at once with a status above 128.
ExitStatus interrupted(Shell& shell) {
  for (i32 signal = 1; signal < kSignalCount - 1; ++signal) {
    if (shell.traps().is_pending(signal)) return 128 + signal;
  }
  return 128;
}

ExitStatus wait_for_jobs(Invocation& invocation) {
  bool any = false;
  std::string variable;
  OptionParser options(invocation, "fnp:");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'n': any = true; break;
      case 'p': variable = options.argument(); break;
      default: break;
    }
  }
  Shell& shell = invocation.shell;
  Jobs& jobs = shell.jobs();
  const auto operands = options.operands();
  if (!variable.empty()) {
    if (!shell.expander().operand_reference(variable)) {
      invocation.error("`" + variable + "'", "not a valid identifier");
      return kFailure;
    }
    static_cast<void>(shell.variables().unset(variable));
  }
  const auto keep_pid = [&](i32 pid) {
    if (!variable.empty()) {
      static_cast<void>(shell.expander().assign_reference(variable, std::to_string(pid)));
    }
  };
  if (any) {
    std::vector<i32> among;
    for (const std::string& operand : operands) {
      if (operand.starts_with('%')) {
        const Jobs::Lookup lookup = jobs.lookup(operand);
        if (lookup.job == nullptr) {
          invocation.error(lookup.name(operand), lookup.problem);
          if (lookup.problem == Jobs::kAmbiguous) invocation.error(operand, "no such job");
        } else {
          among.push_back(lookup.job->processes.back().pid);
        }
      } else if (const auto pid = parse_integer(operand)) {
        if (jobs.find_pid(static_cast<i32>(*pid)) != nullptr) {
          among.push_back(static_cast<i32>(*pid));
        } else {
          invocation.error(operand, "no such job");
        }
      } else {
        invocation.error("`" + operand + "'", "not a pid or valid job spec");
      }
    }
    if (!operands.empty() && among.empty()) return 127;
    i32 pid = 0;
    WaitEnd end;
    const auto status = jobs.wait_any(among, pid, end);
    if (end == WaitEnd::interrupted) return interrupted(shell);
    if (!status) return 127;
    keep_pid(pid);
    if (Job* job = jobs.find_pid(pid); job != nullptr && !shell.interactive()) jobs.remove(*job);
    return *status;
  }
  if (operands.empty()) {
    if (jobs.wait_all() == WaitEnd::interrupted) return interrupted(shell);
    shell.executor().tell_of_dead_jobs();
    shell.executor().forget_coprocs();
    if (!shell.interactive()) jobs.drop_done(true);
    return kSuccess;
  }
  // Leaves the table when it is told of, below: what a signal ended, and at a prompt all.
  const auto will_be_told = [&shell](const Job& job) {
    return job.background && (shell.interactive() || job.processes.back().signal != 0);
  };
  ExitStatus status = kSuccess;
  for (const std::string& operand : operands) {
    WaitEnd end = WaitEnd::done;
    if (operand.starts_with('%')) {
      const Jobs::Lookup lookup = jobs.lookup(operand);
      if (lookup.job == nullptr) {
        invocation.error(lookup.name(operand), lookup.problem);
        status = 127;
        continue;
      }
      end = jobs.wait_job(*lookup.job, true);
      if (end == WaitEnd::interrupted) return interrupted(shell);
      status = lookup.job->status();
      keep_pid(lookup.job->processes.back().pid);
      if (end == WaitEnd::done && !will_be_told(*lookup.job)) jobs.remove(*lookup.job);
      continue;
    }
    const auto pid = parse_integer(operand);
    if (!pid || *pid <= 0) {
      invocation.error("`" + operand + "'", "not a pid or valid job spec");
      status = kFailure;
      continue;
    }
    const auto ended = jobs.wait_pid(static_cast<i32>(*pid), true, end);
    if (end == WaitEnd::interrupted) return interrupted(shell);
    if (!ended) {
      invocation.error("pid " + operand + " is not a child of this shell");
      status = 127;
      continue;
    }
    status = *ended;
    keep_pid(static_cast<i32>(*pid));
    if (Job* job = jobs.find_pid(static_cast<i32>(*pid));
        job != nullptr && job->state() == ProcessState::done && !will_be_told(*job)) {
      const Process& last = job->processes.back();
      if (last.signal != 0 && last.signal != signal_number::kTerminate && last.pid == *pid) {
        const std::string_view running = shell.set_running_builtin({});
        shell.executor().announce_death(last.pid, last.signal, job->command);
        shell.set_running_builtin(running);
      }
      jobs.remove(*job);
    }
  }
  return status;
}

}  // namespace

ExitStatus wait(Invocation& invocation) {
  const ExitStatus status = wait_for_jobs(invocation);
  invocation.shell.executor().tell_of_dead_jobs();
  invocation.shell.executor().forget_coprocs();
  if (invocation.shell.interactive()) invocation.shell.notify_jobs();
  return status;
}

}  // namespace swebash::engine::builtins
