// SPDX-License-Identifier: Apache-2.0
//
// Options: the switches of `set -o` and of `shopt`, by identifier and by name.
//
// Tables are in set_options.def and shell_options.def. This class only keeps the switches; what
// follows from a change (posix mode, job control) is the Shell's. Not thread-safe; a plain value.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

enum class SetOption : u8 {
#define SWEBASH_SET_OPTION(identifier, name, letter, initial) identifier,
#include "engine/interpreter/set_options.def"
#undef SWEBASH_SET_OPTION
};

enum class ShellOption : u8 {
#define SWEBASH_SHELL_OPTION(identifier, initial) identifier,
#include "engine/interpreter/shell_options.def"
#undef SWEBASH_SHELL_OPTION
};

enum class Switch : bool { off, on };

struct SetOptionRow {
  std::string_view name;
  char letter;
};

class Options {
 public:
  Options() noexcept;

  [[nodiscard]] bool on(SetOption option) const noexcept { return set_[static_cast<u8>(option)]; }
  [[nodiscard]] bool on(ShellOption option) const noexcept {
    return shell_[static_cast<u8>(option)];
  }
  void turn(SetOption option, Switch value) noexcept {
    set_[static_cast<u8>(option)] = value == Switch::on;
  }
  void turn(ShellOption option, Switch value) noexcept {
    shell_[static_cast<u8>(option)] = value == Switch::on;
  }

  [[nodiscard]] static std::span<const SetOptionRow> set_rows() noexcept;
  [[nodiscard]] static std::span<const std::string_view> shell_rows() noexcept;
  [[nodiscard]] static std::optional<SetOption> find_set(std::string_view name) noexcept;
  [[nodiscard]] static std::optional<SetOption> find_letter(char letter) noexcept;
  [[nodiscard]] static std::optional<ShellOption> find_shell(std::string_view name) noexcept;

  // The letters of the options that are on, in bash's order: the middle of `$-`. `restricted`: and
  // the one that a shell has for good.
  [[nodiscard]] std::string letters(bool restricted = false) const;
  // The names that are on, joined by colons: SHELLOPTS and BASHOPTS.
  [[nodiscard]] std::string set_names() const;
  [[nodiscard]] std::string shell_names() const;

 private:
  static constexpr usize kSetCount = 0
#define SWEBASH_SET_OPTION(identifier, name, letter, initial) +1
#include "engine/interpreter/set_options.def"
#undef SWEBASH_SET_OPTION
      ;
  static constexpr usize kShellCount = 0
#define SWEBASH_SHELL_OPTION(identifier, initial) +1
#include "engine/interpreter/shell_options.def"
#undef SWEBASH_SHELL_OPTION
      ;

  bool set_[kSetCount];
  bool shell_[kShellCount];
};

}  // namespace swebash::engine
