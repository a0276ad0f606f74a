// SPDX-License-Identifier: Apache-2.0
//
// moved_up(): a descriptor under a number that people do not use for their own. Host only.
#pragma once

#include <fcntl.h>

#include <utility>

#include "base/owned_fd.hpp"

namespace swebash {

// The same open file under a higher number, as shells have what they keep open for themselves: a
// script may look at /proc/$$/fd. As it was where that fails.
[[nodiscard]] inline OwnedFd moved_up(OwnedFd fd) noexcept {
  // Below 64 the host's table of a process need not grow.
  constexpr int kLowest = 32;
  const int high = ::fcntl(fd.get(), F_DUPFD_CLOEXEC, kLowest);
  return high >= 0 ? OwnedFd(high) : std::move(fd);
}

}  // namespace swebash
