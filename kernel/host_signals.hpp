// SPDX-License-Identifier: Apache-2.0
//
// HostSignals: the one signal handler of the host process and what it notes.
//
// Process-wide, as dispositions are. A signal is handled only while the main task catches it (or,
// for SIGCHLD, while it waits for children that may stop). The handler runs on the main thread: it
// notes the signal, sets the signal words of the tasks that run there and ends their waits; the
// rest (Kernel::distribute_host_signals) happens outside of it. Setting calls are the main
// thread's.
#pragma once

#include <csignal>

#include <atomic>

#include "base/integers.hpp"
#include "kernel/signals.hpp"

namespace swebash::kernel {

class Task;

struct HostSignals {
  // Signals that the host process keeps for itself or the runtime: tasks get them inside only.
  static constexpr SignalSet kInside = signal_bit(SIGPIPE) | signal_bit(SIGSEGV) |
                                       signal_bit(SIGBUS) | signal_bit(SIGILL) |
                                       signal_bit(SIGFPE) | signal_bit(SIGTRAP);

  static void catch_signal(i32 signal) noexcept;
  static void ignore_signal(i32 signal) noexcept;
  static void default_signal(i32 signal) noexcept;
  // Makes the end or stop of a child end the waits of tasks on the main thread.
  static void watch_children() noexcept;
  // From now on a SIGCHLD has tasks on the main thread look at what happened (Kernel does), even
  // those that never wait.
  static void watch_groups() noexcept;
  // Whether the host ignores the signal now.
  [[nodiscard]] static bool is_ignored(i32 signal) noexcept;

  // The tasks that run on the main thread, innermost first, linked by outer_.
  static std::atomic<Task*> innermost;
  // Signals handled for the main task's sake.
  static std::atomic<SignalSet> caught;
  // Noted and not yet given on: sent to the process, and typed at the terminal.
  static std::atomic<SignalSet> sent;
  static std::atomic<SignalSet> typed;
  // A SIGCHLD came after watch_groups() and nobody has looked yet.
  static std::atomic<bool> group_news;
  // A caught SIGCHLD came from a child, and nobody has looked yet whose.
  static std::atomic<bool> child_news;

 private:
  static std::atomic<bool> watching_groups;

  static void handle(int signal, siginfo_t* info, void* context) noexcept;
  static void install(i32 signal, int flags) noexcept;
};

}  // namespace swebash::kernel
