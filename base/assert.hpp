// SPDX-License-Identifier: Apache-2.0
//
// SWEBASH_ASSERT: a check for our own bugs that stays on in release builds.
//
// Never for what a guest, a script, a file or a user can cause: that is an error value. A failed
// check writes one line to standard error and aborts (traps, in wasm).
#pragma once

namespace swebash {

// Reports `condition`, which did not hold at `file`:`line`, and ends the program.
// Thread-safe. Allocates nothing.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace swebash

#define SWEBASH_ASSERT(condition)         \
  (static_cast<bool>(condition) ? void(0) \
                                : ::swebash::assertion_failed(#condition, __FILE__, __LINE__))
