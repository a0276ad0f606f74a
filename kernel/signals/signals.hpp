// SPDX-License-Identifier: Apache-2.0
//
// Signal numbers, sets of them and what they do by default. Pure values and functions.
//
// Numbers are Linux's on x86-64, which the host is; bit N of a set is signal N.
#pragma once

#include <csignal>

#include "base/integers.hpp"

namespace swebash::kernel {

inline constexpr i32 kSignalCount = 65;  // numbers are 1 to 64

// A set of signals: bit N for signal N, and bit 0 for signal 64.
using SignalSet = u64;

enum class DefaultAction : u8 { terminate, ignore, stop, resume };

[[nodiscard]] constexpr bool is_signal(i32 signal) noexcept {
  return signal > 0 && signal < kSignalCount;
}

[[nodiscard]] constexpr SignalSet signal_bit(i32 signal) noexcept {
  return SignalSet{1} << (signal & 63);
}

[[nodiscard]] constexpr DefaultAction default_action(i32 signal) noexcept {
  switch (signal) {
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH: return DefaultAction::ignore;
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU: return DefaultAction::stop;
    case SIGCONT: return DefaultAction::resume;
    default: return DefaultAction::terminate;
  }
}

// The signal of the lowest bit in `set`. Requires: it is not empty.
[[nodiscard]] constexpr i32 lowest_signal(SignalSet set) noexcept {
  return (set & 1) != 0 ? 64 : __builtin_ctzll(set);
}

}  // namespace swebash::kernel
