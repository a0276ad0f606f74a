// SPDX-License-Identifier: Apache-2.0
//
// Jobs: the children of a shell, by job, and how they ended.
//
// Every pipeline the shell starts is a Job of one or more processes (tasks or native programs,
// alike). reap() takes what the kernel knows without waiting; wait_* wait. Statuses of background
// processes are kept until `wait` asks. Not thread-safe; a subshell starts with an empty table.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abi/types.hpp"
#include "base/integers.hpp"
#include "engine/system/exit_status.hpp"

namespace swebash::engine {

class Traps;

enum class ProcessState : u8 { running, stopped, done };

struct Process {
  i32 pid = 0;
  ProcessState state = ProcessState::running;
  ExitStatus status = 0;  // 128 + N for a signal
  i32 signal = 0;         // that ended or stopped it
  bool core_dumped = false;
  std::string command = {};  // of a stage of a pipeline
};

struct Job {
  i32 number = 0;  // as in %1
  i32 group = 0;   // 0: in the shell's own group
  std::vector<Process> processes;
  std::string command;
  bool background = false;
  bool notified = false;    // its present state has been shown
  bool no_hangup = false;   // disown -h
  bool controlled = false;  // started under job control
  bool pipefail = false;
  u64 last_used = 0;  // what %+ and %- go by

  [[nodiscard]] ProcessState state() const noexcept;
  // Of the last process, or with pipefail of the last that failed.
  [[nodiscard]] ExitStatus status() const noexcept;
};

enum class WaitEnd : u8 { done, stopped, interrupted };

// Whether a wait is over when what it waits for has stopped.
enum class Stops : u8 { end_wait, count_for_nothing };

class Jobs {
 public:
  explicit Jobs(Traps& traps) : traps_(traps) {}

  // Adds a job and gives it the next number.
  Job& add(std::vector<Process> processes, std::string command, i32 group, bool background);
  // Notes the task of a process substitution, which is no job but may be waited for.
  void add_substitution(i32 pid);
  void remove(const Job& job);
  // Removes `job`. bash: wait answers at once for it, with the status it has now, 0 if it runs.
  void disown(const Job& job);
  void clear();
  // A subshell may list the jobs of its parent until it has one of its own; they are not its to
  // wait for.
  void enter_subshell() noexcept { inherited_ = true; }
  [[nodiscard]] std::deque<Job>& all() noexcept { return jobs_; }

  // The job with number `number`; that has process `pid`; null when there is none.
  [[nodiscard]] Job* find(i32 number) noexcept;
  [[nodiscard]] Job* find_pid(i32 pid) noexcept;
  // The job that `spec` names: %1 %+ %% %- %name %?text. Errors: "no such job", "ambiguous job
  // spec".
  static constexpr std::string_view kAmbiguous = "ambiguous job spec";
  struct Lookup {
    Job* job = nullptr;
    std::string_view problem;

    // What a message calls the operand.
    [[nodiscard]] std::string_view name(std::string_view operand) const noexcept {
      return problem == kAmbiguous && operand.starts_with('%') ? operand.substr(1) : operand;
    }
  };
  [[nodiscard]] Lookup lookup(std::string_view spec);
  [[nodiscard]] Job* current() noexcept;
  [[nodiscard]] Job* previous() noexcept;
  void make_current(Job& job) noexcept { job.last_used = ++clock_; }

  // Takes all that has changed, without waiting.
  void reap();
  // Sends SIGHUP to the jobs that are not kept from it.
  void hang_up_all() noexcept;
  // bash: an interactive shell that gets SIGHUP gives it to its jobs, and dies of it.
  [[noreturn]] void hang_up() noexcept;
  // bash: a shell with job control that ends sends SIGTERM to its stopped jobs, and lets them go
  // on.
  void end_stopped() noexcept;
  // Waits until `pid` has ended; its status. The pid need not belong to a job.
  // `untraced`: a stop ends the wait too (answered by `stopped_signal`).
  ExitStatus wait_process(i32 pid, bool untraced, i32* stopped_signal = nullptr);
  // Waits until every process of `job` has ended or stopped. `interruptible`: a caught signal ends
  // it.
  WaitEnd wait_job(Job& job, bool interruptible, Stops stops = Stops::end_wait);
  // Waits for `pid`, which may have been reaped before; empty when it is no child of ours.
  std::optional<ExitStatus> wait_pid(i32 pid, bool interruptible, WaitEnd& end,
                                     Stops stops = Stops::end_wait);
  // Waits until any background job of `among` (all, when empty) ends, which stays in the table; its
  // pid is put into `pid`.
  std::optional<ExitStatus> wait_any(std::span<const i32> among, i32& pid, WaitEnd& end);
  // Waits until no background job runs.
  WaitEnd wait_all();

  // Status of an ended background process that `wait` may still ask for.
  [[nodiscard]] std::optional<ExitStatus> kept_status(i32 pid) const noexcept;
  void keep_status(i32 pid, ExitStatus status);
  // Takes what has changed and then, out of the table, the background jobs that a signal ended, or
  // with `all` those that are done.
  struct Dead {
    Process last;
    std::string command;
    std::string line;  // as `jobs` prints it
  };
  [[nodiscard]] std::vector<Dead> take_dead(bool all);
  // Drops jobs that are done and whose end has been shown (or, `quiet`, all that are done).
  void drop_done(bool quiet);

  // "[1]+  Running                 sleep 10 &", as `jobs` prints it.
  [[nodiscard]] std::string describe(const Job& job, bool with_pids);
  [[nodiscard]] usize count() const noexcept { return jobs_.size(); }

 private:
  void heed_signals() noexcept;
  // Waits once for `pid` (-1: any child) and takes what changed.
  enum class Round : u8 {
    change,    // or nothing: look again
    trap,      // a signal came that has an action
    no_child,  // there is none to wait for
  };
  [[nodiscard]] Round wait_round(i32 pid, u32 flags);
  void record(const abi::WaitResult& result);
  void forget_inherited() {
    if (!std::exchange(inherited_, false)) return;
    clear();
    may_have_children_ = false;
  }

  bool inherited_ = false;
  bool may_have_children_ = false;  // that nobody waits for: disowned ones too

  Traps& traps_;
  std::deque<Job> jobs_;
  struct Kept {
    i32 pid;
    ExitStatus status;
    bool final = false;  // whatever the process does
  };
  std::deque<Kept> kept_;
  std::deque<i32> substitutions_;  // not yet known to have ended
  u64 clock_ = 0;
};

// The exit status that a wait's result stands for.
[[nodiscard]] ExitStatus status_of(const abi::WaitResult& result) noexcept;

}  // namespace swebash::engine
