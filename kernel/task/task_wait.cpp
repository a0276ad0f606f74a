// SPDX-License-Identifier: Apache-2.0
//
// Waiting for children, wasm tasks and native processes alike.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "kernel/audit/account.hpp"
#include "kernel/kernel.hpp"
#include "kernel/process/guardian.hpp"
#include "kernel/signals/host_signals.hpp"
#include "kernel/task/task.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel {

namespace {

// Where a stop or an end cannot be polled for: no pidfd, or stops seen from a pooled thread.
constexpr i64 kLookAgain = 20'000'000;

int host_options(u32 flags) noexcept {
  return ((flags & abi::kWaitUntraced) != 0 ? WUNTRACED : 0) |
         ((flags & abi::kWaitContinued) != 0 ? WCONTINUED : 0);
}

}  // namespace

bool Task::matches(i32 pid, i32 child, i32 child_group) {
  if (pid > 0) return pid == child;
  if (pid == -1) return true;
  const i32 wanted = pid == 0 ? kernel_.group_of(*this) : -pid;
  return wanted == (child_group == 0 ? kernel_.host_group() : child_group);
}

// What is waited for before anybody looked whose SIGCHLD that was.
void Task::tell_of_child(pid_t pid) {
  const KernelLock lock(kernel_.mutex_);
  const auto child = std::ranges::find(natives_, pid, &NativeChild::pid);
  if (child == natives_.end()) return;
  if (!std::exchange(child->told, false)) kernel_.deliver_locked(*this, SIGCHLD);
}

i32 Task::report_native(pid_t pid, int status, const rusage& usage, abi::WaitResult& out) {
  out = {};
  out.pid = pid;
  out.user_time = to_nanoseconds(usage.ru_utime);
  out.system_time = to_nanoseconds(usage.ru_stime);
  tell_of_child(pid);
  if (kernel_.options().account != nullptr) kernel_.options().account->ended(pid, status, usage);
  if (WIFSTOPPED(status)) {
    out.kind = abi::kStopped;
    out.code = WSTOPSIG(status);
    return pid;
  }
  if (WIFCONTINUED(status)) {
    out.kind = abi::kContinued;
    out.code = SIGCONT;
    return pid;
  }
  if (WIFSIGNALED(status)) {
    out.kind = abi::kSignaled;
    out.code = WTERMSIG(status);
    out.core_dumped = WCOREDUMP(status) ? 1 : 0;
  } else {
    out.kind = abi::kExited;
    out.code = WEXITSTATUS(status);
  }
  const KernelLock lock(kernel_.mutex_);
  children_user_time_ += out.user_time;
  children_system_time_ += out.system_time;
  children_peak_memory_ = std::max(children_peak_memory_, static_cast<u64>(usage.ru_maxrss) * 1024);
  const auto child = std::ranges::find(natives_, pid, &NativeChild::pid);
  if (child != natives_.end()) {
    const i32 group = child->group;
    kernel_.forget_child(*child);
    natives_.erase(child);
    if (WIFSIGNALED(status) && group == kernel_.host_group()) {
      kernel_.hear_of_group_locked(WTERMSIG(status));
    }
    kernel_.tidy_group_locked(group);
  }
  return pid;
}

SysResult<i32> Task::look_for_child(i32 pid, u32 flags, abi::WaitResult& out) {
  bool any = false;
  TaskRef gone;
  {
    const KernelLock lock(kernel_.mutex_);
    for (Task* child : children_) {
      if (!matches(pid, child->pid_, child->group_)) continue;
      any = true;
      out = {};
      out.pid = child->pid_;
      if (child->ended_) {
        out.kind = child->end_.kind == ExitKind::signaled ? abi::kSignaled : abi::kExited;
        out.code = child->end_.code;
        out.core_dumped = child->end_.core_dumped ? 1 : 0;
        out.user_time = child->user_time_ + child->children_user_time_;
        out.system_time = child->system_time_ + child->children_system_time_;
        children_user_time_ += child->children_user_time_;
        children_system_time_ += child->children_system_time_;
        children_peak_memory_ = std::max(children_peak_memory_, child->children_peak_memory_);
        gone = kernel_.remove_locked(*child);
        return out.pid;
      }
      if ((flags & abi::kWaitUntraced) != 0 && child->stop_signal_ != 0) {
        out.kind = abi::kStopped;
        out.code = std::exchange(child->stop_signal_, 0);
        return out.pid;
      }
      if ((flags & abi::kWaitContinued) != 0 && std::exchange(child->continued_, false)) {
        out.kind = abi::kContinued;
        out.code = SIGCONT;
        return out.pid;
      }
    }
  }
  for (auto ended = ended_natives_.begin(); ended != ended_natives_.end(); ++ended) {
    if (!matches(pid, ended->result.pid, ended->group)) continue;
    out = ended->result;
    ended_natives_.erase(ended);
    return out.pid;
  }
  for (const NativeChild& child : own_natives()) {
    if (!matches(pid, child.pid, child.group)) continue;
    any = true;
    if (const i32 found = look_for_native(child, flags, out); found != 0) return found;
  }
  if (!any) return std::unexpected(Errno::child);
  return 0;
}

i32 Task::look_for_native(const NativeChild& child, u32 flags, abi::WaitResult& out) {
  int status = 0;
  rusage usage = {};
  const std::optional<u64> written = kernel_.written_by_ended(child, host_options(flags));
  if (!written.has_value()) return 0;
  const pid_t found = ::wait4(child.pid, &status, WNOHANG | host_options(flags), &usage);
  if (found > 0) {
    if (*written > 0) kernel_.count_written(*written);
    return report_native(found, status, usage, out);
  }
  // Somebody else's SIGCHLD arrangement reaped it; its status is lost.
  if (found < 0 && errno == ECHILD) return report_native(child.pid, 0, usage, out);
  return 0;
}

void Task::take_ended() {
  for (usize i = 0; i < own_natives().size();) {
    const NativeChild& child = own_natives()[i];
    const i32 group = child.group;
    abi::WaitResult result;
    if (child.awaited || look_for_native(child, 0, result) == 0) {
      ++i;
    } else {
      ended_natives_.push_back({group, result});
    }
  }
}

SysResult<i32> Task::wait_plainly(pid_t pid, u32 flags, abi::WaitResult& out) {
  while (true) {
    int status = 0;
    rusage usage = {};
    const pid_t found = ::wait4(pid, &status, host_options(flags), &usage);
    if (found > 0) return report_native(found, status, usage, out);
    if (errno == ECHILD) return report_native(pid, 0, usage, out);
    if (errno != EINTR) return std::unexpected(errno_from_host(errno));
  }
}

SysResult<i32> Task::wait(i32 pid, u32 flags, abi::WaitResult& out) {
  if ((flags & abi::kWaitForeground) == 0 || !dies_of_interrupt()) {
    if (on_main_thread_) HostSignals::hold_expected.store(false);
    const SysResult<i32> found = wait_for_child(pid, flags, out);
    if (is_main() && on_main_thread_) HostSignals::interrupted.store(false);
    return found;
  }
  HostSignals::hold_interrupt();
  const SysResult<i32> found = wait_for_child(pid, flags, out);
  // What was typed is for the others of the group as well.
  kernel_.distribute_host_signals();
  HostSignals::release_interrupt();
  if (found.has_value() && HostSignals::interrupted.load()) {
    const bool both = out.kind == abi::kSignaled && out.code == SIGINT;
    // A task below on this thread, if any, finds that this one died of it.
    if (both) {
      die(SIGINT);
    } else {
      HostSignals::interrupted.store(false);
    }
  }
  return found;
}

bool Task::dies_of_interrupt() {
  if (!on_main_thread_) return false;
  const SignalSet bit = signal_bit(SIGINT);
  if (((ignored_.load() | caught_.load()) & bit) != 0) return false;
  // Ignored since the start: only the host knows.
  if ((kernel_.main_->known_.load() & bit) != 0) return true;
  return signal_action(SIGINT, abi::kSignalAsk) == abi::kSignalDefault;
}

SysResult<i32> Task::wait_for_child(i32 pid, u32 flags, abi::WaitResult& out) {
  kernel_.reap_orphans();
  const bool only = pid == -1 && own_natives().size() == 1 && ended_natives_.empty();
  if ((flags & abi::kWaitNoHang) == 0 &&
      may_block_plainly(only ? own_natives().front().pid : pid)) {
    // The common case costs one syscall: the only child there can be is one native process.
    for (const NativeChild& child : own_natives()) {
      if (pid == child.pid) return wait_plainly(pid, flags, out);
    }
    if (only) {
      bool alone = false;
      {
        const KernelLock lock(kernel_.mutex_);
        alone = children_.empty();
      }
      if (alone) return wait_plainly(own_natives().front().pid, flags, out);
    }
  }
  const bool stops = (flags & (abi::kWaitUntraced | abi::kWaitContinued)) != 0;
  if (stops && on_main_thread_) HostSignals::watch_children();
  while (true) {
    const Wakeup::Ticket ticket = wakeup_.prepare();
    const i32 found = SWEBASH_TRY(look_for_child(pid, flags, out));
    if (found != 0 || (flags & abi::kWaitNoHang) != 0) return found;
    SWEBASH_TRY(check_interrupt());
    std::vector<pollfd> entries;
    i64 timeout = -1;
    {
      const KernelLock lock(kernel_.mutex_);
      for (NativeChild& child : natives_) {
        if (!matches(pid, child.pid, child.group)) continue;
        if (!child.pidfd) {
          child.pidfd = OwnedFd(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
        }
        if (child.pidfd) {
          entries.push_back({child.pidfd.get(), POLLIN, 0});
        } else {
          timeout = kLookAgain;
        }
        if (stops && !on_main_thread_) timeout = kLookAgain;
      }
    }
    (void)SWEBASH_TRY(wait_round(ticket, entries, timeout));
  }
}

}  // namespace swebash::kernel
