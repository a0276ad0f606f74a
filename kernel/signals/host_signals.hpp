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
#include "kernel/signals/signals.hpp"

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
  // As ignored for this process; what it starts has the default without being told. The handler
  // there was.
  static void (*swallow_signal(i32 signal) noexcept)(int);
  // Makes the end or stop of a child end the waits of tasks on the main thread.
  static void watch_children() noexcept;
  // From now on a SIGCHLD has tasks on the main thread look at what happened (Kernel does), even
  // those that never wait.
  static void watch_groups() noexcept;
  // While a task of the main thread waits in the foreground, a SIGINT that nobody catches is only
  // noted (abi::kWaitForeground). Holds nest.
  static void hold_interrupt() noexcept {
    watch_interrupt();
    held.fetch_add(1);
    hold_expected.store(false);
  }
  // A hold begins with the next wait, and counts from now on.
  static void expect_hold() noexcept {
    watch_interrupt();
    hold_expected.store(true);
  }
  static void release_interrupt() noexcept { held.fetch_sub(1); }
  // From now on a SIGINT that the main task would die of is first looked at: the task that runs
  // within it on the main thread may ignore or catch it.
  static void watch_interrupt() noexcept;
  // In a fork of the host: `task` is the one that runs. What the handler noted is its parent's
  // affair, and what is `ignored` is ignored; what else was handled or ignored by our doing
  // (`ours`) has its default again.
  static void restart(Task& task, SignalSet ignored, SignalSet ours) noexcept;
  // Whether the signal has come to the host and is not given on yet: it is noted, or the main
  // thread has not got round to the handler. On the main thread and on those of the pool.
  [[nodiscard]] static bool is_coming(i32 signal) noexcept;
  // Whether the host ignores the signal now.
  [[nodiscard]] static bool is_ignored(i32 signal) noexcept;

  // The tasks that run on the main thread, innermost first, linked by outer_.
  static std::atomic<Task*> innermost;
  // Signals handled for the main task's sake.
  static std::atomic<SignalSet> caught;
  // Signals that swallow_signal() took.
  static std::atomic<SignalSet> swallowed;
  // Noted and not yet given on: sent to the process, and typed at the terminal.
  static std::atomic<SignalSet> sent;
  static std::atomic<SignalSet> typed;
  // How many holds there are; one is about to begin, for a program that was just started; a SIGINT
  // came during one.
  static std::atomic<i32> held;
  static std::atomic<bool> hold_expected;
  static std::atomic<bool> interrupted;
  // A SIGCHLD came after watch_groups() and nobody has looked yet.
  static std::atomic<bool> group_news;
  // A caught SIGCHLD came from a child, and nobody has looked yet whose.
  static std::atomic<bool> child_news;

 private:
  static std::atomic<bool> watching_groups;
  static std::atomic<bool> watching_interrupt;

  static void handle(int signal, siginfo_t* info, void* context) noexcept;
  static void install(i32 signal, int flags) noexcept;
  // What SIGPIPE has for a handler.
  static void handle_pipe(int signal, siginfo_t* info, void* context) noexcept;
  static void note_interrupt(bool typed_there) noexcept;
};

}  // namespace swebash::kernel
