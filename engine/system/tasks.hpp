// SPDX-License-Identifier: Apache-2.0
//
// Tasks: the syscalls after which somebody else has this task's descriptors: a clone, a program, or
// whoever shares them when the task has ended.
//
// Each gives back first what was read ahead (InputAhead), so that the other finds the byte after
// the last one used. Whoever has a shell makes these calls here. One to a shell; not thread-safe.
#pragma once

#include "abi/guest.hpp"
#include "engine/system/input_ahead.hpp"

namespace swebash::engine {

class Tasks {
 public:
  // `ahead` must outlive it.
  explicit Tasks(InputAhead& ahead) noexcept : ahead_(ahead) {}

  // Runs `function(argument)` in a clone; its pid, or a negative Errno (sys::clone).
  [[nodiscard]] i64 clone(GuestFunction function, void* argument, u32 flags, i32 group) noexcept;
  // Starts a program; its pid, or a negative Errno (sys::spawn).
  [[nodiscard]] i64 spawn(const abi::ProgramRequest& request) noexcept;
  // Replaces this task by a program. Comes back only with the Errno of why not.
  [[nodiscard]] Errno exec(const abi::ProgramRequest& request) noexcept;
  // Ends this task with a status (its low byte).
  [[noreturn]] void exit(i32 status) noexcept;
  // The same for a session at a prompt, which does not wait for its other tasks.
  [[noreturn]] void leave(i32 status) noexcept;
  // Ends it by a signal.
  [[noreturn]] void die(i32 signal) noexcept;

 private:
  InputAhead& ahead_;
};

}  // namespace swebash::engine
