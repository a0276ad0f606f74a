// SPDX-License-Identifier: Apache-2.0
#include "kernel/kernel.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>

#include "base/assert.hpp"
#include "kernel/audit/account.hpp"
#include "kernel/confine/confinement.hpp"
#include "kernel/fs/fixed.hpp"
#include "kernel/process/guardian.hpp"
#include "kernel/signals/host_signals.hpp"
#include "kernel/signals/raw_signals.hpp"
#include "kernel/time.hpp"
#include "kernel/vfs/mounts.hpp"

namespace swebash::kernel {

namespace {

// How long those have to end that a session leaves behind, and again once they were told to.
constexpr i64 kMomentLeft = 100'000'000;

// How long nobody must have tried to start a task for the limit on them to be forgotten.
constexpr i64 kQuietTime = 1'000'000'000;

struct ThreadTimes {
  i64 user = 0;
  i64 system = 0;

  static ThreadTimes now() noexcept {
    rusage usage;
    ::getrusage(RUSAGE_THREAD, &usage);
    return {to_nanoseconds(usage.ru_utime), to_nanoseconds(usage.ru_stime)};
  }
};

// A body on a pooled thread.
class PooledRun final : public ThreadPool::Job {
 public:
  // What to do with a task that has ended, and the time it took.
  using Finish = void (*)(Task&, const ExitState&, const ThreadTimes&);

  // What to do when the task is nobody's business here any more.
  using Leave = void (*)(Kernel&);

  PooledRun(TaskRef task, std::unique_ptr<TaskBody> body, Finish finish, Leave leave)
      : task_(std::move(task)), body_(std::move(body)), finish_(finish), leave_(leave) {}

  void run() noexcept override {
    const ThreadTimes start = ThreadTimes::now();
    task_->start_time();
    const ExitState state = body_->run(*task_);
    body_.reset();
    const ThreadTimes end = ThreadTimes::now();
    finish_(*task_, state, {end.user - start.user, end.system - start.system});
    Kernel& kernel = task_->kernel();
    const Leave leave = leave_;
    delete this;
    leave(kernel);
  }

 private:
  const TaskRef task_;
  std::unique_ptr<TaskBody> body_;
  const Finish finish_;
  const Leave leave_;
};

}  // namespace

Kernel::Kernel(Host& host, StartOptions options) : host_(host), options_(std::move(options)) {}

std::unique_ptr<Kernel> Kernel::create(Host& host, StartOptions options) {
  if (options.role == Role::session && options.mounts == nullptr) {
    options.mounts = std::make_shared<vfs::Mounts>(fs::fixed_directory({}));
  }
  std::unique_ptr<Kernel> kernel(new Kernel(host, std::move(options)));
  const bool program = kernel->is_program();
  kernel->next_pid_.store(kernel->options_.first_pid);
  kernel->main_ =
      std::make_shared<Task>(*kernel, program ? ::getpid() : kernel->take_pid(), nullptr);
  Task& main = *kernel->main_;
  kernel->number_ = kernel->options_.first_pid == 0 ? main.pid_ : host.take_pid();
  main.placement_ = Placement::main;
  if (program) {
    kernel->take_process(main);
    return kernel;
  }
  kernel->host_group_.store(main.pid_);
  if (kernel->options_.seed.has_value()) main.seed_random(*kernel->options_.seed);
  const vfs::Mounts& mounts = *kernel->mounts();
  main.cwd_ = std::make_shared<Directory>(OwnedFd(), mounts.root());
  const auto directory =
      mounts.find(mounts.root(), kernel->options_.directory, vfs::LastLink::follow);
  if (directory.has_value()) main.cwd_ = std::make_shared<Directory>(OwnedFd(), *directory);
  const auto& streams = kernel->options_.streams;
  for (usize fd = 0; fd < streams.size(); ++fd) {
    if (streams[fd] == nullptr) continue;
    (void)main.fds_.put(static_cast<i32>(fd), streams[fd], Inherit::yes, streams.size());
  }
  return kernel;
}

Kernel::~Kernel() {
  if (!is_program()) doom_all(ExitState::signaled(SIGHUP));
  wait_for_tasks();
  {
    const KernelLock lock(mutex_);
    while (threads_inside_ > 0) task_ended_.wait(mutex_);
  }
  std::unique_ptr<SessionWatch> watch;
  {
    const KernelLock lock(mutex_);
    watch = std::move(watch_);
  }
  watch.reset();
  if (is_program()) give_process_back();
}

SysResult<void> Kernel::count_child(const Task& parent) noexcept {
  if (ending_.load(std::memory_order_relaxed)) return std::unexpected(Errno::again);
  if (count_.now() + 2 > parent.own_task_limit()) return std::unexpected(Errno::again);
  if (const i64 refused = count_.refused_at(); refused != 0) {
    const i64 now = monotonic_now();
    if (now - refused > kQuietTime) {
      count_.refused_at(0);
    } else if (parent.depth_ > 0) {
      count_.refused_at(now);
      return std::unexpected(Errno::again);
    }
  }
  do {
    if (count_.add() + 1 <= options_.limits.tasks) return {};
    count_.remove();
  } while (count_.recover());
  count_.refused_at(monotonic_now());
  return std::unexpected(Errno::again);
}

SysResult<TaskRef> Kernel::create_task(Task& parent, const CloneRequest& request) {
  if (parent.depth_ >= options_.limits.task_depth) return std::unexpected(Errno::again);
  SWEBASH_TRY(count_child(parent));
  TaskRef task;
  {
    const KernelLock lock(mutex_);
    i32 pid = take_pid();
    while (tasks_.contains(pid)) pid = take_pid();
    task = std::make_shared<Task>(*this, pid, &parent);
    // Complete before anybody can find it.
    task->placement_ = Placement::inline_on_parent;
    task->depth_ = parent.depth_ + 1;
    task->fds_ = parent.fds_;
    task->cwd_ = parent.cwd_;
    task->umask_ = parent.umask_;
    task->narrowing_ = parent.narrowing_;
    task->limits_ = parent.limits_;
    if (options_.seed.has_value()) task->seed_random(parent.next_random());
    task->ignored_ = parent.ignored_for_children();
    live_tasks_.fetch_add(1);
    switch (request.group) {
      case abi::kSameGroup: task->group_ = parent.group_.load(); break;
      case abi::kOwnGroup: task->group_ = pid; break;
      default: task->group_ = request.group;
    }
    tasks_.emplace(pid, task);
    parent.children_.push_back(task.get());
    if (task->group_ != 0) {
      has_groups_.store(true);
      // One that began with a native.
      if (is_program() && request.group > 0 && request.group < kFirstTaskPid &&
          request.group != host_group()) {
        (void)enter_group_locked(request.group);
      }
    }
  }
  if (request.foreground) {
    if (const int fd = terminal(); fd >= 0) (void)give_terminal(fd, group_of(*task));
  }
  return task;
}

void Kernel::run_inline(const TaskRef& task, TaskBody& body) {
  Task* parent = nullptr;
  {
    const KernelLock lock(mutex_);
    parent = task->parent_;
  }
  SWEBASH_ASSERT(parent != nullptr);
  task->outer_ = parent;
  task->on_main_thread_ = parent->on_main_thread_;
  if (task->on_main_thread_) HostSignals::innermost.store(task.get());
  task->start_time();
  const ExitState state = body.run(*task);
  task->end_inline_time();
  if (task->on_main_thread_) HostSignals::innermost.store(parent);
  finish(*task, state);
}

SysResult<void> Kernel::run_pooled(TaskRef task, std::unique_ptr<TaskBody> body) {
  task->placement_ = Placement::pooled;
  pooled_tasks_.fetch_add(1);
  Task& started = *task;
  auto* job = new PooledRun(
      std::move(task), std::move(body),
      [](Task& ended, const ExitState& state, const ThreadTimes& times) {
        Kernel& kernel = ended.kernel();
        {
          const KernelLock lock(kernel.mutex_);
          ended.user_time_ = times.user;
          ended.system_time_ = times.system;
        }
        kernel.finish(ended, state);
      },
      [](Kernel& kernel) { kernel.leave_thread(); });
  {
    const KernelLock lock(mutex_);
    ++threads_inside_;
  }
  const SysResult<void> result = host_.pool().run(job);
  if (result.has_value()) return {};
  leave_thread();
  pooled_tasks_.fetch_sub(1);
  started.placement_ = Placement::inline_on_parent;
  abandon(started.shared_from_this());
  delete job;
  return std::unexpected(result.error());
}

void Kernel::leave_thread() {
  const KernelLock lock(mutex_);
  if (--threads_inside_ == 0) task_ended_.notify_all();
}

void Kernel::abandon(const TaskRef& task) {
  task->fds_.clear();
  TaskRef gone;
  {
    const KernelLock lock(mutex_);
    gone = remove_locked(*task);
  }
  live_tasks_.fetch_sub(1);
}

TaskRef Kernel::remove_locked(Task& task) {
  if (task.parent_ != nullptr) std::erase(task.parent_->children_, &task);
  task.parent_ = nullptr;
  const auto found = tasks_.find(task.pid_);
  if (found == tasks_.end()) return nullptr;
  TaskRef table_reference = std::move(found->second);
  tasks_.erase(found);
  count_.remove();
  if (task.group_ != 0) tidy_group_locked(task.group_);
  return table_reference;
}

void Kernel::finish(Task& task, const ExitState& state) {
  // Closed before anybody can learn of the end: whoever waits may count on the end of file.
  task.fds_.clear();
  task.captures_.clear();
  task.cwd_.reset();
  std::vector<TaskRef> gone;
  {
    const KernelLock lock(mutex_);
    task.word_.store(nullptr);
    task.ended_ = true;
    task.end_ = state;
    for (NativeChild& child : task.natives_) orphans_.push_back(std::move(child));
    task.natives_.clear();
    const std::vector<Task*> children = std::move(task.children_);
    task.children_.clear();
    for (Task* child : children) {
      child->parent_ = nullptr;
      if (child->ended_) gone.push_back(remove_locked(*child));
    }
    if (task.placement_ == Placement::pooled) pooled_tasks_.fetch_sub(1);
    live_tasks_.fetch_sub(1);
    if (Task* parent = task.parent_) {
      deliver_locked(*parent, SIGCHLD);
      if (task.placement_ == Placement::pooled) parent->set_word();
      parent->wakeup_.notify();
    } else {
      gone.push_back(remove_locked(task));
    }
    task_ended_.notify_all();
  }
  if (stops_later_.exchange(false)) ::kill(::getpid(), SIGSTOP);
  reap_orphans();
}

void Kernel::retire() {
  for (SignalSet set = HostSignals::caught.load(); set != 0; set &= set - 1) {
    HostSignals::default_signal(lowest_signal(set));
  }
  // A task may be waiting for the end of what the main one holds open. What the host was started
  // with is closed with it.
  for (i32 fd = static_cast<i32>(main_->fds_.entries().size()) - 1; fd >= 0; --fd) {
    const SysResult<FdTable::Entry*> entry = main_->fds_.find(fd);
    if (!entry.has_value()) continue;
    const auto* file = dynamic_cast<const HostFile*>((*entry)->description.get());
    if (file == nullptr || !file->is_inherited()) (void)main_->fds_.remove(fd);
  }
  if (!leaves_.load()) {
    wait_for_tasks();
    return;
  }
  // What reads the end of a pipe now may finish; the rest has its traps run.
  wait_for_tasks(kMomentLeft);
  {
    const KernelLock lock(mutex_);
    for (const auto& [pid, task] : tasks_) {
      // A program goes on without us.
      if (task->program_ == 0) deliver_locked(*task, SIGHUP);
    }
  }
  wait_for_tasks(kMomentLeft);
}

void Kernel::wait_for_tasks() {
  const KernelLock lock(mutex_);
  while (live_tasks_.load() > 0) task_ended_.wait(mutex_);
}

void Kernel::wait_for_tasks(i64 nanoseconds) {
  const i64 end = monotonic_now() + nanoseconds;
  const KernelLock lock(mutex_);
  while (live_tasks_.load() > 0) {
    const i64 left = end - monotonic_now();
    if (left <= 0) return;
    (void)task_ended_.wait_for(mutex_, std::chrono::nanoseconds(left));
  }
}

void Kernel::doom(Task& task, const ExitState& state) {
  const KernelLock lock(mutex_);
  doom_locked(task, state);
}

void Kernel::doom_locked(Task& task, const ExitState& state) {
  task.doom(state);
  // What it runs on its own thread has to end first.
  for (Task* child : task.children_) {
    if (child->placement_ == Placement::inline_on_parent && !child->ended_) {
      doom_locked(*child, state);
    }
  }
}

void Kernel::reap_orphans() {
  u64 written = 0;
  {
    const KernelLock lock(mutex_);
    std::erase_if(orphans_, [&](const NativeChild& child) {
      const std::optional<u64> its = written_by_ended(child);
      if (!its.has_value()) return false;
      written += *its;
      int state = 0;
      rusage usage = {};
      const pid_t reaped = ::wait4(child.pid, &state, WNOHANG, &usage);
      if (reaped == 0) return false;
      if (reaped > 0 && options_.account != nullptr) {
        options_.account->ended(reaped, state, usage);
      }
      forget_child(child);
      return true;
    });
  }
  if (written > 0) count_written(written);
}

i32 Kernel::host_group() noexcept {
  i32 group = host_group_.load();
  if (group == 0) {
    group = ::getpgrp();
    host_group_.store(group);
  }
  return group;
}

pid_t Kernel::real_group_locked(i32 group) {
  const auto found = groups_.find(group);
  if (found != groups_.end() && found->second.real != 0) return found->second.real;
  return is_program() && group < kFirstTaskPid ? group : 0;
}

pid_t Kernel::enter_group_locked(i32 group) {
  const pid_t real = real_group_locked(group);
  MixedGroup& mixed = groups_[group];
  if (mixed.proxy != nullptr) return real;
  SysResult<std::unique_ptr<GroupProxy>> proxy = GroupProxy::create(real);
  // All that was in it may be gone by now.
  if (!proxy.has_value() && real != 0) proxy = GroupProxy::create(0);
  if (!proxy.has_value()) return real;
  HostSignals::watch_groups();
  mixed.proxy = std::move(*proxy);
  mixed.real = mixed.proxy->group();
  if (foreground_ == group && terminal_) (void)set_terminal_group(terminal_.get(), mixed.real);
  return mixed.real;
}

void Kernel::tidy_group_locked(i32 group) {
  const auto mixed = groups_.find(group);
  if (mixed == groups_.end()) return;
  const auto natives = [group](const std::vector<NativeChild>& children) {
    return std::ranges::find(children, group, &NativeChild::group) != children.end();
  };
  bool has_natives = natives(main_->natives_) || natives(orphans_);
  for (const auto& [pid, task] : tasks_) {
    if (task->group_ == group) return;
    has_natives = has_natives || natives(task->natives_);
  }
  mixed->second.proxy.reset();
  if (!has_natives) groups_.erase(mixed);
}

void Kernel::forget_child(const NativeChild& child) noexcept {
  if (child.guarded) Guardian::forget(child.pid);
  if (child.place >= 0) {
    count_.give_back(child.place, child.pid);
  } else {
    count_.remove();
  }
}

void Kernel::leave(const ExitState& state) noexcept {
  if (live_tasks_.load() != 0) retire();
  // A fork may have come upon the limit that this process did not meet.
  if (!is_fork() && written_up()) end_for_writing();
  wait_for_end();
  count_.leave();
  if (options_.confinement != nullptr) options_.confinement->end();
  if (options_.account != nullptr && !is_fork()) {
    const bool background =
        options_.confinement != nullptr && options_.confinement->policy().background == Keeps::yes;
    options_.account->end(state.code, state.kind == ExitKind::signaled, !background);
  }
  end_process(ending_.load() && !is_fork() ? main_->end_state() : state);
}

void Kernel::end_process(const ExitState& state) noexcept {
  Guardian::dismiss();
  if (state.kind == ExitKind::exited) ::_exit(state.code);
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  set_signal_action(state.code, action);
  set_signal_mask(0);
  ::kill(::getpid(), state.code);
  ::_exit(128 + state.code);
}

}  // namespace swebash::kernel
