// SPDX-License-Identifier: Apache-2.0
//
// InputAhead: what `read` has taken from a file beyond the line it was asked for.
//
// Putting the offset back after each line would cost `while read` over a file four calls of the
// kernel a line. It is put back (give_back()) before anyone could see the descriptor: before a
// redirection, a clone, a program, the end of the task, and every builtin that is not known to
// leave descriptors alone (trait keeps_input). Bytes are kept from the second `read` in a row
// on, of one descriptor at a time, and only of a regular file that standard output does not lead
// to. One to a shell; not thread-safe.
#pragma once

#include <memory>

#include "base/integers.hpp"

namespace swebash::engine {

class LineReader;

class InputAhead {
 public:
  // Whether bytes of `fd` may lie here.
  [[nodiscard]] bool holds(i32 fd) const noexcept { return fd_ == fd; }
  // Puts the offset back to the byte after the last one taken.
  void give_back() noexcept {
    last_ = -1;
    if (fd_ >= 0) seek_back();
  }

 private:
  friend class LineReader;

  static constexpr u32 kCapacity = 4096;

  void seek_back() noexcept;
  [[nodiscard]] static bool may_hold(i32 fd) noexcept;

  i32 fd_ = -1;    // whose bytes these are
  i32 last_ = -1;  // what was read last, with nothing in between
  u32 at_ = 0;
  u32 end_ = 0;
  std::unique_ptr<char[]> bytes_;
};

}  // namespace swebash::engine
