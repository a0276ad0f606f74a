// SPDX-License-Identifier: Apache-2.0
//
// Descriptors: the syscalls by which the shell itself moves the descriptors that a script sees, or
// reads one that it shares with the script's programs.
//
// Each gives back first what was read ahead (InputAhead), as Tasks does for the calls after which
// somebody else has them. It also knows what redirections have put aside, so that a script that
// takes such a number for itself does not lose it. One to a shell; not thread-safe.
#pragma once

#include <vector>

#include "abi/guest.hpp"
#include "engine/system/input_ahead.hpp"

namespace swebash::engine {

// The lowest descriptor the shell uses for itself.
inline constexpr i32 kFirstPrivateFd = 10;

// What a descriptor was before a redirection.
struct PutAside {
  i32 fd;
  i32 copy;  // -1: it was closed
  bool keep_closed_on_exec;
};

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

  // What redirections have put aside; those of an inner command stand behind those of an outer one.
  [[nodiscard]] std::vector<PutAside>& put_aside() noexcept { return put_aside_; }
  // Frees the number `fd`, which a script is about to use, where it is a copy that was put aside;
  // says whether it was.
  bool make_way(i32 fd) noexcept;

 private:
  InputAhead& ahead_;
  std::vector<PutAside> put_aside_;
};

}  // namespace swebash::engine
