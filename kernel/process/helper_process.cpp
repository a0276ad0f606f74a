// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/helper_process.hpp"
#include "kernel/signals/raw_signals.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace swebash::kernel {

namespace {

// In memory that all processes of a session share. What finds no place is not noted.
struct Notes {
  std::atomic<u32> unnoted;
  std::atomic<pid_t> pids[1023];
};

Notes* notes = nullptr;

void note(pid_t pid) noexcept {
  for (std::atomic<pid_t>& place : notes->pids) {
    pid_t none = 0;
    if (place.compare_exchange_strong(none, pid)) return;
  }
}

}  // namespace

void note_helpers() noexcept {
  void* memory =
      ::mmap(nullptr, sizeof(Notes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) notes = static_cast<Notes*>(memory);
}

bool is_noted_helper(pid_t pid) noexcept {
  if (notes == nullptr) return false;
  bool is = false;
  for (std::atomic<pid_t>& place : notes->pids) {
    pid_t noted = place.load();
    if (noted == 0) continue;
    if (noted == pid) is = true;
    if (::kill(noted, 0) != 0 && errno == ESRCH) place.compare_exchange_strong(noted, 0);
  }
  return is;
}

void expect_helpers(u32 count) noexcept {
  if (notes != nullptr) notes->unnoted.fetch_add(count);
}

u32 unnoted_helpers() noexcept { return notes == nullptr ? 0 : notes->unnoted.load(); }

pid_t start_helper([[maybe_unused]] void* stack_top, [[maybe_unused]] int (*main)(void*),
                   [[maybe_unused]] void* argument) noexcept {
#if defined(SWEBASH_HAS_HELPERS)
  if (notes != nullptr) notes->unnoted.fetch_add(1);
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
  if (notes != nullptr) {
    if (pid > 0) note(static_cast<pid_t>(pid));
    notes->unnoted.fetch_sub(1);
  }
  if (pid >= 0) return static_cast<pid_t>(pid);
  errno = static_cast<int>(-pid);
#else
  errno = ENOSYS;
#endif
  return -1;
}

}  // namespace swebash::kernel
