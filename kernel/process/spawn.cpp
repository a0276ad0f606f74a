// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/spawn.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "kernel/signals/raw_signals.hpp"

#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif

// What runs between clone and exec shares the parent's memory: no sanitizer may keep books there.
#if defined(__clang__)
#define SWEBASH_IN_CHILD __attribute__((disable_sanitizer_instrumentation))
#else
#define SWEBASH_IN_CHILD
#endif

namespace swebash::kernel {

namespace {

constexpr long kRestrictSelf = 446;

struct Setup {
  const SpawnPlan& plan;
  std::vector<FdMapping> mapping;  // a copy to work on: made before the clone
  u64 mask = 0;                    // for the program
  pid_t parent = 0;
  bool reset_handlers = false;
  pid_t had_terminal = 0;  // the foreground group before the program's, or 0
  int error = 0;
};

// libc's wrappers may be wrapped again (sanitizers) and prlimit may be a 64-bit alias: plain calls.
template <class... A>
SWEBASH_IN_CHILD long call(long number, A... a) noexcept {
  return ::syscall(number, a...);
}

SWEBASH_IN_CHILD bool set_action(int signal, void (*handler)(int)) noexcept {
  KernelAction action = {handler, 0, nullptr, 0};
  return call(SYS_rt_sigaction, signal, &action, nullptr, kKernelMaskSize) == 0;
}

SWEBASH_IN_CHILD void close_gap(unsigned first, unsigned last) noexcept {
  if (call(SYS_close_range, first, last, CLOSE_RANGE_CLOEXEC) == 0) return;
  // Before Linux 5.11. What the kernel opened is close-on-exec already; this is for the rest.
  constexpr unsigned kHighest = 1024;
  for (unsigned fd = first; fd <= last && fd < kHighest; ++fd) {
    call(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
  }
}

SWEBASH_IN_CHILD bool map_descriptors(FdMapping* mapping, usize count) noexcept {
  const int above = count == 0 ? 0 : mapping[count - 1].target + 1;
  for (usize i = 0; i < count; ++i) {
    if (mapping[i].source == mapping[i].target) continue;
    for (usize j = 0; j < count; ++j) {
      if (mapping[j].target != mapping[i].source) continue;
      const long moved = call(SYS_fcntl, mapping[i].source, F_DUPFD_CLOEXEC, above);
      if (moved < 0) return false;
      mapping[i].source = static_cast<int>(moved);
      break;
    }
  }
  unsigned next = 0;
  for (usize i = 0; i < count; ++i) {
    const FdMapping& m = mapping[i];
    const long result = m.source == m.target ? call(SYS_fcntl, m.target, F_SETFD, 0)
                                             : call(SYS_dup3, m.source, m.target, 0);
    if (result < 0) return false;
    const unsigned target = static_cast<unsigned>(m.target);
    if (target > next) close_gap(next, target - 1);
    next = target + 1;
  }
  close_gap(next, ~0u);
  return true;
}

SWEBASH_IN_CHILD bool prepare(Setup& setup) noexcept {
  const SpawnPlan& plan = setup.plan;
  // First: what follows may put another descriptor in the place of this one.
  if (plan.restriction >= 0 && call(kRestrictSelf, plan.restriction, 0) != 0) return false;
  if (plan.group >= 0 && call(SYS_setpgid, 0, plan.group) != 0) return false;
  if (plan.foreground_terminal >= 0) {
    // SIGTTOU is blocked here, so a background shell's child gets it too.
    pid_t group = static_cast<pid_t>(call(SYS_getpgid, 0));
    call(SYS_ioctl, plan.foreground_terminal, TIOCGPGRP, &setup.had_terminal);
    call(SYS_ioctl, plan.foreground_terminal, TIOCSPGRP, &group);
  }
  if (plan.directory >= 0 && call(SYS_fchdir, plan.directory) != 0) return false;
  if (!plan.as_they_are && !map_descriptors(setup.mapping.data(), setup.mapping.size())) {
    return false;
  }
  if (plan.umask >= 0) call(SYS_umask, plan.umask);
  for (const LimitSetting& setting : plan.limits) {
    call(SYS_prlimit64, 0, setting.resource, &setting.limit, nullptr);
  }
  if (setup.reset_handlers) {
    for (int signal = 1; signal < kSignalCount; ++signal) {
      KernelAction action;
      if (call(SYS_rt_sigaction, signal, nullptr, &action, kKernelMaskSize) != 0) continue;
      if (action.handler != SIG_DFL && action.handler != SIG_IGN) set_action(signal, SIG_DFL);
    }
  }
  for (SignalSet set = plan.defaults; set != 0; set &= set - 1) {
    set_action(lowest_signal(set), SIG_DFL);
  }
  for (SignalSet set = plan.ignore; set != 0; set &= set - 1) {
    set_action(lowest_signal(set), SIG_IGN);
  }
  if (plan.parent_death == ParentDeath::kill && setup.parent != 0) {
    call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (call(SYS_getppid) != setup.parent) {
      errno = ESRCH;
      return false;
    }
  }
  return true;
}

// What the child does; it comes back only if the program did not start.
SWEBASH_IN_CHILD int child_main(void* argument) noexcept {
  Setup& setup = *static_cast<Setup*>(argument);
  if (prepare(setup)) {
    call(SYS_rt_sigprocmask, SIG_SETMASK, &setup.mask, nullptr, kKernelMaskSize);
    call(SYS_execve, setup.plan.path, setup.plan.arguments, setup.plan.environment);
  }
  setup.error = errno;
  call(SYS_exit, 127);
  return 0;
}

#if defined(__x86_64__)
SWEBASH_IN_CHILD long clone3_on_stack(clone_args* args, Setup* setup) noexcept {
  long result = SYS_clone3;
  register long size asm("rsi") = sizeof(clone_args);
  register int (*entry)(void*) asm("r12") = &child_main;
  register void* argument asm("r13") = setup;
  asm volatile(
      "syscall\n\t"
      "testq %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xorl %%ebp, %%ebp\n\t"
      "movq %%r13, %%rdi\n\t"
      "call *%%r12\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(args), "r"(size), "r"(entry), "r"(argument)
      : "rcx", "r11", "memory");
  return result;
}
#endif

constexpr usize kChildStack = 16 << 10;

// The child's pid, or minus the host's error number.
SWEBASH_IN_CHILD long start(Setup& setup) noexcept {
  alignas(16) char stack[kChildStack];
#if defined(__x86_64__)
  clone_args args = {};
  args.flags = CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND;
  args.exit_signal = SIGCHLD;
  args.stack = reinterpret_cast<u64>(&stack[0]);
  args.stack_size = sizeof(stack);
  const long pid = clone3_on_stack(&args, &setup);
  if (pid != -ENOSYS && pid != -EPERM && pid != -EINVAL) return pid;
#endif
  // An older kernel, or a sandbox that knows no clone3.
  setup.reset_handlers = true;
  const int child =
      ::clone(&child_main, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, &setup);
  return child < 0 ? -errno : child;
}

u64 block_all_signals() noexcept { return set_signal_mask(~u64{0}); }

void restore_signals(u64 old) noexcept { set_signal_mask(old); }

Setup make_setup(const SpawnPlan& plan) {
  return {.plan = plan,
          .mapping = std::vector<FdMapping>(plan.descriptors.begin(), plan.descriptors.end())};
}

// What replace_process() changes in this very process, to undo it when execve fails.
class Undo {
 public:
  explicit Undo(const SpawnPlan& plan) : plan_(plan) {
    const int above = plan.descriptors.empty() ? 0 : plan.descriptors.back().target + 1;
    for (const FdMapping& m : plan.descriptors) {
      const int flags = ::fcntl(m.target, F_GETFD);
      saved_.push_back(
          {m.target, flags, OwnedFd(flags < 0 ? -1 : ::fcntl(m.target, F_DUPFD_CLOEXEC, above))});
    }
    if (plan.directory >= 0) directory_.reset(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (plan.umask >= 0) {
      umask_ = ::umask(0);
      ::umask(umask_);
    }
    for (SignalSet set = plan.ignore | plan.defaults; set != 0; set &= set - 1) {
      KernelAction action;
      const int signal = lowest_signal(set);
      if (::syscall(SYS_rt_sigaction, signal, nullptr, &action, kKernelMaskSize) == 0) {
        actions_.push_back({signal, action});
      }
    }
    for (const LimitSetting& setting : plan.limits) {
      LimitSetting old = {setting.resource, {}};
      if (::syscall(SYS_prlimit64, 0, setting.resource, nullptr, &old.limit) == 0) {
        limits_.push_back(old);
      }
    }
  }

  void apply() noexcept {
    for (const Saved& saved : saved_) {
      if (saved.copy) {
        ::dup3(saved.copy.get(), saved.fd, (saved.flags & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0);
      } else {
        ::close(saved.fd);
      }
    }
    if (directory_) [[maybe_unused]]
      const int gone = ::fchdir(directory_.get());
    if (plan_.umask >= 0) ::umask(umask_);
    for (const Action& action : actions_) {
      ::syscall(SYS_rt_sigaction, action.signal, &action.old, nullptr, kKernelMaskSize);
    }
    for (const LimitSetting& old : limits_) {
      ::syscall(SYS_prlimit64, 0, old.resource, &old.limit, nullptr);
    }
  }

 private:
  struct Saved {
    int fd;
    int flags;
    OwnedFd copy;
  };
  struct Action {
    int signal;
    KernelAction old;
  };

  const SpawnPlan& plan_;
  std::vector<Saved> saved_;
  OwnedFd directory_;
  mode_t umask_ = 0;
  std::vector<Action> actions_;
  std::vector<LimitSetting> limits_;
};

}  // namespace

SysResult<pid_t> spawn_process(const SpawnPlan& plan) {
  Setup setup = make_setup(plan);
  if (plan.parent_death == ParentDeath::kill) setup.parent = ::getpid();
  const u64 old = block_all_signals();
  setup.mask = plan.mask == ProgramMask::callers ? old : 0;
  const long pid = start(setup);
  if (setup.error != 0 && setup.had_terminal > 0) {
    // The child gave the terminal to a group that has died with it. SIGTTOU is blocked.
    ::tcsetpgrp(plan.foreground_terminal, setup.had_terminal);
  }
  restore_signals(old);
  if (pid < 0) return std::unexpected(errno_from_host(static_cast<int>(-pid)));
  if (setup.error != 0) {
    while (::waitpid(static_cast<pid_t>(pid), nullptr, 0) < 0 && errno == EINTR) {
    }
    return std::unexpected(errno_from_host(setup.error));
  }
  return static_cast<pid_t>(pid);
}

Errno replace_process(const SpawnPlan& plan) {
  Setup setup = make_setup(plan);
  Undo undo(plan);
  const u64 old = block_all_signals();
  setup.mask = plan.mask == ProgramMask::callers ? old : 0;
  int error = 0;
  if (prepare(setup)) {
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &setup.mask, nullptr, kKernelMaskSize);
    ::execve(plan.path, plan.arguments, plan.environment);
    error = errno;
    block_all_signals();
  } else {
    error = errno;
  }
  undo.apply();
  // Sources that were moved out of the way.
  for (usize i = 0; i < setup.mapping.size(); ++i) {
    if (setup.mapping[i].source != plan.descriptors[i].source) ::close(setup.mapping[i].source);
  }
  restore_signals(old);
  return errno_from_host(error);
}

}  // namespace swebash::kernel
