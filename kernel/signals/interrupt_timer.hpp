// SPDX-License-Identifier: Apache-2.0
//
// InterruptTimer: while it lives, a blocking call of the calling thread comes back with EINTR every
// so often, so that the thread can look whether it is wanted elsewhere.
//
// For calls that can be waited for in no other way: the open of a fifo. It uses a signal that the C
// library keeps for itself. Where the host gives no timer, calls just block.
#pragma once

namespace swebash::kernel {

class InterruptTimer {
 public:
  InterruptTimer() noexcept;
  ~InterruptTimer();
  InterruptTimer(const InterruptTimer&) = delete;
  InterruptTimer& operator=(const InterruptTimer&) = delete;

 private:
  int id_ = -1;
};

}  // namespace swebash::kernel
