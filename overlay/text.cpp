// SPDX-License-Identifier: Apache-2.0
#include "overlay/text.hpp"

#include <algorithm>
#include <cstdio>

namespace swebash::overlay {
namespace {

bool is_control(unsigned char c) noexcept { return c < ' ' || c == 0x7f; }

// The bytes of what begins at `at` and is no text to look at, though it is no control of ASCII:
// U+0080 to U+009F, which terminals obey as well, also as a byte of its own; and what turns the
// direction of writing, by which a line is read in another order than it has. 0: nothing.
usize hidden_bytes(std::string_view text, usize at) noexcept {
  const auto byte = [&](usize i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const unsigned first = byte(0), second = byte(1), third = byte(2);
  if (first == 0xc2 && second >= 0x80 && second < 0xa0) return 2;
  if (first == 0xd8 && second == 0x9c) return 2;  // U+061C
  if (first == 0xe2) {
    const bool turns = (second == 0x80 && (third == 0x8e || third == 0x8f)) ||
                       (second == 0x80 && third >= 0xaa && third <= 0xae) ||
                       (second == 0x81 && third >= 0xa6 && third <= 0xa9);
    if (turns) return 3;
  }
  return 0;
}

// Of a character in UTF-8; 1 for a byte of none.
usize character_bytes(std::string_view text, usize at) noexcept {
  const auto first = static_cast<unsigned char>(text[at]);
  const usize size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  for (usize i = 1; i < size; ++i) {
    if (at + i >= text.size() || (static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80)
      return 1;
  }
  return size;
}

// A byte that 8-bit terminals obey, and that is part of no character.
bool is_lone_control(std::string_view text, usize at) noexcept {
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte >= 0x80 && byte < 0xa0;
}

}  // namespace

std::string quoted(std::string_view name) {
  bool plain = true;
  for (usize i = 0; i < name.size() && plain; i += character_bytes(name, i)) {
    const auto c = static_cast<unsigned char>(name[i]);
    plain = !is_control(c) && c != '"' && c != '\\' && hidden_bytes(name, i) == 0 &&
            !is_lone_control(name, i);
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
  for (usize i = 0; i < line.size();) {
    const auto c = static_cast<unsigned char>(line[i]);
    usize size = hidden_bytes(line, i);
    if (size > 0 || is_lone_control(line, i)) {
      text += '?';
      size = std::max<usize>(size, 1);
    } else if (is_control(c) && c != '\t') {
      text.append("^").push_back(c == 0x7f ? '?' : static_cast<char>(c + '@'));
      size = 1;
    } else {
      size = character_bytes(line, i);
      text += line.substr(i, size);
    }
    i += size;
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
