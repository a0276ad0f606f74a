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

class Waiter {
 public:
  explicit Waiter(Invocation& invocation)
      : invocation_(invocation),
        shell_(invocation.shell),
        executor_(invocation.executor),
        jobs_(invocation.shell.jobs()) {}

  ExitStatus run() {
    bool any = false;
    OptionParser options(invocation_, "fnp:");
    while (const char letter = options.next()) {
      switch (letter) {
        case '?': return kUsage;
        case 'n': any = true; break;
        case 'p': variable_ = options.argument(); break;
        default: stops_ = Stops::count_for_nothing;
      }
    }
    if (!variable_.empty()) {
      if (!shell_.expander().operand_reference(variable_)) {
        invocation_.error("`" + variable_ + "'", "not a valid identifier");
        return kFailure;
      }
      static_cast<void>(shell_.variables().unset(variable_));
    }
    const auto operands = options.operands();
    if (any) return wait_any(operands);
    if (operands.empty()) return wait_all();
    ExitStatus status = kSuccess;
    for (const std::string& operand : operands) {
      const auto ended = operand.starts_with('%') ? wait_job(operand) : wait_pid(operand);
      if (!ended) return interrupted(shell_);
      status = *ended;
    }
    return status;
  }

 private:
  void keep_pid(i32 pid) {
    if (!variable_.empty()) {
      static_cast<void>(shell_.expander().assign_reference(variable_, std::to_string(pid)));
    }
  }

  // The process that an operand of -n names; empty after a complaint.
  std::optional<i32> process_of(const std::string& operand) {
    if (operand.starts_with('%')) {
      const Jobs::Lookup lookup = jobs_.lookup(operand);
      if (lookup.job != nullptr) return lookup.job->processes.back().pid;
      invocation_.error(lookup.name(operand), lookup.problem);
      if (lookup.problem == Jobs::kAmbiguous) invocation_.error(operand, "no such job");
      return std::nullopt;
    }
    const auto pid = parse_integer(operand);
    if (!pid) {
      invocation_.error("`" + operand + "'", "not a pid or valid job spec");
      return std::nullopt;
    }
    if (jobs_.find_pid(static_cast<i32>(*pid)) != nullptr) return static_cast<i32>(*pid);
    invocation_.error(operand, "no such job");
    return std::nullopt;
  }

  ExitStatus wait_any(std::span<const std::string> operands) {
    std::vector<i32> among;
    for (const std::string& operand : operands) {
      if (const auto pid = process_of(operand)) among.push_back(*pid);
    }
    if (!operands.empty() && among.empty()) return 127;
    i32 pid = 0;
    WaitEnd end;
    const auto status = jobs_.wait_any(among, pid, end);
    if (end == WaitEnd::interrupted) return interrupted(shell_);
    if (!status) return 127;
    keep_pid(pid);
    if (Job* job = jobs_.find_pid(pid); job != nullptr && !shell_.interactive()) {
      jobs_.remove(*job);
    }
    return *status;
  }

  ExitStatus wait_all() {
    if (jobs_.wait_all() == WaitEnd::interrupted) return interrupted(shell_);
    for (const Job& job : jobs_.all()) {
      if (job.state() == ProcessState::stopped) warn_of_stop(job);
    }
    executor_.tell_of_dead_jobs();
    executor_.forget_coprocs();
    if (!shell_.interactive()) jobs_.drop_done(true);
    return kSuccess;
  }

  void warn_of_stop(const Job& job) {
    invocation_.error("warning: job " + std::to_string(job.number) + "[" +
                      std::to_string(job.processes.back().pid) + "] stopped");
  }

  // Whether it leaves the table when it is told of: what a signal ended, and at a prompt all.
  [[nodiscard]] bool will_be_told(const Job& job) const {
    return job.background && (shell_.interactive() || job.processes.back().signal != 0);
  }

  // The status for one operand; empty when a signal ended the wait.
  std::optional<ExitStatus> wait_job(const std::string& operand) {
    const Jobs::Lookup lookup = jobs_.lookup(operand);
    if (lookup.job == nullptr) {
      invocation_.error(lookup.name(operand), lookup.problem);
      return 127;
    }
    const WaitEnd end = jobs_.wait_job(*lookup.job, true, stops_);
    if (end == WaitEnd::interrupted) return std::nullopt;
    if (end == WaitEnd::stopped) {
      shell_.report_message("warning: wait_for_job: job " + std::to_string(lookup.job->number) +
                            " is stopped");
    }
    const ExitStatus status = lookup.job->status();
    keep_pid(lookup.job->processes.back().pid);
    if (end == WaitEnd::done && !will_be_told(*lookup.job)) jobs_.remove(*lookup.job);
    return status;
  }

  std::optional<ExitStatus> wait_pid(const std::string& operand) {
    const auto pid = parse_integer(operand);
    if (!pid || operand[0] < '0' || operand[0] > '9') {
      invocation_.error("`" + operand + "'", "not a pid or valid job spec");
      return kFailure;
    }
    WaitEnd end = WaitEnd::done;
    const auto ended = jobs_.wait_pid(static_cast<i32>(*pid), true, end, stops_);
    if (end == WaitEnd::interrupted) return std::nullopt;
    if (!ended) {
      invocation_.error("pid " + std::to_string(*pid) + " is not a child of this shell");
      return 127;
    }
    keep_pid(static_cast<i32>(*pid));
    Job* const job = jobs_.find_pid(static_cast<i32>(*pid));
    if (job != nullptr && end == WaitEnd::stopped) warn_of_stop(*job);
    if (job == nullptr || job->state() != ProcessState::done || will_be_told(*job)) return ended;
    const Process& last = job->processes.back();
    if (last.signal != 0 && last.signal != signal_number::kTerminate && last.pid == *pid) {
      const std::string_view running = shell_.builtins().set_running({});
      executor_.announce_death(last.pid, last.signal, job->command);
      shell_.builtins().set_running(running);
    }
    jobs_.remove(*job);
    return ended;
  }

  Invocation& invocation_;
  Shell& shell_;
  Executor& executor_;
  Jobs& jobs_;
  std::string variable_;  // -p
  Stops stops_ = Stops::end_wait;
};

}  // namespace

ExitStatus wait(Invocation& invocation) {
  const ExitStatus status = Waiter(invocation).run();
  invocation.executor.tell_of_dead_jobs();
  invocation.executor.forget_coprocs();
  if (invocation.shell.interactive()) invocation.shell.notify_jobs();
  return status;
}

}  // namespace swebash::engine::builtins
