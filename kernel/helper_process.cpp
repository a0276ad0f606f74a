// SPDX-License-Identifier: Apache-2.0
#include "kernel/helper_process.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace swebash::kernel {

// The C library's clone keeps no books for a process of its own.
pid_t start_helper(void* stack_top, int (*main)(void*), void* argument) noexcept {
  u64 old = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &kAllSignals, &old, kKernelMaskSize);
  const int pid = ::clone(main, stack_top, CLONE_VM | SIGCHLD, argument);
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &old, nullptr, kKernelMaskSize);
  return pid;
}

}  // namespace swebash::kernel
