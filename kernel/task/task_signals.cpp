// SPDX-License-Identifier: Apache-2.0
//
// Signals: actions, delivery, and the end they bring.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/assert.hpp"
#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/process/guardian.hpp"
#include "kernel/signals/host_signals.hpp"
#include "kernel/task/task.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel {

namespace {

constexpr SignalSet kUncatchable = signal_bit(SIGKILL) | signal_bit(SIGSTOP);

constexpr SignalSet kTyped = signal_bit(SIGINT) | signal_bit(SIGQUIT) | signal_bit(SIGTSTP);

constexpr u64 kDoomed = u64{1} << 63;
constexpr u64 kCoreDumped = u64{1} << 40;
constexpr int kKindShift = 32;

u64 encode(const ExitState& state) noexcept {
  return kDoomed | (state.core_dumped ? kCoreDumped : 0) |
         (static_cast<u64>(state.kind) << kKindShift) | static_cast<u32>(state.code);
}

}  // namespace

void Task::set_word() noexcept {
  if (std::atomic<u32>* word = word_.load()) word->store(1);
}

void Task::doom(ExitState state) noexcept {
  u64 none = 0;
  doomed_.compare_exchange_strong(none, encode(state));
  set_word();
  wakeup_.notify();
}

void Task::leave(ExitState state) noexcept {
  kernel_.leaves_.store(true);
  doom(state);
}

ExitState Task::end_state() const noexcept {
  const u64 encoded = doomed_.load();
  return {static_cast<ExitKind>((encoded >> kKindShift) & 1),
          static_cast<i32>(encoded & 0xffffffff), (encoded & kCoreDumped) != 0};
}

void Task::die(i32 signal) noexcept { doom(ExitState::signaled(signal)); }

void Task::broken_pipe() noexcept {
  const SignalSet bit = signal_bit(SIGPIPE);
  if ((caught_.load() & bit) != 0) {
    pending_.fetch_or(bit);
    set_word();
  } else if ((ignored_.load() & bit) == 0) {
    die(SIGPIPE);
  }
}

void Task::signal_word(std::atomic<u32>* word) {
  const KernelLock lock(kernel_.mutex_);
  word_.store(word);
  if (word != nullptr && (doomed() || is_stopped() || (pending_.load() & caught_.load()) != 0)) {
    word->store(1);
  }
}

SignalSet Task::signal_take() {
  while (true) {
    if (on_main_thread_) kernel_.distribute_host_signals();
    // Cleared before the set is taken: what comes in between sets it again.
    if (std::atomic<u32>* word = word_.load()) word->store(0);
    const Wakeup::Ticket ticket = wakeup_.prepare();
    if (doomed()) {
      set_word();
      return 0;
    }
    if (!is_stopped()) break;
    wakeup_.wait(ticket, -1);
  }
  const SignalSet taken = pending_.exchange(0);
  return taken & caught_.load();
}

SysResult<u32> Task::signal_action(i32 signal, u32 action) {
  if (!is_signal(signal) || action > abi::kSignalCatchHere) return std::unexpected(Errno::inval);
  const SignalSet bit = signal_bit(signal);
  if ((kUncatchable & bit) != 0) return std::unexpected(Errno::inval);
  if (!kernel_.is_program() && signal == abi::kAbandon) return std::unexpected(Errno::inval);
  if (signal == SIGINT && action != abi::kSignalAsk && !is_main() && on_main_thread_ &&
      !HostSignals::is_ignored(signal)) {
    HostSignals::watch_interrupt();
  }
  const bool inside = (HostSignals::kInside & bit) != 0;
  const bool host = is_main() && !inside && kernel_.is_program();
  if (!inside && kernel_.is_program() && (kernel_.main_->known_.load() & bit) == 0) {
    if (HostSignals::is_ignored(signal)) ignored_.fetch_or(bit);
    if (host) known_.fetch_or(bit);
  }
  u32 before = abi::kSignalDefault;
  if ((ignored_.load() & bit) != 0) {
    before = (ignored_here_.load() & bit) != 0 ? abi::kSignalIgnoreHere : abi::kSignalIgnore;
  }
  if ((caught_.load() & bit) != 0) before = abi::kSignalCatch;
  if (action == abi::kSignalAsk) return before;
  ignored_here_.fetch_and(~bit);
  ignored_below_.fetch_and(~bit);
  switch (action) {
    case abi::kSignalIgnoreHere: ignored_here_.fetch_or(bit); [[fallthrough]];
    case abi::kSignalIgnore:
      ignored_.fetch_or(bit);
      caught_.fetch_and(~bit);
      if (host && signal == SIGCHLD) {
        // A host that ignores it has its children reaped before it can ask how they ended.
        HostSignals::default_signal(signal);
      } else if (host && action == abi::kSignalIgnoreHere && (kTyped & bit) != 0 &&
                 kernel_.hands_terminal_on_.load()) {
        // Not for this task, but for those of the group that has the terminal.
        HostSignals::catch_signal(signal);
      } else if (host && action == abi::kSignalIgnoreHere && signal == SIGQUIT) {
        HostSignals::swallow_signal(signal);
        kernel_.host_ignored_.fetch_and(~bit);
      } else if (host) {
        HostSignals::ignore_signal(signal);
        kernel_.host_ignored_.fetch_or(bit);
      }
      break;
    case abi::kSignalCatchHere: ignored_below_.fetch_or(bit); [[fallthrough]];
    case abi::kSignalCatch:
      caught_.fetch_or(bit);
      ignored_.fetch_and(~bit);
      if (host) {
        HostSignals::catch_signal(signal);
        kernel_.host_ignored_.fetch_and(~bit);
      }
      break;
    default:
      caught_.fetch_and(~bit);
      ignored_.fetch_and(~bit);
      if (host) {
        HostSignals::default_signal(signal);
        kernel_.host_ignored_.fetch_and(~bit);
      }
  }
  if ((caught_.load() & bit) == 0) pending_.fetch_and(~bit);
  return before;
}

Task& Kernel::thread_of_locked(Task& task) {
  Task* at = &task;
  while (at->placement_ == Placement::inline_on_parent && at->parent_ != nullptr) at = at->parent_;
  return *at;
}

bool Kernel::pass_on_locked(Task& task, i32 signal, Addressee addressee) {
  if (task.program_ < 0) {
    task.held_ |= signal_bit(signal);
    return true;
  }
  if (std::ranges::find(task.natives_, task.program_, &NativeChild::pid) == task.natives_.end()) {
    return false;
  }
  if (addressee == Addressee::task) ::kill(task.program_, signal);
  return signal != SIGCONT && default_action(signal) != DefaultAction::stop;
}

void Kernel::deliver_locked(Task& task, i32 signal, Addressee addressee) {
  if (signal == 0 || task.ended_) return;
  if (task.program_ != 0 && pass_on_locked(task, signal, addressee)) return;
  const SignalSet bit = signal_bit(signal);
  if (signal == SIGCONT && task.stopped_.exchange(false)) {
    task.stop_signal_ = 0;
    task.continued_ = true;
    nudge_locked(task);
    if (task.parent_ != nullptr) task.parent_->wakeup_.notify();
  }
  if ((kUncatchable & bit) == 0) {
    if ((task.ignored_.load() & bit) != 0) return;
    if ((task.caught_.load() & bit) != 0) {
      task.pending_.fetch_or(bit);
      task.set_word();
      task.wakeup_.notify();
      return;
    }
    // Whether it ends the task is decided when the child has ended that it waits for, a process or
    // a task on the same thread.
    if (signal == SIGINT && addressee == Addressee::group && task.on_main_thread_ &&
        (HostSignals::held.load() > 0 || &task != HostSignals::innermost.load())) {
      return;
    }
    // Nobody has asked about this one yet, so that no task knows it is ignored since the start.
    if (is_program() && (HostSignals::kInside & bit) == 0 && (main_->known_.load() & bit) == 0 &&
        HostSignals::is_ignored(signal)) {
      return;
    }
  }
  switch (default_action(signal)) {
    case DefaultAction::terminate: doom_locked(task, ExitState::signaled(signal)); break;
    case DefaultAction::stop:
      // What runs on the main thread has nobody to wake it.
      if (thread_of_locked(task).placement_ != Placement::pooled) break;
      task.stopped_.store(true);
      task.stop_signal_ = signal;
      nudge_locked(task);
      if (task.parent_ != nullptr) {
        task.parent_->wakeup_.notify();
        if ((task.parent_->caught_.load() & signal_bit(SIGCHLD)) != 0) {
          deliver_locked(*task.parent_, SIGCHLD);
        }
      }
      break;
    default: break;
  }
}

void Kernel::nudge_locked(Task& task) {
  task.set_word();
  task.wakeup_.notify();
  for (Task* child : task.children_) {
    if (child->placement_ == Placement::inline_on_parent && !child->ended_) nudge_locked(*child);
  }
}

void Kernel::deliver_to_group_locked(i32 group, i32 signal) {
  for (const auto& [pid, task] : tasks_) {
    if (group_of(*task) == group) deliver_locked(*task, signal, Addressee::group);
  }
}

void Kernel::take_group_news_locked() {
  for (auto& [group, mixed] : groups_) {
    if (mixed.proxy == nullptr) continue;
    const SignalSet taken = mixed.proxy->take();
    if ((taken & signal_bit(SIGKILL)) != 0) mixed.proxy.reset();
    for (SignalSet set = taken; set != 0; set &= set - 1) {
      deliver_to_group_locked(group, lowest_signal(set));
    }
  }
}

void Kernel::deliver_child_news_locked() {
  const auto look = [this](Task& task) SWEBASH_REQUIRES(kKernelLock) {
    for (NativeChild& child : task.natives_) {
      siginfo_t info = {};
      constexpr int kAny = WEXITED | WSTOPPED | WNOHANG | WNOWAIT;
      if (::waitid(P_PID, static_cast<id_t>(child.pid), &info, kAny) != 0) continue;
      const bool news = info.si_pid == child.pid;
      if (news && !child.told) deliver_locked(task, SIGCHLD);
      child.told = news;
    }
  };
  look(*main_);
  for (const auto& [pid, task] : tasks_) look(*task);
}

void Kernel::hear_of_group_locked(i32 signal) {
  // How far apart the host and its child may be seen to get a signal of their group, on a machine
  // with much else to do.
  constexpr i64 kAtOnce = 1'000'000'000;
  const SignalSet bit = signal_bit(signal);
  const bool coming = HostSignals::is_coming(signal);
  const bool came = heard_at_ != 0 && monotonic_now() - heard_at_ < kAtOnce;
  if (!is_program() || (!coming && !came)) return;
  for (const auto& [pid, task] : tasks_) {
    if (group_of(*task) != host_group() || (!coming && (task->heard_ & bit) == 0)) continue;
    task->heard_ &= ~bit;
    deliver_locked(*task, signal, Addressee::group);
  }
}

void Kernel::distribute_host_signals() {
  if (HostSignals::child_news.load()) {
    HostSignals::child_news.store(false);
    const KernelLock lock(mutex_);
    deliver_child_news_locked();
  }
  if (HostSignals::group_news.load()) {
    HostSignals::group_news.store(false);
    for (Task* task = HostSignals::innermost.load(); task != nullptr; task = task->outer_) {
      task->take_ended();
    }
    const KernelLock lock(mutex_);
    take_group_news_locked();
  }
  if ((HostSignals::sent.load() | HostSignals::typed.load()) == 0) return;
  // They are taken under the lock, so that nobody finds them neither noted nor given on.
  const KernelLock lock(mutex_);
  const SignalSet sent = HostSignals::sent.exchange(0);
  const SignalSet typed = HostSignals::typed.exchange(0);
  for (SignalSet set = sent; set != 0; set &= set - 1) {
    const i32 signal = lowest_signal(set);
    deliver_locked(*main_, signal);
    heard_at_ = monotonic_now();
    for (const auto& [pid, task] : tasks_) task->heard_ |= signal_bit(signal);
    // An interactive shell ends of it, whatever it waits for on its own thread.
    if (signal != SIGHUP || !hands_terminal_on_.load()) continue;
    for (const auto& [pid, task] : tasks_) {
      if (task->on_main_thread_ && !task->ended_) deliver_locked(*task, signal);
    }
  }
  if (typed == 0) return;
  const i32 group = foreground_ != 0 ? foreground_ : host_group();
  for (SignalSet set = typed; set != 0; set &= set - 1) {
    const i32 signal = lowest_signal(set);
    // The host has these for itself too: its terminal has changed, or is gone.
    if (group_of(*main_) == group || signal == SIGWINCH || signal == SIGHUP) {
      deliver_locked(*main_, signal, Addressee::group);
    }
    deliver_to_group_locked(group, signal);
    // One of its tasks was reading, and had the terminal's signals come here meanwhile.
    const pid_t real = group == host_group() ? 0 : real_group_locked(group);
    if (real > 0 && signal != SIGWINCH) ::kill(-real, signal);
  }
}

SysResult<void> Kernel::kill_group(i32 group, i32 signal) {
  bool found = false;
  pid_t real = 0;
  {
    const KernelLock lock(mutex_);
    // In a program the host's own group is told by the host.
    if (!is_program() && group_of(*main_) == group) {
      found = true;
      deliver_locked(*main_, signal, Addressee::group);
    }
    for (const auto& [pid, task] : tasks_) {
      if (group_of(*task) != group || task->ended_) continue;
      found = true;
      deliver_locked(*task, signal, Addressee::group);
    }
    real = real_group_locked(group);
  }
  if (real > 0) {
    const SysResult<void> sent = host_result(::kill(-real, signal));
    if (!found) return sent;
  }
  if (!found) return std::unexpected(Errno::srch);
  return {};
}

void Kernel::signal_all(i32 signal) {
  const KernelLock lock(mutex_);
  const auto send = [signal](const std::vector<NativeChild>& natives) {
    for (const NativeChild& child : natives) ::kill(child.pid, signal);
  };
  for (const auto& [pid, task] : tasks_) {
    deliver_locked(*task, signal, Addressee::group);
    send(task->natives_);
  }
  send(main_->natives_);
  send(orphans_);
}

bool Kernel::signal_session(i32 signal) {
  const KernelLock lock(mutex_);
  for (const auto& [pid, task] : tasks_) deliver_locked(*task, signal, Addressee::group);
  const SignalSet bit = signal_bit(signal);
  if ((main_->caught_.load() & bit) != 0) deliver_locked(*main_, signal);
  return ((main_->caught_.load() | main_->ignored_.load()) & bit) != 0;
}

Task::SignalActions Task::signal_actions() const noexcept {
  return {caught_.load(), ignored_.load(), ignored_here_.load(), ignored_below_.load()};
}

void Task::set_signal_actions(const SignalActions& actions) noexcept {
  caught_.store(actions.caught);
  ignored_.store(actions.ignored);
  ignored_here_.store(actions.ignored_here);
  ignored_below_.store(actions.ignored_below);
}

void Task::abandon_run() {
  const KernelLock lock(kernel_.mutex_);
  for (const auto& [pid, task] : kernel_.tasks_) task->doom(ExitState::signaled(SIGKILL));
  caught_.fetch_or(signal_bit(abi::kAbandon));
  pending_.fetch_or(signal_bit(abi::kAbandon));
  set_word();
  wakeup_.notify();
}

void Task::forget_abandon() noexcept {
  caught_.fetch_and(~signal_bit(abi::kAbandon));
  pending_.fetch_and(~signal_bit(abi::kAbandon));
}

// All that a session of a library can name is its own tasks.
SysResult<void> Task::kill_inside(i32 pid, i32 signal) {
  if (has_captures()) drain_captures();
  if (pid == 0) return kernel_.kill_group(kernel_.group_of(*this), signal);
  if (pid < -1) return kernel_.kill_group(-pid, signal);
  const KernelLock lock(kernel_.mutex_);
  if (pid == -1) {
    // As kill(2): not the caller.
    if (kernel_.main_.get() != this) kernel_.deliver_locked(*kernel_.main_, signal);
    for (const auto& [number, task] : kernel_.tasks_) {
      if (task.get() != this) kernel_.deliver_locked(*task, signal);
    }
    return {};
  }
  if (pid == kernel_.main_->pid_) {
    kernel_.deliver_locked(*kernel_.main_, signal);
    return {};
  }
  const auto found = kernel_.tasks_.find(pid);
  if (found == kernel_.tasks_.end()) return std::unexpected(Errno::srch);
  kernel_.deliver_locked(*found->second, signal);
  return {};
}

SysResult<void> Task::kill(i32 pid, i32 signal) {
  if (signal != 0 && !is_signal(signal)) return std::unexpected(Errno::inval);
  if (!kernel_.is_program()) return kill_inside(pid, signal);
  // A watchdog goes on after it has killed its shell, whose children end with it otherwise.
  if (signal != 0 && pid > 1 && pid == ::getppid()) Guardian::outlive_parent();
  // A loop that watches a child by kill -0 must not be what keeps it from writing.
  if (has_captures()) drain_captures();
  if (pid == 0) return kernel_.kill_group(kernel_.group_of(*this), signal);
  if (pid < -1) return kernel_.kill_group(-pid, signal);
  if (pid >= kFirstTaskPid) {
    const KernelLock lock(kernel_.mutex_);
    const auto found = kernel_.tasks_.find(pid);
    if (found == kernel_.tasks_.end()) return std::unexpected(Errno::srch);
    kernel_.deliver_locked(*found->second, signal);
    return {};
  }
  if (pid == kernel_.main_->pid_ && signal != 0 &&
      (HostSignals::kInside & signal_bit(signal)) != 0) {
    const KernelLock lock(kernel_.mutex_);
    kernel_.deliver_locked(*kernel_.main_, signal);
    return {};
  }
  if (pid == kernel_.main_->pid_ && signal == SIGCONT) kernel_.stops_later_.store(false);
  if (pid == kernel_.main_->pid_ && !is_main() && is_signal(signal) &&
      default_action(signal) == DefaultAction::stop &&
      ((kernel_.main_->caught_.load() | kernel_.main_->ignored_.load()) & signal_bit(signal)) ==
          0) {
    kernel_.stops_later_.store(true);
    return {};
  }
  if (pid == -1) {
    const KernelLock lock(kernel_.mutex_);
    for (const auto& [number, task] : kernel_.tasks_) {
      if (task.get() != this) kernel_.deliver_locked(*task, signal, Kernel::Addressee::group);
    }
  }
  return host_result(::kill(pid, signal));
}

}  // namespace swebash::kernel
