// SPDX-License-Identifier: Apache-2.0
//
// ByteSet: a set of bytes, made at compile time, that text is searched for.
//
// For the short texts of a shell one look-up per byte takes less than string_view::find_first_of,
// which calls memchr for each.
#pragma once

#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

class ByteSet {
 public:
  consteval explicit ByteSet(std::string_view bytes) {
    for (const char c : bytes) has_[static_cast<u8>(c)] = true;
  }

  [[nodiscard]] constexpr bool has(char c) const noexcept { return has_[static_cast<u8>(c)]; }
  // Whether `text` has a byte of the set.
  [[nodiscard]] constexpr bool is_in(std::string_view text) const noexcept {
    for (const char c : text) {
      if (has(c)) return true;
    }
    return false;
  }

 private:
  bool has_[256] = {};
};

}  // namespace swebash::engine
