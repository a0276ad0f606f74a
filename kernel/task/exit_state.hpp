// SPDX-License-Identifier: Apache-2.0
//
// ExitState: how a task ended. A plain value.
#pragma once

#include "base/integers.hpp"

namespace swebash::kernel {

enum class ExitKind : u8 { exited, signaled };

struct ExitState {
  ExitKind kind = ExitKind::exited;
  i32 code = 0;  // exit status (0 to 255), or the signal's number
  bool core_dumped = false;

  static constexpr ExitState exited(i32 status) noexcept {
    return {ExitKind::exited, status & 255, false};
  }
  static constexpr ExitState signaled(i32 signal) noexcept {
    return {ExitKind::signaled, signal, false};
  }
  friend bool operator==(const ExitState&, const ExitState&) = default;
};

}  // namespace swebash::kernel
