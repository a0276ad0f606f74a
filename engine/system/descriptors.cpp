// SPDX-License-Identifier: Apache-2.0
#include "engine/system/descriptors.hpp"

namespace swebash::engine {

bool Descriptors::make_way(i32 fd) noexcept {
  if (fd < kFirstPrivateFd) return false;
  for (PutAside& aside : put_aside_) {
    if (aside.copy != fd) continue;
    const i64 elsewhere = dup(fd, kFirstPrivateFd, abi::kCloexec);
    if (elsewhere < 0) return false;
    aside.copy = static_cast<i32>(elsewhere);
    close(fd);
    return true;
  }
  return false;
}

}  // namespace swebash::engine
