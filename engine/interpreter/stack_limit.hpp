// SPDX-License-Identifier: Apache-2.0
//
// StackLimit: how far the stack of the task may be used for nesting. One to a task, made near the
// stack's beginning. The module's stack is what the host lets it have: where there is little native
// stack, the host has it begin further down.
#pragma once

#include "base/integers.hpp"

namespace swebash::engine {

class StackLimit {
 public:
#if defined(__wasm__)
  StackLimit() noexcept : limit_(reinterpret_cast<const char*>(kLeft)) {}
#else
  StackLimit() noexcept : limit_(static_cast<const char*>(__builtin_frame_address(0)) - kUse) {}
#endif
  // Whether another level of nesting fits.
  [[nodiscard]] bool leaves_room() const noexcept {
    return static_cast<const char*>(__builtin_frame_address(0)) > limit_;
  }

 private:
#if defined(__wasm__)
  // Of the 24 MB from address 0 on (engine/CMakeLists.txt), for the deepest builtin.
  static constexpr usize kLeft = 2u << 20;
#else
  // Of what the host gives a process.
  static constexpr usize kUse = 6u << 20;
#endif
  const char* limit_;
};

}  // namespace swebash::engine
