// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/locale_name.hpp"

#include <algorithm>
#include <string>

#include "base/integers.hpp"

namespace swebash::engine {

bool names_utf8(std::string_view locale) {
  const usize dot = locale.find('.');
  if (dot == std::string_view::npos) return false;
  std::string_view charset = locale.substr(dot + 1);
  charset = charset.substr(0, charset.find('@'));
  return charset == "UTF-8" || charset == "utf8" || charset == "utf-8" || charset == "UTF8";
}

bool names_locale(std::string_view name) {
  const usize dot = name.find('.');
  if (dot != std::string_view::npos) {
    std::string charset;
    for (const char c : name.substr(dot + 1)) {
      charset += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
    for (const std::string_view foreign : {"big5", "euc", "gb", "sjis", "shift", "johab"}) {
      if (charset.starts_with(foreign)) return false;
    }
  }
  name = name.substr(0, name.find_first_of(".@"));
  if (name.empty() || name == "C" || name == "POSIX") return true;
  const usize language = std::min(name.find('_'), name.size());
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return (language == 2 || language == 3) && is_letter(name[0]) && is_letter(name[1]);
}

}  // namespace swebash::engine
