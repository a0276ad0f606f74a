// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "engine/native/native.hpp"

namespace swebash::native {
namespace {

std::atomic<u64> pending{0};
u32* word = nullptr;
// What the shell asked for, by signal.
u8 actions[65];
bool known[65];

void handle(int signal) {
  pending.fetch_or(u64{1} << (signal & 63), std::memory_order_relaxed);
  if (word != nullptr) __atomic_store_n(word, 1, __ATOMIC_RELAXED);
}

u32 present_action(int signal) {
  if (known[signal]) return actions[signal];
  struct sigaction old;
  if (::sigaction(signal, nullptr, &old) < 0) return abi::kSignalDefault;
  return old.sa_handler == SIG_IGN ? abi::kSignalIgnore : abi::kSignalDefault;
}

}  // namespace

void reset_signals() noexcept {
  pending.store(0);
  for (int signal = 1; signal <= 64; ++signal) {
    if (!known[signal] || actions[signal] != abi::kSignalCatch) continue;
    ::signal(signal, SIG_DFL);
    actions[signal] = abi::kSignalDefault;
  }
  if (word != nullptr) *word = 0;
}

void prepare_signals_for_exec() noexcept {
  for (int signal = 1; signal <= 64; ++signal) {
    if (known[signal] && actions[signal] == abi::kSignalIgnoreHere) ::signal(signal, SIG_DFL);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace swebash::native

namespace swebash::sys {

using namespace swebash::native;

i64 signal_action(i32 signal, u32 action) noexcept {
  if (signal < 1 || signal > 64) return failure(Errno::inval);
  const u32 old = present_action(signal);
  if (action == abi::kSignalAsk) return old;
  struct sigaction host{};
  const bool ignored = action == abi::kSignalIgnore || action == abi::kSignalIgnoreHere;
  const bool caught = action == abi::kSignalCatch || action == abi::kSignalCatchHere;
  host.sa_handler = caught ? handle : ignored ? SIG_IGN : SIG_DFL;
  if (::sigaction(signal, &host, nullptr) < 0) return failure();
  actions[signal] = static_cast<u8>(action);
  known[signal] = true;
  return old;
}

i64 signal_word(u32* where) noexcept {
  word = where;
  return 0;
}

i64 signal_take() noexcept {
  if (word != nullptr) __atomic_store_n(word, 0, __ATOMIC_RELAXED);
  return static_cast<i64>(pending.exchange(0));
}

}  // namespace swebash::sys
