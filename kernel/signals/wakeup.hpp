// SPDX-License-Identifier: Apache-2.0
//
// Wakeup: how a task that waits is told to look again (a signal came, a child ended).
//
// One thread waits, any thread notifies, a signal handler too: notify() is async-signal-safe. The
// waiter's order is: prepare(), look at what it waits for, then wait. A notification between the
// first and the last makes the wait return at once. While nobody waits a notification costs no
// syscall. Spurious returns happen; the waiter looks again.
#pragma once

#include <poll.h>

#include <atomic>
#include <span>

#include "abi/errno.hpp"
#include "base/integers.hpp"
#include "base/owned_fd.hpp"

namespace swebash::kernel {

class Wakeup {
 public:
  using Ticket = u32;

  Wakeup() noexcept = default;
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  // Starts a round: notifications from here on end the wait that is given the ticket.
  [[nodiscard]] Ticket prepare() const noexcept { return sequence_.load(); }

  // Ends the current or the next wait.
  void notify() noexcept;

  // Waits for a notification, at most `timeout` nanoseconds (negative: without end).
  void wait(Ticket ticket, i64 timeout) noexcept;

  // Waits until one of `entries` is ready, a notification comes or `timeout` nanoseconds are over;
  // how many entries are ready. The last entry is the Wakeup's own: leave it free.
  // Requires: entries.size() >= 1.
  // Errors: Errno::mfile, Errno::nfile, Errno::nomem when no event descriptor can be had.
  [[nodiscard]] SysResult<int> wait_for(Ticket ticket, std::span<pollfd> entries,
                                        i64 timeout) noexcept;

 private:
  enum Mode : u32 { kNobody, kOnWord, kOnDescriptor };

  std::atomic<u32> sequence_ = 0;
  std::atomic<u32> mode_ = kNobody;
  std::atomic<int> event_ = -1;
  OwnedFd event_owner_;
};

}  // namespace swebash::kernel
