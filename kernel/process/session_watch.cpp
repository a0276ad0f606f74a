// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/session_watch.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <unordered_map>

#include "kernel/kernel.hpp"
#include "kernel/signals/raw_signals.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel {

namespace {

constexpr i64 kMillisecond = 1'000'000;
constexpr i64 kSecond = kNanosecondsPerSecond;
constexpr i64 kUseRound = 50 * kMillisecond;
constexpr i64 kTaskRound = 20 * kMillisecond;
constexpr i64 kShortestRound = 10 * kMillisecond;
constexpr i64 kLongestRound = 200 * kMillisecond;
// What processes have between SIGTERM and SIGKILL, and then until they are given up.
constexpr i64 kGrace = kSecond / 2;
constexpr i64 kGivenUp = 2 * kSecond;
// What the host's main thread has to come to its end after that.
constexpr i64 kStuck = 3 * kSecond;
constexpr int kMessages = 200;
constexpr usize kStackSize = 256 << 10;

struct Process {
  pid_t parent = 0;
  char state = 0;
  i64 ticks = 0;
  u64 pages = 0;
};

using ProcText = char[1024];

// The text of a file of /proc/PID/.
bool read_proc(pid_t pid, const char* name, ProcText& text) {
  char path[64];
  std::snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
  const OwnedFd file(::open(path, O_RDONLY | O_CLOEXEC));
  if (!file) return false;
  const ssize_t length = ::read(file.get(), text, sizeof(text) - 1);
  if (length <= 0) return false;
  text[length] = '\0';
  return true;
}

bool read_process(pid_t pid, Process& out) {
  ProcText text;
  if (!read_proc(pid, "stat", text)) return false;
  // The name, in parentheses, may hold anything.
  const char* rest = std::strrchr(text, ')');
  if (rest == nullptr) return false;
  long long user, system, children_user, children_system;
  long pages = 0;
  const int fields = std::sscanf(
      rest + 1,
      " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld %*d %*d %*d %*d %*u %*u %ld",
      &out.state, &out.parent, &user, &system, &children_user, &children_system, &pages);
  if (fields != 7) return false;
  out.ticks = user + system + children_user + children_system;
  out.pages = static_cast<u64>(pages);
  return true;
}

}  // namespace

u64 bytes_written_by(pid_t pid) noexcept {
  ProcText text;
  if (!read_proc(pid, "io", text)) return 0;
  const char* const line = std::strstr(text, "wchar: ");
  return line == nullptr ? 0 : std::strtoull(line + std::strlen("wchar: "), nullptr, 10);
}

SessionWatch::SessionWatch(Kernel& kernel, Scope scope)
    : kernel_(kernel),
      scope_(scope),
      start_(monotonic_now()),
      messages_(scope == Scope::session && kernel.has_session_limits()
                    ? ::fcntl(2, F_DUPFD_CLOEXEC, kMessages)
                    : -1) {}

SysResult<void> SessionWatch::start() {
  if (messages_) ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackSize);
  const u64 old = set_signal_mask(~u64{0});
  const int error = pthread_create(&thread_, &attributes, &SessionWatch::thread_main, this);
  set_signal_mask(old);
  pthread_attr_destroy(&attributes);
  if (error != 0) return std::unexpected(errno_from_host(error));
  const MutexLock lock(mutex_);
  started_ = true;
  return {};
}

SessionWatch::~SessionWatch() {
  {
    const MutexLock lock(mutex_);
    if (!started_) return;
    stopping_ = true;
    changed_.notify_all();
  }
  pthread_join(thread_, nullptr);
}

void SessionWatch::end_session(std::string_view limit, const ExitState& state) {
  {
    const MutexLock lock(mutex_);
    if (ending_) return;
    ending_ = true;
    end_ = state;
    changed_.notify_all();
  }
  const std::string text =
      "swebash: the session passed its limit on " + std::string(limit) + " and was ended\n";
  [[maybe_unused]] const auto written = ::write(messages_.get(), text.data(), text.size());
  kernel_.doom_all(state);
}

void SessionWatch::wait_for_end() {
  const MutexLock lock(mutex_);
  while (started_ && ending_ && !ended_) changed_.wait(mutex_);
}

void SessionWatch::look_again() {
  const MutexLock lock(mutex_);
  look_now_ = true;
  changed_.notify_all();
}

bool SessionWatch::hold() SWEBASH_NO_THREAD_SAFETY_ANALYSIS {
  mutex_.lock();
  while (looking_) changed_.wait(mutex_);
  if (!ending_) return true;
  mutex_.unlock();
  return false;
}

void SessionWatch::release() SWEBASH_NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }

void* SessionWatch::thread_main(void* watch) {
  static_cast<SessionWatch*>(watch)->run();
  return nullptr;
}

void SessionWatch::run() {
  mutex_.lock();
  looking_ = false;
  changed_.notify_all();
  while (!stopping_ && !ending_) {
    look_now_ = false;
    looking_ = true;
    mutex_.unlock();
    const i64 next = check();
    mutex_.lock();
    looking_ = false;
    changed_.notify_all();
    if (stopping_ || ending_ || look_now_) continue;
    if (next < 0) {
      changed_.wait(mutex_);
    } else {
      changed_.wait_for(mutex_, std::chrono::nanoseconds(next));
    }
  }
  if (ending_) {
    mutex_.unlock();
    end_processes();
    mutex_.lock();
    ended_ = true;
    changed_.notify_all();
    const i64 start = monotonic_now();
    while (!stopping_ && kernel_.options().exit_when_stuck) {
      if (monotonic_now() - start > kStuck) Kernel::end_process(end_);
      changed_.wait_for(mutex_, std::chrono::nanoseconds(kLongestRound));
    }
  }
  mutex_.unlock();
}

SessionWatch::Use SessionWatch::measure(Written written, const Kernel* kernel) {
  Use use;
  use.cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID);
  rusage waited;
  if (::getrusage(RUSAGE_CHILDREN, &waited) == 0) {
    use.cpu += to_nanoseconds(waited.ru_utime) + to_nanoseconds(waited.ru_stime);
  }
  const u64 page = static_cast<u64>(::sysconf(_SC_PAGESIZE));
  const i64 tick = kSecond / std::max(1L, ::sysconf(_SC_CLK_TCK));
  std::unordered_map<pid_t, Process> all;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc"), &::closedir);
  if (directory == nullptr) return use;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    Process process;
    const pid_t pid = std::atoi(entry->d_name);
    if (read_process(pid, process)) all.emplace(pid, process);
  }
  const pid_t self = ::getpid();
  if (const auto own = all.find(self); own != all.end()) use.memory += own->second.pages * page;
  for (const auto& [pid, process] : all) {
    pid_t at = process.parent;
    for (usize steps = 0; at != self && at > 1 && steps < all.size(); ++steps) {
      const auto above = all.find(at);
      at = above == all.end() ? 0 : above->second.parent;
    }
    if (at != self) continue;
    use.cpu += process.ticks * tick;
    if (written == Written::counted && (kernel == nullptr || !kernel->counts_itself(pid))) {
      use.written += bytes_written_by(pid);
    }
    if (process.state == 'Z') {
      if (process.parent == self) use.zombies.push_back(pid);
      continue;
    }
    use.memory += process.pages * page;
    use.processes.push_back(pid);
  }
  return use;
}

void SessionWatch::end_processes() {
  const i64 start = monotonic_now();
  bool terminated = false;
  while (true) {
    const Use use = measure(Written::not_asked);
    const std::vector<pid_t>& processes = use.processes;
    // No task asks for them any more.
    for (const pid_t pid : use.zombies) ::waitpid(pid, nullptr, WNOHANG);
    const i64 passed = monotonic_now() - start;
    if (processes.empty() || passed > kGivenUp) return;
    for (const pid_t pid : processes) {
      if (passed > kGrace) {
        ::kill(pid, SIGKILL);
      } else if (!terminated) {
        ::kill(pid, SIGTERM);
        ::kill(pid, SIGCONT);
      }
    }
    terminated = true;
    ::usleep(kShortestRound / 1'000);
  }
}

i64 SessionWatch::check() {
  const Limits& limits = kernel_.options().limits;
  i64 next = -1;
  const auto look_in = [&next](i64 time) { next = next < 0 ? time : std::min(next, time); };
  const bool all = scope_ == Scope::session;
  if (all && limits.wall_time > 0) {
    const i64 left = limits.wall_time - (monotonic_now() - start_);
    if (left <= 0) {
      end_session("wall time", ExitState::exited(kWallTimeStatus));
      return -1;
    }
    look_in(left);
  }
  if (all && (limits.cpu_time > 0 || limits.total_memory > 0 || limits.written_bytes > 0)) {
    const bool counts = limits.written_bytes > 0;
    // Asked before: who is waited for meanwhile is counted once, or at the next look.
    const u64 written = kernel_.written_bytes();
    const Use use = measure(counts ? Written::counted : Written::not_asked, &kernel_);
    if (counts) {
      if (kernel_.written_up() || written + use.written > limits.written_bytes) {
        end_session("bytes written", ExitState::exited(kWrittenStatus));
        return -1;
      }
      look_in(kUseRound);
    }
    if (limits.cpu_time > 0) {
      const i64 left = limits.cpu_time - use.cpu;
      if (left <= 0) {
        end_session("processor time", ExitState::exited(kCpuTimeStatus));
        return -1;
      }
      const i64 processors = std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN));
      look_in(std::clamp(left / processors, kShortestRound, kLongestRound));
    }
    if (limits.total_memory > 0) {
      if (use.memory > limits.total_memory) {
        end_session("memory", ExitState::exited(kMemoryStatus));
        return -1;
      }
      look_in(kUseRound);
    }
  }
  if (kernel_.check_task_times()) look_in(kTaskRound);
  return next;
}

}  // namespace swebash::kernel
