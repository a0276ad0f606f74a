// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/supervisor.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "kernel/process/end_as.hpp"
#include "kernel/process/helper_process.hpp"
#include "kernel/process/session_watch.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel {
namespace {

constexpr i64 kMillisecond = 1'000'000;
constexpr i64 kSecond = kNanosecondsPerSecond;
constexpr i64 kRound = 20 * kMillisecond;
// What the session has to end by itself when it passed a limit: its watch gives programs time.
constexpr i64 kOwnTime = 3 * kSecond / 2;

// What the supervisor tells the process that was called.
struct Report {
  enum class Kind : i32 { session, ended, limit } kind;
  i32 value;       // the session's pid; how it ended, as wait(2) says; the status to leave with
  char limit[24];  // its name
};

void send(int to, Report::Kind kind, i32 value, const char* limit = "") noexcept {
  Report report = {kind, value, {}};
  std::strncpy(report.limit, limit, sizeof(report.limit) - 1);
  [[maybe_unused]] const auto written = ::write(to, &report, sizeof(report));
}

void hand_on(const signalfd_siginfo& info, pid_t session) {
  const int signal = static_cast<int>(info.ssi_signo);
  if (signal == SIGCHLD) return;
  // What comes from the terminal has gone to the session too.
  const bool sent = info.ssi_code <= 0;
  if (sent && session > 0) ::kill(session, signal);
  const bool stops = signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
  if (stops) ::raise(SIGSTOP);
}

// The process that was called. All signals are blocked.
[[noreturn]] void stand_in(int reports, const sigset_t& all) {
  const int signals = ::signalfd(-1, &all, SFD_CLOEXEC);
  pid_t session = 0;
  while (true) {
    pollfd entries[] = {{reports, POLLIN, 0}, {signals, POLLIN, 0}};
    if (::poll(entries, 2, -1) < 0) continue;
    if (entries[1].revents != 0) {
      signalfd_siginfo info;
      if (::read(signals, &info, sizeof(info)) == sizeof(info)) hand_on(info, session);
    }
    if (entries[0].revents == 0) continue;
    Report report;
    // Nothing comes from a supervisor that was killed.
    if (::read(reports, &report, sizeof(report)) != sizeof(report)) ::_exit(128 + SIGKILL);
    switch (report.kind) {
      case Report::Kind::session: session = report.value; break;
      case Report::Kind::ended: end_as_child(report.value);
      case Report::Kind::limit: {
        const std::string text = "swebash: the session passed its limit on " +
                                 std::string(report.limit) + " and was ended\n";
        [[maybe_unused]] const auto written = ::write(2, text.data(), text.size());
        ::_exit(report.value);
      }
    }
  }
}

class Supervisor {
 public:
  Supervisor(const Limits& limits, pid_t caller, pid_t session, int reports)
      : limits_(limits),
        caller_(caller),
        session_(session),
        reports_(reports),
        start_(monotonic_now()) {}

  // Returns when nothing of the session is left.
  void run(const sigset_t& all) {
    while (reap()) {
      check();
      const timespec round = {0, kRound};
      ::sigtimedwait(&all, nullptr, &round);
    }
  }

 private:
  // False when there is no child any more: then there is no grandchild.
  bool reap() {
    while (true) {
      int state = 0;
      const pid_t pid = ::waitpid(-1, &state, WNOHANG);
      if (pid == 0) return true;
      if (pid < 0) {
        if (errno == EINTR) continue;
        return false;
      }
      if (pid != session_) continue;
      session_ = 0;
      send(reports_, Report::Kind::ended, state);
    }
  }

  void check() {
    if (session_ != 0 && ::getppid() != caller_) {
      session_ = 0;
      end_tree();
      return;
    }
    const bool measures = limits_.cpu_time > 0 || limits_.total_memory > 0 ||
                          limits_.written_bytes > 0 || limits_.programs > 0;
    SessionWatch::Use use = measures ? SessionWatch::measure(limits_.written_bytes > 0
                                                                 ? SessionWatch::Written::counted
                                                                 : SessionWatch::Written::not_asked)
                                     : SessionWatch::Use{};
    if (limits_.programs > 0) {
      // A guardian is a process, and no task of the session.
      std::erase_if(use.processes, is_noted_helper);
      const usize most = usize{limits_.programs} + unnoted_helpers();
      if (use.processes.size() > most) end_youngest(std::move(use.processes), most);
    }
    const char* limit = nullptr;
    i32 status = 0;
    const auto passed = [&](bool is, const char* name, i32 leave_with) {
      if (!is || limit != nullptr) return;
      limit = name;
      status = leave_with;
    };
    passed(limits_.wall_time > 0 && monotonic_now() - start_ > limits_.wall_time, "wall time",
           kWallTimeStatus);
    passed(limits_.cpu_time > 0 && use.cpu > limits_.cpu_time, "processor time", kCpuTimeStatus);
    passed(limits_.total_memory > 0 && use.memory > limits_.total_memory, "memory", kMemoryStatus);
    // The session's own count knows more; this one is for when it does not count any more.
    passed(limits_.written_bytes > 0 && session_ == 0 && use.written > limits_.written_bytes,
           "bytes written", kWrittenStatus);
    if (limit == nullptr) {
      passed_since_ = 0;
      return;
    }
    if (passed_since_ == 0) passed_since_ = monotonic_now();
    if (session_ != 0 && monotonic_now() - passed_since_ < kOwnTime) return;
    const bool tells = session_ != 0;
    session_ = 0;  // how it ends now is no news
    end_tree();
    if (tells) send(reports_, Report::Kind::limit, status, limit);
  }

  // A process that multiplies is ended where it does: what was started last goes first.
  void end_youngest(std::vector<pid_t> processes, usize most) {
    std::ranges::sort(processes);
    if (std::erase(processes, session_) > 0) --most;
    while (processes.size() > most) {
      ::kill(processes.back(), SIGKILL);
      processes.pop_back();
    }
  }

  void end_tree() {
    while (true) {
      const SessionWatch::Use use = SessionWatch::measure(SessionWatch::Written::not_asked);
      for (const pid_t pid : use.processes) ::kill(pid, SIGKILL);
      if (!reap()) return;
      const timespec moment = {0, kMillisecond};
      ::nanosleep(&moment, nullptr);
    }
  }

  const Limits& limits_;
  pid_t caller_;
  pid_t session_;  // 0: it has ended
  int reports_;
  i64 start_;
  i64 passed_since_ = 0;
};

}  // namespace

void supervise(const Limits& limits) {
  sigset_t all, before;
  sigfillset(&all);
  note_helpers();
  int reports[2];
  if (::pipe2(reports, O_CLOEXEC) != 0) return;
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t caller = ::getpid();
  const pid_t group = ::getpgrp();
  const pid_t supervisor = ::fork();
  if (supervisor > 0) {
    ::close(reports[1]);
    stand_in(reports[0], all);
  }
  pid_t session = -1;
  if (supervisor == 0) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    // A signal to the session's group is none to its supervisor.
    ::setpgid(0, 0);
    session = ::fork();
  }
  if (session > 0) {
    // It keeps nobody waiting for the end of a file, and ignores nobody's death.
    const int kept = ::dup2(reports[1], 0);
    ::syscall(SYS_close_range, 1U, ~0U, 0U);
    ::signal(SIGCHLD, SIG_DFL);
    send(kept, Report::Kind::session, session);
    Supervisor(limits, caller, session, kept).run(all);
    ::_exit(0);
  }
  if (supervisor == 0 && session < 0) ::_exit(126);
  if (session == 0) {
    ::setpgid(0, group);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  }
  ::close(reports[0]);
  ::close(reports[1]);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

void forbid_raising_limits() noexcept { ::prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0); }

}  // namespace swebash::kernel
