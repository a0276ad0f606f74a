// SPDX-License-Identifier: Apache-2.0
#include "serve/bytes.hpp"

#include <array>

#include "base/integers.hpp"

namespace swebash::serve {

namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto kValues = [] {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (usize i = 0; i < kDigits.size(); ++i) {
    values[static_cast<u8>(kDigits[i])] = static_cast<signed char>(i);
  }
  return values;
}();

// How many bytes the character takes that starts `text`; 0: it is none.
usize character(std::string_view text) noexcept {
  const auto byte = [&](usize at) -> u32 {
    return at < text.size() ? static_cast<u8>(text[at]) : 0;
  };
  const auto follows = [&](usize at) { return (byte(at) & 0xC0) == 0x80; };
  const u32 first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  // Neither longer than need be, nor a surrogate, nor above U+10FFFF.
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const usize length = character(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (usize at = 0; at < bytes.size(); at += 3) {
    const usize count = std::min<usize>(3, bytes.size() - at);
    u32 value = 0;
    for (usize i = 0; i < 3; ++i) {
      value = value << 8 | (i < count ? static_cast<u8>(bytes[at + i]) : 0U);
    }
    for (usize i = 0; i < 4; ++i) {
      text += i <= count ? kDigits[value >> (18 - 6 * i) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (usize at = 0; at < text.size(); at += 4) {
    const bool last = at + 4 == text.size();
    usize padding = 0;
    if (last) padding = text[at + 3] != '=' ? 0 : text[at + 2] != '=' ? 1 : 2;
    u32 value = 0;
    for (usize i = 0; i < 4; ++i) {
      const int digit = i >= 4 - padding ? 0 : kValues[static_cast<u8>(text[at + i])];
      if (digit < 0) return std::nullopt;
      value = value << 6 | static_cast<u32>(digit);
    }
    for (usize i = 0; i < 3 - padding; ++i) bytes += static_cast<char>(value >> (16 - 8 * i));
  }
  return bytes;
}

Json to_json(std::string_view bytes) {
  if (is_utf8(bytes)) return Json(bytes);
  return Json{{"base64", to_base64(bytes)}};
}

std::optional<std::string> bytes_of(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>();
  if (!value.is_object() || value.size() != 1) return std::nullopt;
  const auto found = value.find("base64");
  if (found == value.end() || !found->is_string()) return std::nullopt;
  return from_base64(found->get_ref<const std::string&>());
}

}  // namespace swebash::serve
