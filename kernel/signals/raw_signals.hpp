// SPDX-License-Identifier: Apache-2.0
//
// Signal actions and masks by system call: for the signals that C libraries keep for themselves and
// whose sigaction() and sigaddset() refuse them (32 and 33; musl 34, SIGRTMIN of everybody else,
// too). Layouts are the host kernel's. Safe in signal handlers and from any thread.
#pragma once

#include <csignal>

#include "base/integers.hpp"

namespace swebash::kernel {

// rt_sigaction(2)'s argument.
struct KernelAction {
  void (*handler)(int) = nullptr;
  unsigned long flags = 0;
  void (*restorer)() = nullptr;
  u64 mask = 0;  // bit N - 1 for signal N
};
// The size of a signal set in system calls.
inline constexpr usize kKernelMaskSize = sizeof(u64);

// As sigaction(), for every signal; false and errno where the kernel refuses.
bool set_signal_action(int signal, const struct sigaction& action) noexcept;

// The handler that is set, SIG_DFL and SIG_IGN included; SIG_ERR for what is no signal.
[[nodiscard]] void (*signal_handler(int signal) noexcept)(int);

// Sets the calling thread's mask (bit N - 1 for signal N); the old one.
u64 set_signal_mask(u64 mask) noexcept;

}  // namespace swebash::kernel
