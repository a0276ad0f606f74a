// SPDX-License-Identifier: Apache-2.0
#include "kernel/signals/wakeup.hpp"

#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "base/assert.hpp"

namespace swebash::kernel {

namespace {

constexpr i64 kNanoseconds = 1'000'000'000;

timespec to_timespec(i64 nanoseconds) noexcept {
  return {static_cast<time_t>(nanoseconds / kNanoseconds),
          static_cast<long>(nanoseconds % kNanoseconds)};
}

}  // namespace

// The waiter publishes how it waits before it looks at the sequence, the notifier changes the
// sequence before it looks at how: with sequentially consistent order one of the two sees the
// other.
void Wakeup::notify() noexcept {
  sequence_.fetch_add(1);
  switch (mode_.load()) {
    case kOnWord: {
      const int saved = errno;
      ::syscall(SYS_futex, &sequence_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
      errno = saved;
      break;
    }
    case kOnDescriptor: {
      const int saved = errno;
      const u64 one = 1;
      // It can only fail for a counter near 2^64, which is readable all the same.
      [[maybe_unused]] const ssize_t n = ::write(event_.load(), &one, sizeof(one));
      errno = saved;
      break;
    }
    default: break;
  }
}

void Wakeup::wait(Ticket ticket, i64 timeout) noexcept {
  mode_.store(kOnWord);
  if (sequence_.load() == ticket) {
    const timespec limit = to_timespec(timeout);
    ::syscall(SYS_futex, &sequence_, FUTEX_WAIT_PRIVATE, ticket, timeout < 0 ? nullptr : &limit,
              nullptr, 0);
  }
  mode_.store(kNobody);
}

SysResult<int> Wakeup::wait_for(Ticket ticket, std::span<pollfd> entries, i64 timeout) noexcept {
  SWEBASH_ASSERT(!entries.empty());
  if (!event_owner_) {
    event_owner_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event_owner_) return std::unexpected(errno_from_host(errno));
    event_.store(event_owner_.get());
  }
  entries.back() = {event_owner_.get(), POLLIN, 0};
  mode_.store(kOnDescriptor);
  const bool notified = sequence_.load() != ticket;
  const timespec limit = to_timespec(notified ? 0 : timeout);
  const int count =
      ::ppoll(entries.data(), entries.size(), notified || timeout >= 0 ? &limit : nullptr, nullptr);
  const int error = errno;
  mode_.store(kNobody);
  if (count < 0) {
    // A handler ran; it has notified if it matters.
    for (pollfd& entry : entries) entry.revents = 0;
    if (error == EINTR) return 0;
    return std::unexpected(errno_from_host(error));
  }
  if (entries.back().revents != 0) {
    u64 value;
    [[maybe_unused]] const ssize_t n = ::read(event_owner_.get(), &value, sizeof(value));
    return count - 1;
  }
  return count;
}

}  // namespace swebash::kernel
