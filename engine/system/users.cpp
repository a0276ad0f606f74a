// SPDX-License-Identifier: Apache-2.0
#include "engine/system/users.hpp"

#include <algorithm>

#include "engine/system/files.hpp"

namespace swebash::engine {
namespace {

// Field `index` of a line, from 0; empty where the line has fewer.
std::optional<std::string_view> field(std::string_view line, usize index) {
  for (; index > 0; --index) {
    const usize colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    line.remove_prefix(colon + 1);
  }
  return line.substr(0, line.find(':'));
}

constexpr usize kNumber = 2, kHome = 5, kShell = 6;

}  // namespace

AccountFile AccountFile::of_text(std::string text) {
  AccountFile file({});
  file.text_ = std::move(text);
  file.loaded_ = true;
  return file;
}

template <typename Visit>
void AccountFile::each_line(Visit visit) {
  if (!loaded_) {
    loaded_ = true;
    text_ = files::read_text(path_);
  }
  for (usize at = 0; at < text_.size();) {
    const usize end = std::min(text_.find('\n', at), text_.size());
    const std::string_view line = std::string_view(text_).substr(at, end - at);
    at = end + 1;
    const usize colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) continue;
    if (visit(line.substr(0, colon), line)) return;
  }
}

std::optional<std::string> AccountFile::name_of(u32 id) {
  const std::string wanted = std::to_string(id);
  std::optional<std::string> found;
  each_line([&](std::string_view name, std::string_view line) {
    if (field(line, kNumber) == wanted) found = name;
    return found.has_value();
  });
  return found;
}

std::optional<std::string> AccountFile::home_of(std::string_view name) {
  std::optional<std::string> found;
  each_line([&](std::string_view user, std::string_view line) {
    if (user != name) return false;
    if (const auto home = field(line, kHome)) found = *home;
    return true;
  });
  return found;
}

std::optional<std::string> AccountFile::shell_of(u32 id) {
  const std::string wanted = std::to_string(id);
  std::optional<std::string> found;
  each_line([&](std::string_view, std::string_view line) {
    if (field(line, kNumber) != wanted) return false;
    if (const auto shell = field(line, kShell); shell && !shell->empty()) found = *shell;
    return true;
  });
  return found;
}

std::vector<std::string> AccountFile::names() {
  std::vector<std::string> all;
  each_line([&](std::string_view name, std::string_view) {
    all.emplace_back(name);
    return false;
  });
  return all;
}

}  // namespace swebash::engine
