// SPDX-License-Identifier: Apache-2.0
//
// StringMap: a map from strings that is asked with views.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/integers.hpp"

namespace swebash::engine {

struct StringHash {
  using is_transparent = void;
  usize operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

template <class Value>
using StringMap = std::unordered_map<std::string, Value, StringHash, std::equal_to<>>;

}  // namespace swebash::engine
