// SPDX-License-Identifier: Apache-2.0
//
// Children that are processes: where they stand, and the fork of the host (ADR 4).
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "kernel/confine/confinement.hpp"
#include "kernel/kernel.hpp"
#include "kernel/process/guardian.hpp"
#include "kernel/signals/host_signals.hpp"
#include "kernel/signals/raw_signals.hpp"
#include "kernel/task/growing_pipe.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {

// What a fork has in the place of pipes that are in memory, which would be a copy there.
struct Kernel::ForkedFiles {
  struct File {
    const Description* pipe;
    OwnedFd fd;  // nothing: it is closed in the fork
  };
  std::vector<File> files;

  // Errors: those of making one.
  [[nodiscard]] SysResult<void> make(const FdTable& table) {
    for (const FdTable::Entry& entry : table.entries()) {
      Description* const pipe = entry.description.get();
      if (pipe == nullptr || pipe->growing_pipe() == nullptr) continue;
      if (std::ranges::find(files, pipe, &File::pipe) != files.end()) continue;
      SysResult<ChildFd> child = pipe->child_fd();
      if (!child.has_value() && child.error() != Errno::notsup) {
        return std::unexpected(child.error());
      }
      OwnedFd fd;
      if (child.has_value()) {
        fd = child->owned ? std::move(child->owned)
                          : OwnedFd(::fcntl(child->fd, F_DUPFD_CLOEXEC, 0));
        if (!fd) return std::unexpected(errno_from_host(errno));
      }
      files.push_back({pipe, std::move(fd)});
    }
    return {};
  }

  void put_into(FdTable& table) {
    for (File& file : files) {
      DescriptionRef host;
      if (file.fd) host = std::make_shared<HostFile>(std::move(file.fd));
      for (usize i = table.entries().size(); i-- > 0;) {
        const FdTable::Entry& entry = table.entries()[i];
        if (entry.description.get() != file.pipe) continue;
        const i32 fd = static_cast<i32>(i);
        if (host == nullptr) {
          (void)table.remove(fd);
        } else {
          (void)table.put(fd, host, entry.inherit, static_cast<u32>(fd) + 1);
        }
      }
    }
  }
};

Kernel::ProcessGroup Kernel::process_group_locked(const Task& parent, i32 wanted) {
  // A host that ignores it has its children reaped before it can ask how they ended.
  if (!children_wait_ && HostSignals::is_ignored(SIGCHLD)) HostSignals::default_signal(SIGCHLD);
  children_wait_ = true;
  ProcessGroup where;
  where.group = wanted == abi::kSameGroup ? parent.group_.load() : wanted;
  if (wanted == abi::kOwnGroup) {
    where.real = 0;
  } else if (where.group != 0 && where.group != host_group()) {
    const bool mixed = where.group >= kFirstTaskPid || groups_.contains(where.group);
    where.real = mixed ? enter_group_locked(where.group) : where.group;
  }
  return where;
}

i32 Kernel::add_native_locked(Task& parent, pid_t pid, ProcessGroup where, i32 wanted,
                              ParentDeath death, i32 place) {
  if (options_.confinement != nullptr) options_.confinement->note_process();
  i32 group = where.group;
  if (wanted == abi::kOwnGroup) {
    group = pid;
    has_groups_.store(true);
  } else if (where.real == 0) {
    groups_[group].real = pid;
  }
  const bool guarded = options_.parent_death == ParentDeath::kill && death != ParentDeath::kill;
  if (guarded) Guardian::guard(pid);
  // Nobody may ever wait for it, but a loop may look whether it still runs.
  if (death != ParentDeath::kill && parent.on_main_thread_) HostSignals::watch_groups();
  parent.natives_.push_back({pid, group == 0 ? host_group() : group, OwnedFd(), false, guarded,
                             place, death == ParentDeath::kill});
  return group;
}

// Keeps all other threads of the host asleep, so that none holds a lock; false where one is at
// work.
bool Kernel::hold_threads() {
  const auto hold_pool = [this] {
    // A task that has ended may have a thread for a moment.
    constexpr int kLooks = 200;
    constexpr useconds_t kBetween = 500;
    for (int look = 0; look < kLooks; ++look) {
      if (host_.pool().hold_idle()) return true;
      if (pooled_tasks_.load() != 0) return false;
      ::usleep(kBetween);
    }
    return false;
  };
  SessionWatch* const watch = find_watch();
  if (watch != nullptr && !watch->hold()) return false;
  if (hold_pool()) return true;
  if (watch != nullptr) watch->release();
  return false;
}

void Kernel::release_threads() {
  host_.pool().release();
  SessionWatch* const watch = find_watch();
  if (watch != nullptr) watch->release();
}

SysResult<pid_t> Kernel::fork_task(Task& parent, const CloneRequest& request) {
  if (!parent.on_main_thread_) return std::unexpected(Errno::notsup);
  reap_orphans();
  ForkedFiles files;
  SWEBASH_TRY(files.make(parent.fds_));
  SWEBASH_TRY(count_child(parent));
  if (options_.parent_death == ParentDeath::kill) Guardian::expect_fork();
  const u64 mask = set_signal_mask(~u64{0});
  SysResult<pid_t> answer = std::unexpected(Errno::notsup);
  if (hold_threads()) {
    answer = fork_held(parent, request, files, request.foreground ? terminal() : -1);
    if (answer != 0) release_threads();
  }
  if (!answer.has_value()) count_.remove();
  if (answer == 0 && main_->own_limit(RLIMIT_CPU) != nullptr) {
    main_->start_time();
    (void)watch_tasks();
  }
  set_signal_mask(mask);
  return answer;
}

// All threads but this one are asleep: no lock is held but ours.
SysResult<pid_t> Kernel::fork_held(Task& parent, const CloneRequest& request, ForkedFiles& files,
                                   int terminal) {
  const KernelLock lock(mutex_);
  const i32 place = count_.reserve();
  if (place < 0) return std::unexpected(Errno::notsup);
  const ProcessGroup where = process_group_locked(parent, request.group);
  const pid_t pid = ::fork();
  if (pid == 0) {
    host_.pool().forget_threads();
    if (where.real >= 0) ::setpgid(0, where.real);
    if (terminal >= 0) (void)set_terminal_group(terminal, ::getpgrp());
    become_fork(parent, files, place);
    return 0;
  }
  if (pid < 0) {
    const Errno error = errno_from_host(errno);
    count_.add();
    count_.cancel(place);
    return std::unexpected(error);
  }
  // Both do it: neither may be the later one.
  if (where.real >= 0) ::setpgid(pid, where.real);
  count_.settle(place, pid);
  const i32 group =
      add_native_locked(parent, pid, where, request.group, ParentDeath::ignore, place);
  if (terminal >= 0) {
    foreground_ = groups_.contains(group) ? group : 0;
    (void)set_terminal_group(terminal, ::getpgid(pid));
  }
  return pid;
}

void Kernel::become_fork(Task& parent, ForkedFiles& files, i32 place) {
  host_group_.store(::getpgrp());
  count_.enter(place);
  Guardian::leave_behind();

  auto task = std::make_shared<Task>(*this, ::getpid(), nullptr);
  task->on_main_thread_ = true;
  // Below the session's main task, but the host is a fresh one.
  task->depth_ = 1;
  task->fds_ = parent.fds_;
  files.put_into(task->fds_);
  task->cwd_ = parent.cwd_;
  task->umask_ = parent.umask_;
  task->narrowing_ = parent.narrowing_;
  task->limits_ = parent.limits_;
  const SignalSet ignored = parent.ignored_for_children();
  task->ignored_ = ignored;
  HostSignals::restart(*task, ignored, host_ignored_.load());
  task->known_ = main_->known_.load() | ignored;
  host_ignored_.store(ignored & ~HostSignals::kInside);

  // What this process stands on, and what its parent alone may end.
  left_behind_.push_back(std::exchange(main_, std::move(task)));
  for (auto& [pid, left] : tasks_) left_behind_.push_back(std::move(left));
  tasks_.clear();
  for (const TaskRef& left : left_behind_) {
    left->fds_.clear();
    left->captures_.clear();
    left->natives_.clear();
    left->ended_natives_.clear();
    left->word_.store(nullptr);
  }
  for (auto& [group, mixed] : groups_) static_cast<void>(mixed.proxy.release());
  groups_.clear();
  has_groups_.store(false);  // so that the host itself stops who reads the terminal behind
  orphans_.clear();
  foreground_ = 0;
  hands_terminal_on_.store(false);
  live_tasks_.store(0);
  pooled_tasks_.store(0);
  // Its thread is not here, and the session's limits are its parent's to hold.
  static_cast<void>(watch_.release());  // NOLINT(bugprone-unused-return-value)
  watched_.store(options_.limits.written_bytes > 0);
}

}  // namespace swebash::kernel
