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

#include "base/integers.hpp"
#include "base/result.hpp"

namespace swebash::shell {

struct Settings {
  // One of the texts of a setting that may be given more than once.
  enum class Source : u8 { file, environment, flag };
  struct Given {
    std::string_view text;
    Source source;
  };
  // What a policy file gave, and on which of its lines; a rule's key is "command.deny" and the
  // like.
  struct FileEntry {
    std::string_view key;
    std::string_view text;
    u32 line;
  };

  // The texts as given; empty when not. A flag without a value is "1".
#define SWEBASH_SETTING(name, flag, value, environment, help) std::string_view name;
#define SWEBASH_SETTING_LIST(name, flag, value, environment, help) std::vector<Given> name;
#include "shell/settings.def"
#undef SWEBASH_SETTING
#undef SWEBASH_SETTING_LIST

  // argv for the engine: the program's name and what is left.
  std::vector<char*> arguments;

  std::string file;  // the policy file as it is named; empty without one
  std::vector<FileEntry> file_entries;
  std::vector<char> file_text;  // what the entries' texts stand in
};

// Reads the leading flags of `argv` and the environment; both must outlive the result.
// Errors: a sentence, for a flag that lacks its value.
[[nodiscard]] Result<Settings, std::string> read_settings(int argc, char** argv, char** envp);

// Takes over `settings.file_entries`: what environment or flags say weighs more, and of what may be
// given more than once all of it counts, the file's first.
void take_file_entries(Settings& settings);

// `message`, which begins with a flag, with the file and the line instead where those gave what it
// is about.
[[nodiscard]] std::string tell_origin(const Settings& settings, std::string message);

// The lines of `--help` that describe the settings.
[[nodiscard]] std::string settings_help();

}  // namespace swebash::shell
