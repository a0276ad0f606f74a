// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/escapes.hpp"

#include <cstring>

#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {

namespace {

int digit_value(char c, u32 base) noexcept {
  int value = -1;
  if (c >= '0' && c <= '9') value = c - '0';
  if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
  if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
  return value < static_cast<int>(base) ? value : -1;
}

// Reads at most `most` digits; how many there were.
usize read_digits(std::string_view text, usize& at, u32 base, usize most, u32& value) noexcept {
  usize count = 0;
  value = 0;
  for (; count < most && at < text.size(); ++count, ++at) {
    const int digit = digit_value(text[at], base);
    if (digit < 0) break;
    value = value * base + static_cast<u32>(digit);
  }
  return count;
}

}  // namespace

bool append_escape(std::string_view text, usize& at, EscapeStyle style, std::string& out,
                   std::vector<std::string_view>* missing) {
  ++at;
  if (at >= text.size()) {
    out.push_back('\\');
    return true;
  }
  const char c = text[at++];
  static constexpr std::string_view kLetters = "abefnrtvE\\";
  static constexpr std::string_view kMeanings = "\a\b\x1b\f\n\r\t\v\x1b\\";
  if (const usize which = kLetters.find(c); which != std::string_view::npos) {
    out.push_back(kMeanings[which]);
    return true;
  }
  u32 value = 0;
  switch (c) {
    case 'c':
      if (style != EscapeStyle::format) return false;
      break;
    case '"':
    case '\'':
    case '?':
      if (style == EscapeStyle::format) {
        out.push_back(c);
        return true;
      }
      break;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
      if (style == EscapeStyle::echo && c != '0') break;
      // \0nnn takes three digits after the zero; printf's format counts the zero as one.
      if (style == EscapeStyle::format || c != '0') --at;
      read_digits(text, at, 8, 3, value);
      out.push_back(static_cast<char>(value & 0xff));
      return true;
    case 'x':
      if (read_digits(text, at, 16, 2, value) == 0) {
        if (missing != nullptr) missing->emplace_back("hex digit for \\x");
        break;
      }
      out.push_back(static_cast<char>(value));
      return true;
    case 'u':
    case 'U':
      if (read_digits(text, at, 16, c == 'u' ? 4 : 8, value) == 0) {
        if (missing != nullptr) {
          missing->emplace_back(c == 'u' ? "unicode digit for \\u" : "unicode digit for \\U");
        }
        break;
      }
      append_character(out, value);
      return true;
    default: break;
  }
  out.push_back('\\');
  out.push_back(c);
  return true;
}

bool append_decoded(std::string_view text, EscapeStyle style, std::string& out,
                    std::vector<std::string_view>* missing) {
  for (usize at = 0; at < text.size();) {
    const usize backslash = text.find('\\', at);
    out.append(text.substr(at, backslash - at));
    if (backslash == std::string_view::npos) break;
    at = backslash;
    if (!append_escape(text, at, style, out, missing)) return false;
  }
  return true;
}

}  // namespace swebash::engine::builtins
