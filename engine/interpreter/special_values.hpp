// SPDX-License-Identifier: Apache-2.0
//
// The values behind RANDOM and SECONDS. Owned by the Shell; not thread-safe.
#pragma once

#include "abi/guest.hpp"
#include "base/integers.hpp"

namespace swebash::engine {

// bash: Park and Miller's generator, folded to 15 bits.
class RandomNumbers {
 public:
  // `level`: that of the subshell; each has numbers of its own until it asks for a row of them.
  void seed(u32 number, u32 level) noexcept {
    state_ = number;
    seeded_ = true;
    level_ = level;
  }
  [[nodiscard]] u32 next(u32 level) noexcept {
    if (!seeded_ || level_ != level) {
      u32 number = 0;
      sys::random(reinterpret_cast<char*>(&number), sizeof number);
      seed(number, level);
    }
    const i64 state = state_ == 0 ? 123459876 : state_;
    const i64 high = state / 127773, low = state % 127773;
    i64 following = 16807 * low - 2836 * high;
    if (following < 0) following += 0x7fffffff;
    state_ = static_cast<u32>(following);
    return ((state_ >> 16) ^ (state_ & 0xFFFF)) & 0x7FFF;
  }

 private:
  u32 state_ = 0;
  u32 level_ = 0;
  bool seeded_ = false;
};

// Seconds since the shell began, or since a script set them.
class ElapsedSeconds {
 public:
  [[nodiscard]] static i64 now() noexcept { return sys::clock(abi::kRealtime) / 1'000'000'000; }
  void set(i64 seconds) noexcept {
    start_ = now();
    offset_ = seconds;
  }
  [[nodiscard]] i64 value() const noexcept { return now() - start_ + offset_; }

 private:
  i64 start_ = 0;
  i64 offset_ = 0;
};

}  // namespace swebash::engine
