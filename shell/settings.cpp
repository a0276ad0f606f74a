// SPDX-License-Identifier: Apache-2.0
#include "shell/settings.hpp"

#include <algorithm>

namespace swebash::shell {
namespace {

struct Row {
  std::string_view Settings::* field;
  std::vector<Settings::Given> Settings::* list;  // or this, for one that is given more than once
  std::string_view flag;
  std::string_view value;
  std::string_view environment;
  std::string_view help;
};

constexpr Row kRows[] = {
#define SWEBASH_SETTING(name, flag, value, environment, help) \
  {&Settings::name, nullptr, flag, value, environment, help},
#define SWEBASH_SETTING_LIST(name, flag, value, environment, help) \
  {nullptr, &Settings::name, flag, value, environment, help},
#include "shell/settings.def"
#undef SWEBASH_SETTING
#undef SWEBASH_SETTING_LIST
};

// Once through the environment, not once for each row. Of two of a name the first counts, as for
// getenv().
void take_variable(Settings& settings, const char* variable) {
  for (const auto& row : kRows) {
    if (row.environment.empty() || variable[0] != row.environment[0]) continue;
    const std::string_view text = variable;
    if (text.size() <= row.environment.size() || text[row.environment.size()] != '=') continue;
    if (!text.starts_with(row.environment)) continue;
    const std::string_view given = text.substr(row.environment.size() + 1);
    if (row.list != nullptr) {
      if (!given.empty()) (settings.*row.list).push_back({given, Settings::Source::environment});
      return;
    }
    auto& value = settings.*row.field;
    if (value.data() == nullptr) value = given;
    return;
  }
}

void take_flag(Settings& settings, const Row& row, std::string_view text) {
  if (row.list != nullptr) {
    (settings.*row.list).push_back({text, Settings::Source::flag});
  } else {
    settings.*row.field = text;
  }
}

}  // namespace

Result<Settings, std::string> read_settings(int argc, char** argv, char** envp) {
  Settings settings;
  for (; *envp != nullptr; ++envp) take_variable(settings, *envp);

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
    if (word.size() > found->flag.size()) {
      take_flag(settings, *found, word.substr(found->flag.size() + 1));
    } else if (found->value.empty() || found->value.front() == '[') {
      take_flag(settings, *found, "1");
    } else if (next + 1 < argc) {
      take_flag(settings, *found, argv[++next]);
    } else {
      return std::unexpected(std::string(found->flag) + ": option requires an argument (" +
                             std::string(found->value) + ")");
    }
  }

  if (argc > 0) settings.arguments.push_back(argv[0]);
  for (; next < argc; ++next) settings.arguments.push_back(argv[next]);
  return settings;
}

void take_file_entries(Settings& settings) {
  for (const auto& row : kRows) {
    std::vector<Settings::Given> given;
    for (const Settings::FileEntry& entry : settings.file_entries) {
      if (row.flag.substr(2) != entry.key) continue;
      if (row.list != nullptr) {
        given.push_back({entry.text, Settings::Source::file});
      } else if ((settings.*row.field).data() == nullptr) {
        settings.*row.field = entry.text;
      }
    }
    if (given.empty()) continue;
    auto& list = settings.*row.list;
    list.insert(list.begin(), given.begin(), given.end());
  }
}

std::string tell_origin(const Settings& settings, std::string message) {
  for (const Settings::FileEntry& entry : settings.file_entries) {
    const std::string flag = "--" + std::string(entry.key) + ": ";
    if (!message.starts_with(flag)) continue;
    const auto row = std::ranges::find(kRows, flag.substr(0, flag.size() - 2), &Row::flag);
    if (row == std::end(kRows)) continue;
    const std::string_view rest = std::string_view(message).substr(flag.size());
    const bool is_it = row->list != nullptr ? rest.starts_with(entry.text)
                                            : (settings.*row->field).data() == entry.text.data();
    if (!is_it) continue;
    return settings.file + ":" + std::to_string(entry.line) + ": " + message.substr(2);
  }
  return message;
}

std::string settings_help() {
  std::string text;
  for (const auto& row : kRows) {
    text += "  ";
    text += row.flag;
    if (!row.value.empty()) text.append(" ").append(row.value);
    text.append("\t").append(row.help);
    if (!row.environment.empty()) text.append(" (").append(row.environment).append(")");
    text += '\n';
  }
  return text;
}

}  // namespace swebash::shell
