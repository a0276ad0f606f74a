// SPDX-License-Identifier: Apache-2.0
//
// Times of the host as the kernel counts them: nanoseconds in an i64.
#pragma once

#include <sys/time.h>

#include <ctime>

#include "base/integers.hpp"

namespace swebash::kernel {

inline constexpr i64 kNanosecondsPerSecond = 1'000'000'000;

[[nodiscard]] inline i64 to_nanoseconds(const timespec& time) noexcept {
  return static_cast<i64>(time.tv_sec) * kNanosecondsPerSecond + time.tv_nsec;
}

[[nodiscard]] inline i64 to_nanoseconds(const timeval& time) noexcept {
  return static_cast<i64>(time.tv_sec) * kNanosecondsPerSecond +
         static_cast<i64>(time.tv_usec) * 1'000;
}

// What `clock` says; 0 where it cannot be read, as that of a thread that has ended.
[[nodiscard]] inline i64 clock_now(clockid_t clock) noexcept {
  timespec time;
  return ::clock_gettime(clock, &time) == 0 ? to_nanoseconds(time) : 0;
}

[[nodiscard]] inline i64 monotonic_now() noexcept { return clock_now(CLOCK_MONOTONIC); }

}  // namespace swebash::kernel
