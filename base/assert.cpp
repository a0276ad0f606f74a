// SPDX-License-Identifier: Apache-2.0
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

#ifndef __wasm__
#include <unistd.h>
#endif

namespace swebash {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
#ifdef __wasm__
  // The guest has no descriptor of its own to write to; the host names the trap.
  (void)condition, (void)file, (void)line;
  __builtin_trap();
#else
  char text[512];
  const int length = std::snprintf(text, sizeof text, "swebash: internal error: %s (%s:%d)\n",
                                   condition, file, line);
  if (length > 0) {
    const auto size = static_cast<unsigned>(length) < sizeof text ? static_cast<unsigned>(length)
                                                                  : sizeof text - 1;
    [[maybe_unused]] const auto written = ::write(2, text, size);
  }
  std::abort();
#endif
}

}  // namespace swebash
