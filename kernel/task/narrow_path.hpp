// SPDX-License-Identifier: Apache-2.0
//
// NarrowPath: the path of what a task is about to change, where its workspace has been narrowed.
//
// Lives on the stack of the call that uses it. The place is opened, looked at and then used by its
// descriptor, so that who changes links meanwhile has looked at what is changed.
#pragma once

#include <string>
#include <string_view>

#include "abi/errno.hpp"
#include "base/owned_fd.hpp"
#include "kernel/confine/narrowing.hpp"

namespace swebash::kernel {

class NarrowPath {
 public:
  // What the call is about: what a link at the end leads to, the same or a file that it makes, or
  // that name itself.
  enum class End : u8 { target, target_or_new, name };

  // Has `start` and `path` stand for what was looked at; leaves them alone without a narrowing.
  // Errors: Errno::rofs where the narrowing does not allow it: refused_path() says what then.
  [[nodiscard]] SysResult<void> find(const confine::Narrowing* narrowing, int& start,
                                     const char*& path, End end);
  // Whether `path` is a name that was not there when it was looked at: no link may be followed that
  // has come since.
  [[nodiscard]] bool is_new() const noexcept { return new_; }
  [[nodiscard]] const std::string& refused_path() const noexcept { return refused_; }

 private:
  [[nodiscard]] SysResult<void> look(const confine::Narrowing& narrowing, std::string_view name);

  OwnedFd fd_;
  std::string text_;
  std::string refused_;
  bool new_ = false;
};

}  // namespace swebash::kernel
