// SPDX-License-Identifier: Apache-2.0
#include "kernel/vfs/node.hpp"

#include <atomic>

namespace swebash::kernel::vfs {

bool permits(const abi::Stat& about, u32 mode) noexcept {
  const u32 shift = about.uid == kUser ? 6 : about.gid == kGroup ? 3 : 0;
  return (about.mode >> shift & mode) == mode;
}

u64 take_device() noexcept {
  static std::atomic<u64> next = 1;
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace swebash::kernel::vfs
