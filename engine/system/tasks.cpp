// SPDX-License-Identifier: Apache-2.0
#include "engine/system/tasks.hpp"

#include "engine/system/memory.hpp"

namespace swebash::engine {

i64 Tasks::clone(GuestFunction function, void* argument, u32 flags, i32 group) noexcept {
  ahead_.give_back();
  return sys::clone(function, argument, live_memory(), flags, group);
}

i64 Tasks::spawn(const abi::ProgramRequest& request) noexcept {
  ahead_.give_back();
  return sys::spawn(&request);
}

Errno Tasks::exec(const abi::ProgramRequest& request) noexcept {
  ahead_.give_back();
  return static_cast<Errno>(-sys::exec(&request));
}

void Tasks::exit(i32 status) noexcept {
  ahead_.give_back();
  sys::exit(status & 0xFF);
  __builtin_unreachable();
}

void Tasks::leave(i32 status) noexcept {
  ahead_.give_back();
  sys::leave(status & 0xFF);
  __builtin_unreachable();
}

void Tasks::die(i32 signal) noexcept {
  ahead_.give_back();
  sys::die(signal);
  __builtin_unreachable();
}

}  // namespace swebash::engine
