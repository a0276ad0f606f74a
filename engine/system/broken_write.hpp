// SPDX-License-Identifier: Apache-2.0
//
// What an Output does when a signal breaks one of its writes, and files::open() when one breaks its
// wait for a fifo's other end. Without a hook the write goes on, and the open fails.
// One for the engine, which runs on one thread.
#pragma once

namespace swebash::engine {

struct BrokenWrite {
  // Deals with the signal; whether to go on.
  bool (*heed)(void* context) = nullptr;
  void* context = nullptr;
};

// The hook in force; who sets it puts the one before back.
[[nodiscard]] BrokenWrite& broken_write() noexcept;

}  // namespace swebash::engine
