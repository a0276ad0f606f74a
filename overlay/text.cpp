// SPDX-License-Identifier: Apache-2.0
#include "overlay/text.hpp"

#include <algorithm>
#include <cstdio>

namespace swebash::overlay {
namespace {

bool is_control(unsigned char c) noexcept { return c < ' ' || c == 0x7f; }

// U+0080 to U+009F in UTF-8, which terminals obey as well.
bool is_wide_control(std::string_view text, usize at) noexcept {
  const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0;
  return static_cast<unsigned char>(text[at]) == 0xc2 && next >= 0x80 && next < 0xa0;
}

}  // namespace

std::string quoted(std::string_view name) {
  bool plain = true;
  for (usize i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    plain = plain && !is_control(c) && c != '"' && c != '\\' && !is_wide_control(name, i);
  }
  if (plain) return std::string(name);
  std::string text = "\"";
  for (usize i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (c == '"' || c == '\\') {
      text.append("\\").push_back(static_cast<char>(c));
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else if (is_control(c) || c >= 0x80) {
      char octal[5];
      std::snprintf(octal, sizeof(octal), "\\%03o", c);
      text += octal;
    } else {
      text.push_back(static_cast<char>(c));
    }
  }
  return text + "\"";
}

std::string harmless(std::string_view line) {
  std::string text;
  for (usize i = 0; i < line.size(); ++i) {
    const auto c = static_cast<unsigned char>(line[i]);
    if (is_wide_control(line, i)) {
      text += '?';
      ++i;
    } else if (is_control(c) && c != '\t') {
      text.append("^").push_back(c == 0x7f ? '?' : static_cast<char>(c + '@'));
    } else {
      text.push_back(line[i]);
    }
  }
  return text;
}

std::string size_text(u64 bytes) {
  constexpr const char* kUnits[] = {"bytes", "KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  usize unit = 0;
  while (value >= 1000 && unit + 1 < std::size(kUnits)) value /= 1000, ++unit;
  char text[40];
  std::snprintf(text, sizeof(text), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

}  // namespace swebash::overlay
