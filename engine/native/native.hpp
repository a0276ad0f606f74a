// SPDX-License-Identifier: Apache-2.0
//
// The syscalls of abi/guest.hpp over POSIX: helpers shared by the files of this folder.
//
// With these the engine is an ordinary process and a clone is a fork: for unit tests, sanitizers
// and fuzzers. A descriptor of the guest is the process's own of that number. Not for production.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>

#include "abi/guest.hpp"

namespace swebash::native {

// The answer for the present errno.
[[nodiscard]] inline i64 failure() noexcept { return -static_cast<i64>(errno_from_host(errno)); }
[[nodiscard]] inline i64 failure(Errno error) noexcept { return -static_cast<i64>(error); }
// The answer for a call that returned `value`, negative on failure.
[[nodiscard]] inline i64 answer(i64 value) noexcept { return value < 0 ? failure() : value; }

[[nodiscard]] inline std::string text(const char* data, u32 length) {
  return std::string(data, length);
}

[[nodiscard]] int host_directory(i32 dirfd) noexcept;

// Puts the caught signals back to their default: what a clone starts with.
void reset_signals() noexcept;
// What execve is about to need: ignored signals stay so, the mask is empty.
void prepare_signals_for_exec() noexcept;

}  // namespace swebash::native
