// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/helper_process.hpp"
#include "kernel/signals/raw_signals.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace swebash::kernel {

pid_t start_helper([[maybe_unused]] void* stack_top, [[maybe_unused]] int (*main)(void*),
                   [[maybe_unused]] void* argument) noexcept {
#if defined(SWEBASH_HAS_HELPERS)
  u64 old = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &kAllSignals, &old, kKernelMaskSize);
  // Not the C library's clone, which a sanitizer would make a fork of.
  long pid = SYS_clone;
  register long none asm("r10") = 0;
  register long zero asm("r8") = 0;
  register int (*entry)(void*) asm("r12") = main;
  register void* given asm("r13") = argument;
  asm volatile(
      "syscall\n\t"
      "testq %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xorl %%ebp, %%ebp\n\t"
      "movq %%r13, %%rdi\n\t"
      "call *%%r12\n\t"
      "hlt\n"
      "1:"
      : "+a"(pid)
      : "D"(long{CLONE_VM | SIGCHLD}), "S"(stack_top), "d"(0L), "r"(none), "r"(zero), "r"(entry),
        "r"(given)
      : "rcx", "r11", "memory");
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &old, nullptr, kKernelMaskSize);
  if (pid >= 0) return static_cast<pid_t>(pid);
  errno = static_cast<int>(-pid);
#else
  errno = ENOSYS;
#endif
  return -1;
}

}  // namespace swebash::kernel
