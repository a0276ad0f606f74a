// SPDX-License-Identifier: Apache-2.0
//
// SessionClock: what time it is in a session: the host's, or in a deterministic session one that
// stands still but for what its tasks sleep.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <ctime>

#include "kernel/time.hpp"

namespace swebash::kernel {

class SessionClock {
 public:
  // The host's.
  SessionClock() noexcept = default;
  // One that begins at `start`, nanoseconds since 1970, of which `slept` have passed.
  explicit SessionClock(i64 start, i64 slept = 0) noexcept
      : stands_(true), start_(start), slept_(slept) {}
  SessionClock(const SessionClock&) = delete;
  SessionClock& operator=(const SessionClock&) = delete;

  [[nodiscard]] bool stands() const noexcept { return stands_; }
  [[nodiscard]] i64 start() const noexcept { return start_; }
  [[nodiscard]] i64 slept() const noexcept { return slept_.load(); }
  // Nanoseconds since 1970, and since whenever the session's monotonic clock begins.
  [[nodiscard]] i64 realtime() const noexcept {
    return stands_ ? start_ + slept_.load() : clock_now(CLOCK_REALTIME);
  }
  [[nodiscard]] i64 monotonic() const noexcept { return stands_ ? slept_.load() : monotonic_now(); }
  // realtime(), as exact as the times of files have to be.
  [[nodiscard]] i64 for_files() const noexcept {
    return stands_ ? realtime() : clock_now(CLOCK_REALTIME_COARSE);
  }
  // A task has slept for so long.
  void pass(i64 nanoseconds) noexcept {
    if (stands_) slept_.fetch_add(nanoseconds);
  }

 private:
  const bool stands_ = false;
  const i64 start_ = 0;
  std::atomic<i64> slept_ = 0;
};

}  // namespace swebash::kernel
