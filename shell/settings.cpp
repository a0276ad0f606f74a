// SPDX-License-Identifier: Apache-2.0
#include "shell/settings.hpp"

#include <cstdlib>

namespace swebash::shell {
namespace {

struct Row {
  std::string_view Settings::* field;
  std::string_view flag;
  std::string_view value;
  const char* environment;
  std::string_view help;
};

constexpr Row kRows[] = {
#define SWEBASH_SETTING(name, flag, value, environment, help) \
  {&Settings::name, flag, value, environment, help},
#include "shell/settings.def"
#undef SWEBASH_SETTING
};

}  // namespace

Result<Settings, std::string> read_settings(int argc, char** argv) {
  Settings settings;
  for (const auto& row : kRows) {
    if (*row.environment == '\0') continue;
    if (const char* text = std::getenv(row.environment); text != nullptr) {
      settings.*row.field = text;
    }
  }

  int next = 1;
  for (; next < argc; ++next) {
    const std::string_view word = argv[next];
    const Row* found = nullptr;
    for (const auto& row : kRows) {
      if (!word.starts_with(row.flag)) continue;
      if (word.size() == row.flag.size()) {
        found = &row;
      } else if (word[row.flag.size()] == '=' && !row.value.empty()) {
        found = &row;
      }
    }
    if (found == nullptr) break;
    if (found->value.empty()) {
      settings.*found->field = "1";
    } else if (word.size() > found->flag.size()) {
      settings.*found->field = word.substr(found->flag.size() + 1);
    } else if (next + 1 < argc) {
      settings.*found->field = argv[++next];
    } else {
      return std::unexpected(std::string(found->flag) + ": option requires an argument (" +
                             std::string(found->value) + ")");
    }
  }

  if (argc > 0) settings.arguments.push_back(argv[0]);
  for (; next < argc; ++next) settings.arguments.push_back(argv[next]);
  return settings;
}

std::string settings_help() {
  std::string text;
  for (const auto& row : kRows) {
    text += "  ";
    text += row.flag;
    if (!row.value.empty()) text.append(" ").append(row.value);
    text.append("\t").append(row.help);
    if (*row.environment != '\0') text.append(" (").append(row.environment).append(")");
    text += '\n';
  }
  return text;
}

}  // namespace swebash::shell
