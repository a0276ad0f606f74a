// SPDX-License-Identifier: Apache-2.0
//
// Limits of tasks and of the session: what a task asks before it uses something, and what the watch
// asks about its time.
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>

#include "kernel/kernel.hpp"
#include "kernel/task/task.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel {

namespace {

constexpr i64 kSecond = kNanosecondsPerSecond;

}  // namespace

const abi::Limit* Task::own_limit(u32 resource) const noexcept {
  for (const auto& [number, limit] : limits_) {
    if (number == resource) return &limit;
  }
  return nullptr;
}

u64 Task::own_task_limit() const noexcept {
  const abi::Limit* own = limits_.empty() ? nullptr : own_limit(RLIMIT_NPROC);
  return own == nullptr ? RLIM_INFINITY : own->soft;
}

u64 Task::memory_limit() const noexcept {
  const u64 session = kernel_.options().limits.task_memory;
  const abi::Limit* own = limits_.empty() ? nullptr : own_limit(RLIMIT_AS);
  if (own == nullptr || own->soft == RLIM_INFINITY) return session;
  return session == 0 ? own->soft : std::min(session, own->soft);
}

SysResult<usize> Task::writable(Description& to, usize wanted) {
  const abi::Limit* own = own_limit(RLIMIT_FSIZE);
  const int fd = to.host_fd();
  if (own == nullptr || own->soft == RLIM_INFINITY || fd < 0 || to.can_wait()) return wanted;
  struct stat about;
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return wanted;
  const int flags = ::fcntl(fd, F_GETFL);
  const off_t at = flags >= 0 && (flags & O_APPEND) != 0 ? about.st_size : ::lseek(fd, 0, SEEK_CUR);
  if (at < 0) return wanted;
  const u64 left = own->soft - std::min(own->soft, static_cast<u64>(at));
  if (left > 0) return std::min<u64>(wanted, left);
  const KernelLock lock(kernel_.mutex_);
  kernel_.deliver_locked(*this, SIGXFSZ);
  return std::unexpected(Errno::fbig);
}

void Task::start_time() {
  if (limits_.empty() || own_limit(RLIMIT_CPU) == nullptr) return;
  clockid_t clock;
  if (::pthread_getcpuclockid(::pthread_self(), &clock) != 0) return;
  const KernelLock lock(kernel_.mutex_);
  if (timed_) return;
  timed_ = true;
  clock_ = clock;
  // A process is held to all the time it has used, and the main task is one.
  time_base_ = is_main() ? 0 : clock_now(clock);
}

void Task::end_inline_time() {
  if (limits_.empty()) return;
  const KernelLock lock(kernel_.mutex_);
  if (!timed_ || outer_ == nullptr || !outer_->timed_) return;
  outer_->time_base_ += clock_now(clock_) - time_base_;
}

bool Kernel::check_task_times() {
  const KernelLock lock(mutex_);
  bool any = false;
  const auto check = [&](Task& task) SWEBASH_REQUIRES(kKernelLock) {
    if (!task.timed_ || task.ended_) return;
    any = true;
    // Time passes for the innermost task of a thread.
    for (const Task* child : task.children_) {
      if (child->placement_ == Placement::inline_on_parent && !child->ended_) return;
    }
    const abi::Limit* limit = task.own_limit(RLIMIT_CPU);
    if (limit == nullptr) return;
    const i64 used = clock_now(task.clock_) - task.time_base_;
    const u64 seconds = static_cast<u64>(std::max<i64>(0, used)) / kSecond;
    if (limit->hard != RLIM_INFINITY && seconds >= limit->hard && limit->hard > limit->soft) {
      deliver_locked(task, SIGKILL);
    } else if (seconds >= limit->soft && used - task.warned_time_ >= kSecond) {
      task.warned_time_ = used;
      deliver_locked(task, SIGXCPU);
    }
  };
  check(*main_);
  for (const auto& [pid, task] : tasks_) check(*task);
  return any;
}

SessionWatch* Kernel::find_watch() {
  const KernelLock lock(mutex_);
  return watch_.get();
}

SysResult<void> Kernel::watch_tasks() {
  // The threads of a session are not its own: their time is not either.
  if (!is_program()) return std::unexpected(Errno::notsup);
  const MutexLock making(watch_making_);
  if (SessionWatch* const watch = find_watch(); watch != nullptr) {
    watch->look_again();
    return {};
  }
  const auto scope = is_fork() ? SessionWatch::Scope::tasks : SessionWatch::Scope::session;
  auto watch = std::make_unique<SessionWatch>(*this, scope);
  SWEBASH_TRY(watch->start());
  const KernelLock lock(mutex_);
  watch_ = std::move(watch);
  return {};
}

void Kernel::doom_all(const ExitState& state) {
  ending_.store(true);
  const KernelLock lock(mutex_);
  main_->doom(state);
  for (const auto& [pid, task] : tasks_) task->doom(state);
}

bool Kernel::has_session_limits() const noexcept {
  const Limits& limits = options_.limits;
  return limits.wall_time > 0 || limits.cpu_time > 0 || limits.total_memory > 0 ||
         limits.written_bytes > 0;
}

usize Kernel::claim_writing(usize wanted) noexcept {
  const u64 limit = options_.limits.written_bytes;
  if (limit == 0 || wanted == 0) return wanted;
  std::atomic<u64>& written = count_.written();
  u64 before = written.load();
  usize claimed = 0;
  do {
    claimed = static_cast<usize>(std::min<u64>(wanted, limit - std::min(limit, before)));
  } while (claimed > 0 && !written.compare_exchange_weak(before, before + claimed));
  if (claimed == 0) end_for_writing();
  return claimed;
}

void Kernel::give_back_writing(usize count) noexcept {
  if (options_.limits.written_bytes > 0) count_.written().fetch_sub(count);
}

void Kernel::count_written(u64 count) noexcept {
  const u64 limit = options_.limits.written_bytes;
  if (limit == 0 || count_.written().fetch_add(count) + count <= limit) return;
  end_for_writing();
}

// A fork ends by itself; the session's own watch sees why, and ends the rest.
void Kernel::end_for_writing() noexcept {
  count_.written_up().store(true);
  const ExitState end = ExitState::exited(kWrittenStatus);
  if (is_fork()) {
    doom_all(end);
    return;
  }
  SessionWatch* const watch = find_watch();
  if (watch != nullptr) watch->end_session("bytes written", end);
}

std::optional<u64> Kernel::written_by_ended(const NativeChild& child, int others) const noexcept {
  if (options_.limits.written_bytes == 0) return 0;
  siginfo_t info = {};
  const int kinds = WEXITED | others | WNOHANG | WNOWAIT;
  if (::waitid(P_PID, static_cast<id_t>(child.pid), &info, kinds) != 0) return 0;
  if (info.si_pid != child.pid) return std::nullopt;
  const bool ended =
      info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
  // A fork has counted what it wrote, and is no program: where that is limited, none becomes one.
  if (!ended || child.place >= 0) return 0;
  return bytes_written_by(child.pid);
}

void Kernel::wait_for_end() {
  if (!ending_.load()) return;
  SessionWatch* const watch = find_watch();
  if (watch != nullptr) watch->wait_for_end();
}

}  // namespace swebash::kernel
