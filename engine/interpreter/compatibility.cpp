// SPDX-License-Identifier: Apache-2.0
//
// BASH_COMPAT and the options compat31 to compat44, which say the same: the version of bash whose
// ways are asked for. unset.cpp says what of them there is.
#include "engine/interpreter/shell.hpp"

namespace swebash::engine {
namespace {

constexpr u32 kOldest = 31, kPresent = 52;

constexpr std::pair<u32, ShellOption> kOptions[] = {
    {31, ShellOption::compat31}, {32, ShellOption::compat32}, {40, ShellOption::compat40},
    {41, ShellOption::compat41}, {42, ShellOption::compat42}, {43, ShellOption::compat43},
    {44, ShellOption::compat44}};

// The version that `text` names, as 4.2 or 42; 0 where it names none.
u32 version_of(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() == 3 && text[1] == '.') {
    if (!digit(text[0]) || !digit(text[2])) return 0;
    return static_cast<u32>((text[0] - '0') * 10 + (text[2] - '0'));
  }
  if (text.size() != 2 || !digit(text[0]) || !digit(text[1])) return 0;
  return static_cast<u32>((text[0] - '0') * 10 + (text[1] - '0'));
}

}  // namespace

void Shell::set_compatibility(u32 version) {
  compatibility_ = version;
  for (const auto& [number, option] : kOptions) {
    options_.turn(option, number == version ? Switch::on : Switch::off);
  }
}

void Shell::compatibility_changed(const std::string* text) {
  if (text == nullptr || text->empty()) {
    set_compatibility(kPresent);
    return;
  }
  const u32 version = version_of(*text);
  if (version >= kOldest && version <= kPresent) {
    set_compatibility(version);
    return;
  }
  report_message("BASH_COMPAT: " + *text + ": compatibility value out of range");
  set_compatibility(kPresent);
}

void Shell::note_compatibility(ShellOption option, Switch value) {
  u32 version = compatibility_;
  for (const auto& [number, one] : kOptions) {
    if (one != option) continue;
    if (value == Switch::on) {
      version = number;
    } else if (version == number) {
      version = kPresent;
    }
  }
  static_cast<void>(variables_.assign("BASH_COMPAT", std::to_string(version)));
}

}  // namespace swebash::engine
