// SPDX-License-Identifier: Apache-2.0
//
// Descriptors: the syscalls by which the shell itself moves the descriptors that a script sees, or
// reads one that it shares with the script's programs.
//
// Each gives back first what was read ahead (InputAhead), as Tasks does for the calls after which
// somebody else has them. One to a shell; not thread-safe.
#pragma once

#include "abi/guest.hpp"
#include "engine/system/input_ahead.hpp"

namespace swebash::engine {

class Descriptors {
 public:
  // `ahead` must outlive it.
  explicit Descriptors(InputAhead& ahead) noexcept : ahead_(ahead) {}

  // Each answers as the syscall of its name does.
  i64 dup(i32 fd, i32 lowest, u32 flags) noexcept {
    uncover();
    return sys::dup(fd, lowest, flags);
  }
  i64 dup2(i32 from, i32 to, u32 flags) noexcept {
    uncover();
    return sys::dup2(from, to, flags);
  }
  i64 close(i32 fd) noexcept {
    uncover();
    return sys::close(fd);
  }
  i64 read_until(i32 fd, char* bytes, u32 size, u32 last) noexcept {
    uncover();
    return sys::read_until(fd, bytes, size, last);
  }
  // Before a call that is not here: the next byte of each descriptor is the one that a script
  // expects.
  void uncover() noexcept { ahead_.give_back(); }

 private:
  InputAhead& ahead_;
};

}  // namespace swebash::engine
