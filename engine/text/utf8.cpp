// SPDX-License-Identifier: Apache-2.0
#include "engine/text/utf8.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "engine/text/utf8_tables.hpp"

namespace swebash::engine::utf8 {

namespace {

template <usize kCount>
bool in_ranges(const Range (&table)[kCount], char32_t code) noexcept {
  const Range* end = table + kCount;
  const Range* found = std::upper_bound(
      table, end, code, [](char32_t value, const Range& range) { return value < range.first; });
  return found != table && code <= std::prev(found)->last;
}

template <usize kCount>
char32_t map_case(const CaseRange (&table)[kCount], char32_t code) noexcept {
  const CaseRange* end = table + kCount;
  const CaseRange* found = std::upper_bound(
      table, end, code, [](char32_t value, const CaseRange& range) { return value < range.first; });
  if (found == table) return code;
  --found;
  if (code > found->last || (code - found->first) % found->step != 0) return code;
  return static_cast<char32_t>(static_cast<i32>(code) + found->delta);
}

constexpr const char* kClassNames[] = {"alnum", "alpha", "ascii", "blank", "cntrl",
                                       "digit", "graph", "lower", "print", "punct",
                                       "space", "upper", "word",  "xdigit"};

bool is_ascii_class(Class kind, unsigned char c) noexcept {
  const bool upper = c >= 'A' && c <= 'Z';
  const bool lower = c >= 'a' && c <= 'z';
  const bool digit = c >= '0' && c <= '9';
  const bool graph = c > ' ' && c < 0x7f;
  switch (kind) {
    case Class::alnum: return upper || lower || digit;
    case Class::alpha: return upper || lower;
    case Class::ascii: return true;
    case Class::blank: return c == ' ' || c == '\t';
    case Class::cntrl: return c < ' ' || c == 0x7f;
    case Class::digit: return digit;
    case Class::graph: return graph;
    case Class::lower: return lower;
    case Class::print: return graph || c == ' ';
    case Class::punct: return graph && !upper && !lower && !digit;
    case Class::space: return c == ' ' || (c >= '\t' && c <= '\r');
    case Class::upper: return upper;
    case Class::word: return upper || lower || digit || c == '_';
    case Class::xdigit: return digit || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
  }
  return false;
}

}  // namespace

Character decode_multibyte(std::string_view text, usize at) noexcept {
  if (at >= text.size()) return {};
  const auto byte = [&](usize i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  const Character invalid{kInvalid + lead, 1};
  const usize left = text.size() - at;
  const auto continues = [&](usize i) { return i < left && (byte(i) & 0xC0) == 0x80; };
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xFD) return invalid;
  if (!continues(1)) return invalid;
  if (lead < 0xE0) return {(lead & 0x1Fu) << 6 | (byte(1) & 0x3Fu), 2};
  if (!continues(2)) return invalid;
  if (lead < 0xF0) {
    const char32_t code = (lead & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    if (code < 0x800 || (code >= 0xD800 && code < 0xE000)) return invalid;
    return {code, 3};
  }
  const u32 length = lead < 0xF8 ? 4 : lead < 0xFC ? 5 : 6;
  char32_t code = lead & (0x7Fu >> length);
  for (u32 i = 1; i < length; ++i) {
    if (!continues(i)) return invalid;
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  if (code < (length == 4 ? 0x10000u : length == 5 ? 0x200000u : 0x4000000u)) return invalid;
  return {code, length};
}

Character decode_before(std::string_view text, usize end) noexcept {
  if (end == 0) return {};
  const auto last = static_cast<unsigned char>(text[end - 1]);
  if (last < 0x80) return {last, 1};
  for (usize length = 2; length <= 6 && length <= end; ++length) {
    if ((static_cast<unsigned char>(text[end - length]) & 0xC0) == 0x80) continue;
    const Character found = decode(text.substr(0, end), end - length);
    if (found.length == length) return found;
    break;
  }
  return {kInvalid + last, 1};
}

void append(std::string& out, char32_t code) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code >= kInvalid) {
    put(code - kInvalid);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    const int more = code < 0x200000 ? 3 : code < 0x4000000 ? 4 : 5;
    put((more == 3 ? 0xF0u : more == 4 ? 0xF8u : 0xFCu) | code >> 6 * more);
    for (int i = more; i-- > 0;) put(0x80 | (code >> 6 * i & 0x3F));
  }
}

bool is_ascii(std::string_view text) noexcept {
  usize i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    u64 word;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080u) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) >= 0x80) return false;
  }
  return true;
}

usize count(std::string_view text) noexcept {
  if (is_ascii(text)) return text.size();
  usize characters = 0;
  for (usize at = 0; at < text.size(); at += decode(text, at).length) ++characters;
  return characters;
}

usize offset_of(std::string_view text, usize index) noexcept {
  usize at = 0;
  for (; index > 0 && at < text.size(); --index) at += decode(text, at).length;
  return at;
}

char32_t to_upper(char32_t code) noexcept {
  if (code < 0x80) return code >= 'a' && code <= 'z' ? code - 32 : code;
  return map_case(kToUpper, code);
}

char32_t to_lower(char32_t code) noexcept {
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + 32 : code;
  return map_case(kToLower, code);
}

bool find_class(std::string_view name, Class& out) noexcept {
  for (usize i = 0; i < std::size(kClassNames); ++i) {
    if (name == kClassNames[i]) {
      out = static_cast<Class>(i);
      return true;
    }
  }
  return false;
}

bool is(Class kind, char32_t code) noexcept {
  if (code < 0x80) return is_ascii_class(kind, static_cast<unsigned char>(code));
  if (code >= kInvalid) return false;
  switch (kind) {
    case Class::ascii:
    case Class::digit:
    case Class::xdigit: return false;
    case Class::alnum:
    case Class::alpha:
    case Class::word: return in_ranges(kAlpha, code);
    case Class::upper: return (to_lower(code) != code) != in_ranges(kUpperException, code);
    case Class::lower: return (to_upper(code) != code) != in_ranges(kLowerException, code);
    case Class::space: return in_ranges(kSpace, code);
    case Class::blank: return in_ranges(kSpace, code) && code != 0x2028 && code != 0x2029;
    case Class::cntrl: return code < 0xA0 || code == 0x2028 || code == 0x2029;
    case Class::print: return !in_ranges(kUnprintable, code);
    case Class::graph: return !in_ranges(kUnprintable, code) && !in_ranges(kSpace, code);
    case Class::punct:
      return !in_ranges(kUnprintable, code) && !in_ranges(kSpace, code) && !in_ranges(kAlpha, code);
  }
  return false;
}

int width(char32_t code) noexcept {
  if (code < 0x80) return code == 0 ? 0 : code < ' ' || code == 0x7f ? -1 : 1;
  if (code >= kInvalid || in_ranges(kUnprintable, code)) return -1;
  if (in_ranges(kZeroWidth, code)) return 0;
  return in_ranges(kDoubleWidth, code) ? 2 : 1;
}

usize width(std::string_view text) noexcept {
  usize columns = 0;
  for (usize at = 0; at < text.size();) {
    const Character character = decode(text, at);
    columns += static_cast<usize>(std::max(width(character.code), 0));
    at += std::max<usize>(character.length, 1);
  }
  return columns;
}

}  // namespace swebash::engine::utf8
