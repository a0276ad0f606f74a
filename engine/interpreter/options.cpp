// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/options.hpp"

#include <algorithm>
#include <iterator>

namespace swebash::engine {
namespace {

constexpr SetOptionRow kSetRows[] = {
#define SWEBASH_SET_OPTION(identifier, name, letter, initial) {name, letter},
#include "engine/interpreter/set_options.def"
#undef SWEBASH_SET_OPTION
};

constexpr std::string_view kShellRows[] = {
#define SWEBASH_SHELL_OPTION(identifier, initial) #identifier,
#include "engine/interpreter/shell_options.def"
#undef SWEBASH_SHELL_OPTION
};

constexpr bool kSetInitial[] = {
#define SWEBASH_SET_OPTION(identifier, name, letter, initial) initial,
#include "engine/interpreter/set_options.def"
#undef SWEBASH_SET_OPTION
};

constexpr bool kShellInitial[] = {
#define SWEBASH_SHELL_OPTION(identifier, initial) initial,
#include "engine/interpreter/shell_options.def"
#undef SWEBASH_SHELL_OPTION
};

static_assert(std::ranges::is_sorted(kSetRows, {}, &SetOptionRow::name));

}  // namespace

Options::Options() noexcept {
  std::ranges::copy(kSetInitial, set_);
  std::ranges::copy(kShellInitial, shell_);
}

std::span<const SetOptionRow> Options::set_rows() noexcept { return kSetRows; }
std::span<const std::string_view> Options::shell_rows() noexcept { return kShellRows; }

std::optional<SetOption> Options::find_set(std::string_view name) noexcept {
  const auto* row = std::ranges::lower_bound(kSetRows, name, {}, &SetOptionRow::name);
  if (row == std::end(kSetRows) || row->name != name) return std::nullopt;
  return static_cast<SetOption>(row - kSetRows);
}

std::optional<SetOption> Options::find_letter(char letter) noexcept {
  if (letter == 0) return std::nullopt;
  const auto* row = std::ranges::find(kSetRows, letter, &SetOptionRow::letter);
  if (row == std::end(kSetRows)) return std::nullopt;
  return static_cast<SetOption>(row - kSetRows);
}

std::optional<ShellOption> Options::find_shell(std::string_view name) noexcept {
  const auto* row = std::ranges::find(kShellRows, name);
  if (row == std::end(kShellRows)) return std::nullopt;
  return static_cast<ShellOption>(row - kShellRows);
}

std::string Options::letters(bool restricted) const {
  std::string result;
  // bash: the order of its own table of letters.
  for (const char letter : std::string_view("abefhkmnprtuvxBCEHPT")) {
    if (letter == 'r' && restricted) result += letter;
    const std::optional<SetOption> option = find_letter(letter);
    if (option && on(*option)) result += letter;
  }
  return result;
}

std::string Options::set_names() const {
  std::string result;
  for (usize i = 0; i < kSetCount; ++i) {
    if (!set_[i]) continue;
    if (!result.empty()) result += ':';
    result += kSetRows[i].name;
  }
  return result;
}

std::string Options::shell_names() const {
  std::string result;
  for (usize i = 0; i < kShellCount; ++i) {
    if (!shell_[i]) continue;
    if (!result.empty()) result += ':';
    result += kShellRows[i];
  }
  return result;
}

}  // namespace swebash::engine
