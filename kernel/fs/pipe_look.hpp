// SPDX-License-Identifier: Apache-2.0
//
// look_into_pipe: what a pipe of the host holds, left where it is.
//
// A reader that must take no byte too many (the builtin `read`) would else read byte by byte. The
// host has no call to look into a pipe, but tee(2) copies one into another: there is one more pipe
// for that, made at the first call, and closed on exec. Thread-safe.
#pragma once

#include <span>

#include "abi/errno.hpp"
#include "base/integers.hpp"

namespace swebash::kernel {

// Copies the first bytes that pipe `fd` holds; how many, 0 at its end. Never waits.
// Errors: Errno::again when it holds nothing yet, Errno::notsup when `fd` is no pipe.
[[nodiscard]] SysResult<usize> look_into_pipe(int fd, std::span<char> buffer);

}  // namespace swebash::kernel
