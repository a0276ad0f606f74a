// SPDX-License-Identifier: Apache-2.0
//
// Settings: what the program is told about itself, by flags and environment; the shell's own
// options belong to the engine and are passed on untouched.
//
// Plain data made once at start. The rows are in settings.def.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace swebash::shell {

struct Settings {
  // The texts as given; empty when not. A flag without a value is "1".
#define SWEBASH_SETTING(name, flag, value, environment, help) std::string_view name;
#include "shell/settings.def"
#undef SWEBASH_SETTING

  // argv for the engine: the program's name and what is left.
  std::vector<char*> arguments;
};

// Reads the leading flags of `argv` and the environment; both must outlive the result.
// Errors: a sentence, for a flag that lacks its value.
[[nodiscard]] Result<Settings, std::string> read_settings(int argc, char** argv, char** envp);

// The lines of `--help` that describe the settings.
[[nodiscard]] std::string settings_help();

}  // namespace swebash::shell
