// SPDX-License-Identifier: Apache-2.0
//
// Errno: why a syscall failed, on both sides of it.
//
// A syscall answers with one i64: a value that is not negative, or minus an Errno's number. Values
// and functions here are pure and thread-safe. The rows are in errno.def.
#pragma once

#include <string_view>

#include "base/integers.hpp"
#include "base/result.hpp"

namespace swebash {

enum class Errno : u16 {
#define SWEBASH_ERRNO(name, number, macro, message) name = (number),
#include "abi/errno.def"
#undef SWEBASH_ERRNO
};

template <class T>
using SysResult = Result<T, Errno>;

// The sentence for `error`, as strerror(3) of the GNU C library words it.
[[nodiscard]] std::string_view errno_message(Errno error) noexcept;

// The Errno that stands for the host's `errno` value; Errno::io for one that has no row.
// Host and native builds only (a wasm guest never sees a host number).
[[nodiscard]] Errno errno_from_host(int host_errno) noexcept;

// The answer of a syscall: `result` as one i64.
template <class T>
[[nodiscard]] constexpr i64 to_answer(const SysResult<T>& result) noexcept {
  if (!result.has_value()) return -static_cast<i64>(result.error());
  if constexpr (std::is_void_v<T>) {
    return 0;
  } else {
    return static_cast<i64>(*result);
  }
}

// What the i64 `answer` of a syscall says.
[[nodiscard]] constexpr SysResult<i64> from_answer(i64 answer) noexcept {
  if (answer < 0) return std::unexpected(static_cast<Errno>(-answer));
  return answer;
}

}  // namespace swebash
