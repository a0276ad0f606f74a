// SPDX-License-Identifier: Apache-2.0
//
// open_without_links(): a place by a path in which nothing is a link.
//
// Places are resolved once: a link on the way to one later is another session's, which would lead
// elsewhere.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"

namespace swebash::kernel::confine {

// An O_PATH descriptor, or errno: ELOOP where there is a link.
inline OwnedFd open_without_links(int directory, const char* path) noexcept {
  constexpr long kOpenat2 = 437;
  constexpr u64 kNoSymlinks = 4;
  struct {
    u64 flags = O_PATH | O_CLOEXEC;
    u64 mode = 0;
    u64 resolve = kNoSymlinks;
  } how;
  return OwnedFd(static_cast<int>(::syscall(kOpenat2, directory, path, &how, sizeof(how))));
}

}  // namespace swebash::kernel::confine
