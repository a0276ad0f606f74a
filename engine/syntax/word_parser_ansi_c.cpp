// SPDX-License-Identifier: Apache-2.0
//
// The escapes of $'...' (POSIX.1-2024 XCU 2.2.4, and bash's additions).
#include "engine/syntax/parser_impl.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char simple_escape(char c) {
  switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'e':
    case 'E': return '\x1b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '\\':
    case '\'':
    case '"':
    case '?': return c;
    default: return 0;
  }
}

// Reads at most `limit` hexadecimal digits at `i`; false when there are none.
bool read_hex(std::string_view text, usize& i, usize limit, u32& value) {
  const usize begin = i;
  value = 0;
  while (i < text.size() && i - begin < limit && hex_value(text[i]) >= 0) {
    value = value * 16 + static_cast<u32>(hex_value(text[i++]));
  }
  return i != begin;
}

}  // namespace

std::string ParserImpl::decode_ansi_c(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  usize i = 0;
  // bash: a NUL ends the string.
  const auto put_byte = [&](u32 value) {
    if ((value & 0xFF) == 0) {
      i = text.size();
    } else {
      out.push_back(static_cast<char>(value & 0xFF));
    }
  };
  while (i < text.size()) {
    const char c = text[i++];
    if (c != '\\' || i == text.size()) {
      out.push_back(c);
      continue;
    }
    const char e = text[i++];
    if (const char simple = simple_escape(e); simple != 0) {
      out.push_back(simple);
    } else if (e >= '0' && e <= '7') {
      u32 value = static_cast<u32>(e - '0');
      for (int n = 0; n < 2 && i < text.size() && text[i] >= '0' && text[i] <= '7'; ++n) {
        value = value * 8 + static_cast<u32>(text[i++] - '0');
      }
      put_byte(value);
    } else if (e == 'x') {
      const bool braced = i < text.size() && text[i] == '{';
      usize at = braced ? i + 1 : i;
      u32 value = 0;
      // bash: \x{ needs no digits, it is a NUL then.
      if (read_hex(text, at, braced ? text.size() : 2, value) || braced) {
        if (braced && at < text.size() && text[at] == '}') ++at;
        i = at;
        put_byte(value);
      } else {
        out.append("\\x");
      }
    } else if (e == 'u' || e == 'U') {
      u32 value = 0;
      if (!read_hex(text, i, e == 'u' ? 4 : 8, value)) {
        out.push_back('\\');
        out.push_back(e);
      } else if (value == 0) {
        i = text.size();
      } else {
        append_character(out, value);
      }
    } else if (e == 'c' && i < text.size()) {
      char letter = text[i++];
      if (letter == '\\' && i < text.size() && text[i] == '\\') ++i;
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
      put_byte(letter == '?' ? 0x7F : static_cast<u32>(letter) & 0x1F);
    } else {
      out.push_back('\\');
      out.push_back(e);
    }
  }
  return out;
}

}  // namespace swebash::engine
