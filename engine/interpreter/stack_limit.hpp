// SPDX-License-Identifier: Apache-2.0
//
// StackLimit: how far the stack of the task may be used for nesting. One to a task, made near the
// stack's beginning.
#pragma once

#include "base/integers.hpp"

namespace swebash::engine {

class StackLimit {
 public:
  StackLimit() noexcept {
    const auto* here = static_cast<const char*>(__builtin_frame_address(0));
    limit_ = reinterpret_cast<usize>(here) > kUse ? here - kUse : nullptr;
  }
  // Whether another level of nesting fits.
  [[nodiscard]] bool leaves_room() const noexcept {
    return static_cast<const char*>(__builtin_frame_address(0)) > limit_;
  }

 private:
  // Of the stack that a task has, 24 MB (engine/CMakeLists.txt) or what the host gives a process;
  // what is left is for the deepest builtin.
#if defined(__wasm__)
  static constexpr usize kUse = 22u << 20;
#else
  static constexpr usize kUse = 6u << 20;
#endif
  const char* limit_;
};

}  // namespace swebash::engine
