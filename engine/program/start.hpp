// SPDX-License-Identifier: Apache-2.0
//
// ProgramStart: what the task was started with: its arguments, of which there is one at least, and
// its environment. Owns the bytes; not thread-safe.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

class ProgramStart {
 public:
  ProgramStart();
  ProgramStart(const ProgramStart&) = delete;
  ProgramStart& operator=(const ProgramStart&) = delete;

  [[nodiscard]] std::vector<std::string_view>& arguments() noexcept { return arguments_; }
  [[nodiscard]] const std::vector<std::string_view>& arguments() const noexcept {
    return arguments_;
  }
  [[nodiscard]] std::span<const std::string_view> environment() const noexcept {
    return environment_;
  }
  // abi::StartFlags.
  [[nodiscard]] u32 flags() const noexcept { return flags_; }

 private:
  std::vector<char> bytes_;
  std::vector<std::string_view> arguments_;
  std::vector<std::string_view> environment_;
  u32 flags_ = 0;
};

}  // namespace swebash::engine
