// SPDX-License-Identifier: Apache-2.0
//
// Policy: what tasks may touch. The kernel asks it before it touches a path, the network or a
// native program. Owned by the kernel; shared by its tasks and called from their threads, so an
// implementation is thread-safe. It answers only; what is refused is an error to the task.
#pragma once

#include <string_view>

#include "abi/errno.hpp"

namespace swebash::kernel {

enum class PathUse : u8 { read, write, execute, look };

class Policy {
 public:
  virtual ~Policy() = default;

  // Says whether `path`, relative to host descriptor `directory` (or AT_FDCWD), may be used so.
  // Errors: the one the task shall see, usually Errno::acces or Errno::noent.
  [[nodiscard]] virtual SysResult<void> check_path(int directory, std::string_view path,
                                                   PathUse use) = 0;
  // Says whether a connection to `host`, `port` may be made.
  [[nodiscard]] virtual SysResult<void> check_connect(std::string_view host,
                                                      std::string_view port) = 0;
};

}  // namespace swebash::kernel
