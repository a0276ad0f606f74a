// SPDX-License-Identifier: Apache-2.0
//
// QuietHost: the shell as a parser asks it that reads a text which is not run. Nothing is said, and
// aliases stay words where they are shown.
#pragma once

#include <optional>
#include <string_view>

#include "engine/interpreter/shell.hpp"

namespace swebash::engine {

class QuietHost final : public ParserHost {
 public:
  enum class Aliases : u8 { kept, expanded };

  // `shell` outlives it.
  explicit QuietHost(Shell& shell, Aliases aliases = Aliases::kept) noexcept
      : shell_(shell), aliases_(aliases) {}

  std::optional<std::string_view> find_alias(std::string_view name) override {
    if (aliases_ == Aliases::kept) return std::nullopt;
    return shell_.find_alias(name);
  }
  bool extglob() override { return shell_.extglob(); }
  bool posix() override { return shell_.posix(); }
  void warn(u32, std::string_view) override {}

 private:
  Shell& shell_;
  Aliases aliases_;
};

}  // namespace swebash::engine
