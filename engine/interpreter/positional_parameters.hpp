// SPDX-License-Identifier: Apache-2.0
//
// PositionalParameters: $1, $2 and on. A shift moves an offset and copies nothing. Owned by the
// Shell; not thread-safe.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

class PositionalParameters {
 public:
  [[nodiscard]] std::span<const std::string> all() const noexcept {
    return std::span<const std::string>(values_).subspan(first_);
  }
  void set(std::vector<std::string> values) {
    values_ = std::move(values);
    first_ = 0;
  }
  // Requires: count is at most how many there are.
  void shift(usize count) {
    first_ += count;
    // Many shifts must not keep what was shifted away for ever.
    if (first_ > kMostShifted && first_ > values_.size() / 2) {
      values_.erase(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
  }
  // Swaps them with other values, of which those before `first` do not count: for calls.
  void swap(std::vector<std::string>& values, usize& first) noexcept {
    std::swap(values_, values);
    std::swap(first_, first);
  }

 private:
  static constexpr usize kMostShifted = 64;
  std::vector<std::string> values_;
  usize first_ = 0;
};

}  // namespace swebash::engine
