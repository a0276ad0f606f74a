// SPDX-License-Identifier: Apache-2.0
#include "kernel/signals/raw_signals.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace swebash::kernel {

namespace {

#if defined(__x86_64__)
constexpr unsigned long kRestorer = 0x0400'0000;  // SA_RESTORER
[[gnu::naked]] void restore() { asm volatile("movl $15, %eax\n\tsyscall"); }
#else
constexpr unsigned long kRestorer = 0;
void restore() {}
#endif

}  // namespace

bool set_signal_action(int signal, const struct sigaction& action) noexcept {
  if (::sigaction(signal, &action, nullptr) == 0) return true;
  if (errno != EINVAL) return false;
  KernelAction raw;
  // One union in both libraries: sa_sigaction's third argument is there with SA_SIGINFO.
  raw.handler = action.sa_handler;
  raw.flags = static_cast<unsigned long>(action.sa_flags) | kRestorer;
  raw.restorer = &restore;
  raw.mask = ~u64{0};
  return ::syscall(SYS_rt_sigaction, signal, &raw, nullptr, kKernelMaskSize) == 0;
}

void (*signal_handler(int signal) noexcept)(int) {
  KernelAction raw;
  if (::syscall(SYS_rt_sigaction, signal, nullptr, &raw, kKernelMaskSize) != 0) return SIG_ERR;
  return raw.handler;
}

u64 set_signal_mask(u64 mask) noexcept {
  u64 old = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, &old, kKernelMaskSize);
  return old;
}

}  // namespace swebash::kernel
