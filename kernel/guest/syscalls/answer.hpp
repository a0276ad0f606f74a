// SPDX-License-Identifier: Apache-2.0
//
// How a handler turns the kernel's answer into its own.
#pragma once

#include "kernel/guest/syscall.hpp"

namespace swebash::kernel::guest {

// The answer of a call that gives nothing.
inline SyscallResult done(const SysResult<void>& result) {
  if (!result.has_value()) return std::unexpected(SyscallError(result.error()));
  return 0;
}

// The answer of a call that gives a number.
template <class T>
SyscallResult number(const SysResult<T>& result) {
  if (!result.has_value()) return std::unexpected(SyscallError(result.error()));
  return static_cast<i64>(*result);
}

}  // namespace swebash::kernel::guest
