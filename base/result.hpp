// SPDX-License-Identifier: Apache-2.0
//
// Result<T, E>: a value or a typed error, and the macro that passes errors on.
//
// A Result is `std::expected`; E is an error type of the layer that fails (an errno, a diagnostic).
// It is a string where all that is ever done with it is to show it: options, settings. Nothing here
// allocates or does I/O; it builds for the host and for wasm.
#pragma once

#include <expected>
#include <utility>

namespace swebash {

template <class T, class E>
using Result = std::expected<T, E>;

}  // namespace swebash

// The value of `expr`, a Result; on an error, leaves the enclosing function with that error.
// Requires: the enclosing function returns a Result whose error type the error converts to.
#define SWEBASH_TRY(expr)                                                                       \
  __extension__({                                                                               \
    _Pragma("GCC diagnostic push")                                                              \
        _Pragma("GCC diagnostic ignored \"-Wshadow\"") auto&& swebash_try_result_ = (expr);     \
    _Pragma("GCC diagnostic pop") if (!swebash_try_result_.has_value()) return std::unexpected( \
        std::move(swebash_try_result_).error());                                                \
    std::move(swebash_try_result_).value();                                                     \
  })
