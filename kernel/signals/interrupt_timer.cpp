// SPDX-License-Identifier: Apache-2.0
#include "kernel/signals/interrupt_timer.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel/signals/raw_signals.hpp"

namespace swebash::kernel {

namespace {

// musl has it for timers with threads, glibc for cancellation; neither is used here. Their own
// functions refuse it, so these are plain system calls.
constexpr int kSignal = 32;
constexpr long kRound = 20'000'000;  // nanoseconds

// The host kernel's layout.
struct Event {
  u64 value;
  int signal;
  int notify;
  int thread;
  int rest[11];
};
static_assert(sizeof(Event) == 64);

void ignore(int) {}

// Once for the process: nobody else changes this signal's action.
bool install() noexcept {
  struct sigaction action = {};
  action.sa_handler = &ignore;
  return set_signal_action(kSignal, action);
}

}  // namespace

InterruptTimer::InterruptTimer() noexcept {
  static const bool installed = install();
  if (!installed) return;
  constexpr int kThisThread = 4;  // SIGEV_THREAD_ID
  Event event = {};
  event.signal = kSignal;
  event.notify = kThisThread;
  event.thread = static_cast<int>(::syscall(SYS_gettid));
  int id = -1;
  if (::syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id) != 0) return;
  const itimerspec rounds = {{0, kRound}, {0, kRound}};
  ::syscall(SYS_timer_settime, id, 0, &rounds, nullptr);
  id_ = id;
}

InterruptTimer::~InterruptTimer() {
  if (id_ >= 0) ::syscall(SYS_timer_delete, id_);
}

}  // namespace swebash::kernel
