// SPDX-License-Identifier: Apache-2.0
#include "engine/jobs/jobs.hpp"

#include <algorithm>
#include <charconv>

#include "abi/guest.hpp"
#include "engine/jobs/traps.hpp"

namespace swebash::engine {
namespace {

constexpr usize kKeptStatuses = 4096, kKeptSubstitutions = 64;

bool interrupted(i64 answer) { return answer == -static_cast<i64>(Errno::intr); }

// Of `process` in a job whose status is `status`. `why`: what stopped it too.
std::string state_text(const Job& job, const Process& process, ExitStatus status, bool why) {
  switch (job.state()) {
    case ProcessState::running: return "Running";
    case ProcessState::stopped:
      return !why || process.signal == signal_number::kTerminalStop || process.signal == 0
                 ? "Stopped"
                 : signal_description(process.signal);
    case ProcessState::done: break;
  }
  if (process.signal != 0) {
    std::string text = signal_description(process.signal);
    if (process.core_dumped) text += " (core dumped)";
    return text;
  }
  return status == 0 ? "Done" : "Exit " + std::to_string(status);
}

void send(const Job& job, i32 signal) noexcept {
  if (job.group > 0) {
    sys::kill(-job.group, signal);
    return;
  }
  for (const Process& process : job.processes) {
    if (process.state != ProcessState::done) sys::kill(process.pid, signal);
  }
}

}  // namespace

ExitStatus status_of(const abi::WaitResult& result) noexcept {
  return result.kind == abi::kExited ? result.code : 128 + result.code;
}

ProcessState Job::state() const noexcept {
  bool stopped = false;
  for (const Process& process : processes) {
    if (process.state == ProcessState::running) return ProcessState::running;
    stopped |= process.state == ProcessState::stopped;
  }
  return stopped ? ProcessState::stopped : ProcessState::done;
}

ExitStatus Job::status() const noexcept {
  if (processes.empty()) return 0;
  if (pipefail) {
    for (auto it = processes.rbegin(); it != processes.rend(); ++it) {
      if (it->status != 0) return it->status;
    }
    return 0;
  }
  return processes.back().status;
}

Job& Jobs::add(std::vector<Process> processes, std::string command, i32 group, bool background) {
  forget_inherited();
  may_have_children_ = true;
  i32 number = 1;
  for (const Job& job : jobs_) number = std::max(number, job.number + 1);
  jobs_.push_back(Job{.number = number,
                      .group = group,
                      .processes = std::move(processes),
                      .command = std::move(command),
                      .background = background,
                      .last_used = ++clock_});
  return jobs_.back();
}

void Jobs::add_substitution(i32 pid) {
  forget_inherited();
  may_have_children_ = true;
  substitutions_.push_back(pid);
  if (substitutions_.size() > kKeptSubstitutions) substitutions_.pop_front();
}

void Jobs::remove(const Job& job) {
  for (auto it = jobs_.begin(); it != jobs_.end(); ++it) {
    if (&*it != &job) continue;
    jobs_.erase(it);
    return;
  }
}

void Jobs::disown(const Job& job) {
  const Process& last = job.processes.back();
  if (job.background) {
    const bool done = last.state == ProcessState::done;
    keep_status(last.pid, done ? last.status : kSuccess);
    kept_.back().final = !done;
  }
  remove(job);
}

void Jobs::clear() {
  jobs_.clear();
  kept_.clear();
  substitutions_.clear();
}

Job* Jobs::find(i32 number) noexcept {
  for (Job& job : jobs_) {
    if (job.number == number) return &job;
  }
  return nullptr;
}

Job* Jobs::find_pid(i32 pid) noexcept {
  for (Job& job : jobs_) {
    for (const Process& process : job.processes) {
      if (process.pid == pid) return &job;
    }
  }
  return nullptr;
}

Job* Jobs::current() noexcept {
  Job* best = nullptr;
  // A stopped job comes before one that runs.
  const auto rank = [](const Job& job) { return job.state() == ProcessState::stopped ? 1 : 0; };
  for (Job& job : jobs_) {
    if (best == nullptr || rank(job) > rank(*best) ||
        (rank(job) == rank(*best) && job.last_used > best->last_used)) {
      best = &job;
    }
  }
  return best;
}

Job* Jobs::previous() noexcept {
  const Job* first = current();
  Job* best = nullptr;
  const auto rank = [](const Job& job) { return job.state() == ProcessState::stopped ? 1 : 0; };
  for (Job& job : jobs_) {
    if (&job == first) continue;
    if (best == nullptr || rank(job) > rank(*best) ||
        (rank(job) == rank(*best) && job.last_used > best->last_used)) {
      best = &job;
    }
  }
  return best;
}

Jobs::Lookup Jobs::lookup(std::string_view spec) {
  if (!spec.empty() && spec[0] == '%') spec.remove_prefix(1);
  if (spec.empty() || spec == "+" || spec == "%") return {current(), "no such job"};
  if (spec == "-") {
    Job* job = previous();
    return {job != nullptr ? job : current(), "no such job"};
  }
  if (spec[0] >= '0' && spec[0] <= '9') {
    i32 number = 0;
    const auto [end, error] = std::from_chars(spec.data(), spec.data() + spec.size(), number);
    if (error == std::errc{} && end == spec.data() + spec.size()) {
      return {find(number), "no such job"};
    }
  }
  const bool anywhere = spec[0] == '?';
  if (anywhere) spec.remove_prefix(1);
  Job* match = nullptr;
  for (Job& job : jobs_) {
    const bool matches = anywhere ? job.command.find(spec) != std::string::npos
                                  : std::string_view(job.command).starts_with(spec);
    if (!matches) continue;
    if (match != nullptr) return {nullptr, kAmbiguous};
    match = &job;
  }
  return {match, "no such job"};
}

void Jobs::record(const abi::WaitResult& result) {
  Job* job = find_pid(result.pid);
  const ExitStatus status = status_of(result);
  const bool ended = result.kind == abi::kExited || result.kind == abi::kSignaled;
  if (ended) traps_.note_child();
  if (job == nullptr) {
    if (ended) {
      const auto kept = std::ranges::find(kept_, result.pid, &Kept::pid);
      if (kept == kept_.end() || !std::exchange(kept->final, false)) {
        keep_status(result.pid, status);
      }
      std::erase(substitutions_, result.pid);
    }
    return;
  }
  for (Process& process : job->processes) {
    if (process.pid != result.pid) continue;
    switch (result.kind) {
      case abi::kStopped:
        process.state = ProcessState::stopped;
        process.signal = result.code;
        process.status = 128 + result.code;
        break;
      case abi::kContinued:
        process.state = ProcessState::running;
        process.signal = 0;
        break;
      default:
        process.state = ProcessState::done;
        process.status = status;
        process.signal = result.kind == abi::kSignaled ? result.code : 0;
        process.core_dumped = result.core_dumped != 0;
        if (job->background && &process == &job->processes.back()) {
          keep_status(process.pid, status);
        }
    }
  }
  job->notified = false;
}

void Jobs::reap() {
  if (!may_have_children_ || inherited_) return;
  for (;;) {
    abi::WaitResult result;
    constexpr u32 kFlags = abi::kWaitNoHang | abi::kWaitUntraced | abi::kWaitContinued;
    const i64 answer = sys::wait(-1, kFlags, &result);
    if (answer == -static_cast<i64>(Errno::child)) may_have_children_ = false;
    if (answer <= 0) return;
    record(result);
  }
}

void Jobs::hang_up_all() noexcept {
  for (const Job& job : jobs_) {
    const ProcessState state = job.state();
    if (job.no_hangup || state == ProcessState::done) continue;
    send(job, signal_number::kHangUp);
    if (state == ProcessState::stopped) send(job, signal_number::kContinue);
  }
}

void Jobs::end_stopped() noexcept {
  if (inherited_) return;
  for (const Job& job : jobs_) {
    if (job.state() != ProcessState::stopped) continue;
    send(job, signal_number::kTerminate);
    send(job, signal_number::kContinue);
  }
}

void Jobs::hang_up() noexcept {
  hang_up_all();
  sys::die(signal_number::kHangUp);
  __builtin_unreachable();
}

// What a signal that came during a wait asks of the wait itself.
void Jobs::heed_signals() noexcept {
  traps_.collect();
  if (traps_.hangs_up()) hang_up();
}

ExitStatus Jobs::wait_process(i32 pid, bool untraced, i32* stopped_signal) {
  for (;;) {
    abi::WaitResult result;
    const u32 flags = abi::kWaitForeground | (untraced ? u32{abi::kWaitUntraced} : 0u);
    const i64 answer = sys::wait(pid, flags, &result);
    if (answer > 0) {
      if (result.kind == abi::kStopped) {
        if (stopped_signal != nullptr) *stopped_signal = result.code;
        return 128 + result.code;
      }
      if (result.kind == abi::kSignaled && stopped_signal != nullptr) {
        *stopped_signal = -result.code;
      }
      traps_.note_child();
      const bool of_interrupt =
          result.kind == abi::kSignaled && result.code == signal_number::kInterrupt;
      if (!of_interrupt) traps_.forget_interrupt();
      return status_of(result);
    }
    if (interrupted(answer)) {
      heed_signals();
      if (traps_.is_ending()) return kFailure;
      continue;
    }
    // Reaped before, by a wait for any child.
    return kept_status(pid).value_or(127);
  }
}

Jobs::Round Jobs::wait_round(i32 pid, u32 flags) {
  abi::WaitResult result;
  const i64 answer = sys::wait(pid, flags, &result);
  if (answer > 0) {
    record(result);
    // bash: a signal that came first has ended the wait.
    return traps_.breaks_wait() ? Round::trap : Round::change;
  }
  if (!interrupted(answer)) return Round::no_child;
  heed_signals();
  return traps_.breaks_wait() ? Round::trap : Round::change;
}

WaitEnd Jobs::wait_job(Job& job, bool interruptible, Stops stops) {
  const bool untraced = job.controlled && stops == Stops::end_wait;
  for (;;) {
    const auto next = std::ranges::find_if(job.processes, [&](const Process& process) {
      return process.state == ProcessState::running ||
             (process.state == ProcessState::stopped && stops != Stops::end_wait);
    });
    if (next == job.processes.end()) {
      return job.state() == ProcessState::stopped ? WaitEnd::stopped : WaitEnd::done;
    }
    const Round round = wait_round(next->pid, untraced ? abi::kWaitUntraced : 0u);
    if (round == Round::trap && interruptible) return WaitEnd::interrupted;
    if (round != Round::no_child) continue;
    next->state = ProcessState::done;
    next->status = kept_status(next->pid).value_or(127);
  }
}

std::optional<ExitStatus> Jobs::wait_pid(i32 pid, bool interruptible, WaitEnd& end, Stops stops) {
  forget_inherited();
  end = WaitEnd::done;
  Job* job = find_pid(pid);
  Process* process = nullptr;
  if (job != nullptr) process = &*std::ranges::find(job->processes, pid, &Process::pid);
  const auto runs = [&] {
    if (process != nullptr) {
      return process->state == ProcessState::running ||
             (process->state == ProcessState::stopped && stops != Stops::end_wait);
    }
    return std::ranges::find(substitutions_, pid) != substitutions_.end();
  };
  while (runs()) {
    const bool untraced = job != nullptr && job->controlled && stops == Stops::end_wait;
    const Round round = wait_round(pid, untraced ? abi::kWaitUntraced : 0u);
    if (round == Round::trap && interruptible) {
      end = WaitEnd::interrupted;
      return 0;
    }
    if (round != Round::no_child) continue;
    std::erase(substitutions_, pid);
    if (process == nullptr) continue;
    process->state = ProcessState::done;
    process->status = kept_status(pid).value_or(127);
  }
  if (process == nullptr) return kept_status(pid);
  if (process->state == ProcessState::stopped) end = WaitEnd::stopped;
  return process->status;
}

std::optional<ExitStatus> Jobs::wait_any(std::span<const i32> among, i32& pid, WaitEnd& end) {
  forget_inherited();
  end = WaitEnd::done;
  const auto wanted = [&](const Job& job) {
    if (!job.background) return false;
    return among.empty() || std::ranges::any_of(among, [&](i32 one) {
             return std::ranges::find(job.processes, one, &Process::pid) != job.processes.end();
           });
  };
  for (;;) {
    bool running = false;
    for (Job& job : jobs_) {
      if (!wanted(job)) continue;
      if (job.state() == ProcessState::done) {
        pid = job.processes.back().pid;
        return job.status();
      }
      running = true;
    }
    if (!running) return std::nullopt;
    switch (wait_round(-1, 0)) {
      case Round::change: break;
      case Round::trap: end = WaitEnd::interrupted; return 0;
      case Round::no_child: return std::nullopt;
    }
  }
}

WaitEnd Jobs::wait_all() {
  forget_inherited();
  for (;;) {
    const bool running = std::ranges::any_of(jobs_, [](const Job& job) {
      return job.background && job.state() == ProcessState::running;
    });
    if (!running) return WaitEnd::done;
    switch (wait_round(-1, 0)) {
      case Round::change: break;
      case Round::trap: return WaitEnd::interrupted;
      case Round::no_child:
        for (Job& job : jobs_) {
          for (Process& process : job.processes) process.state = ProcessState::done;
        }
        return WaitEnd::done;
    }
  }
}

std::optional<ExitStatus> Jobs::kept_status(i32 pid) const noexcept {
  for (auto it = kept_.rbegin(); it != kept_.rend(); ++it) {
    if (it->pid == pid) return it->status;
  }
  return std::nullopt;
}

void Jobs::keep_status(i32 pid, ExitStatus status) {
  std::erase_if(kept_, [&](const Kept& kept) { return kept.pid == pid; });
  kept_.push_back({pid, status});
  if (kept_.size() > kKeptStatuses) kept_.pop_front();
}

std::vector<Jobs::Dead> Jobs::take_dead(bool all) {
  std::vector<Dead> dead;
  if (inherited_ || jobs_.empty()) return dead;
  reap();
  const auto is_dead = [all](const Job& job) {
    return job.background && job.state() == ProcessState::done &&
           (all || job.processes.back().signal != 0);
  };
  for (const Job& job : jobs_) {
    if (is_dead(job)) dead.push_back({job.processes.back(), job.command, describe(job, false)});
  }
  if (!dead.empty()) std::erase_if(jobs_, is_dead);
  return dead;
}

void Jobs::drop_done(bool quiet) {
  std::erase_if(jobs_, [&](const Job& job) {
    return job.state() == ProcessState::done && (quiet || job.notified);
  });
}

std::string Jobs::describe(const Job& job, bool with_pids) {
  const char mark = &job == current() ? '+' : &job == previous() ? '-' : ' ';
  std::string line = "[" + std::to_string(job.number) + "]" + mark + " ";
  const auto put_pid = [&line](const Process& process) {
    std::string pid = std::to_string(process.pid);
    if (pid.size() < 5) pid.insert(0, 5 - pid.size(), ' ');
    line += pid;
  };
  if (with_pids) put_pid(job.processes.front());
  line += ' ';
  // bash: the state is padded to 24 columns.
  constexpr usize kState = 24;
  const Process& first = job.processes.front();
  // With its pids, each stage of a pipeline stands on a line of its own.
  const bool apart = with_pids && job.processes.size() > 1 && !first.command.empty();
  const Process& shown = apart ? first : job.processes.back();
  std::string state = state_text(job, shown, apart ? first.status : job.status(), with_pids);
  if (state.size() < kState) state.resize(kState, ' ');
  line += state;
  line += apart ? first.command : job.command;
  for (usize i = 1; apart && i < job.processes.size(); ++i) {
    const Process& process = job.processes[i];
    line += "\n     ";
    put_pid(process);
    line += ' ';
    const bool same = process.state == first.state && process.status == first.status;
    state = same ? std::string() : state_text(job, process, process.status, with_pids);
    const usize width = same ? kState - 2 : kState;
    if (state.size() < width) state.resize(width, ' ');
    line.append(state).append("| ").append(process.command);
  }
  if (job.background && job.state() == ProcessState::running) line += " &";
  return line;
}

}  // namespace swebash::engine
