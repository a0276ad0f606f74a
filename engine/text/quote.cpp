// SPDX-License-Identifier: Apache-2.0
#include "engine/text/quote.hpp"

#include "base/integers.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine {

namespace {

constexpr char32_t kLastCharacter = 0x10FFFF;  // of Unicode
constexpr std::string_view kAlwaysQuoted = " \t\n'\"\\|&;()<>!{}*[]?^$`";

constexpr bool is_one_of(std::string_view set, char c) noexcept {
  return set.find(c) != std::string_view::npos;
}

Characters characters_of_locale = Characters::utf8;

bool is_printable(char32_t code) noexcept {
  if (code < 0x80) return code >= 0x20 && code != 0x7F;
  if (characters_of_locale == Characters::bytes) return false;
  return code <= kLastCharacter && utf8::is(utf8::Class::print, code);
}

void append_utf8(std::string& out, u32 code) {
  const auto put = [&out](u32 byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
    return;
  }
  // bash: up to 31 bits, in up to six bytes.
  int extra = code < 0x800       ? 1
              : code < 0x10000   ? 2
              : code < 0x200000  ? 3
              : code < 0x4000000 ? 4
                                 : 5;
  if (code > 0x7fffffff) return;
  const u32 lead = (0xFF00U >> (extra + 1)) & 0xFFU;
  put(lead | (code >> (6 * extra)));
  while (extra-- > 0) put(0x80 | ((code >> (6 * extra)) & 0x3F));
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads at most `most` hexadecimal digits at `at`, which moves behind them; -1 when there is none.
i64 read_hex(std::string_view text, usize& at, usize most) noexcept {
  i64 value = -1;
  for (; most > 0 && at < text.size() && hex_value(text[at]) >= 0; --most, ++at) {
    value = (value < 0 ? 0 : value * 16) + hex_value(text[at]);
  }
  return value;
}

void append_octal(std::string& out, u8 byte) {
  out += '\\';
  out += static_cast<char>('0' + (byte >> 6));
  out += static_cast<char>('0' + ((byte >> 3) & 7));
  out += static_cast<char>('0' + (byte & 7));
}

}  // namespace

void set_characters(Characters characters) noexcept { characters_of_locale = characters; }

void append_character(std::string& out, u32 code) {
  if (code < 0x80 || characters_of_locale == Characters::utf8) {
    append_utf8(out, code);
    return;
  }
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const bool is_long = code > 0xFFFF;
  out += is_long ? "\\U" : "\\u";
  for (int shift = is_long ? 28 : 12; shift >= 0; shift -= 4) out += kDigits[code >> shift & 0xF];
}

bool needs_ansi_quoting(std::string_view text) noexcept {
  for (usize i = 0; i < text.size();) {
    const auto c = utf8::decode(text, i);
    if (!is_printable(c.code)) return true;
    i += c.length;
  }
  return false;
}

bool has_shell_meta(std::string_view text) noexcept {
  for (usize i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_one_of(kAlwaysQuoted, c)) return true;
    if (c == '~' && (i == 0 || text[i - 1] == '=' || text[i - 1] == ':')) return true;
    if (c == '#' && i == 0) return true;
  }
  return false;
}

std::string quote_ansi(std::string_view text) {
  constexpr std::string_view kFrom = "\a\b\033\f\n\r\t\v\\'";
  constexpr std::string_view kTo = "abEfnrtv\\'";
  std::string out = "$'";
  for (usize i = 0; i < text.size();) {
    const auto c = utf8::decode(text, i);
    const usize named = c.length == 1 ? kFrom.find(text[i]) : std::string_view::npos;
    if (named != std::string_view::npos) {
      out += '\\';
      out += kTo[named];
    } else if (is_printable(c.code)) {
      out.append(text, i, c.length);
    } else {
      for (usize k = 0; k < c.length; ++k) append_octal(out, static_cast<u8>(text[i + k]));
    }
    i += c.length;
  }
  out += '\'';
  return out;
}

std::string quote_backslash(std::string_view text) {
  if (text.empty()) return "''";
  if (needs_ansi_quoting(text)) return quote_ansi(text);
  std::string out;
  out.reserve(text.size() + 8);
  for (usize i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool tilde = c == '~' && (i == 0 || text[i - 1] == '=' || text[i - 1] == ':');
    if (is_one_of(kAlwaysQuoted, c) || c == ',' || tilde || (c == '#' && i == 0)) out += '\\';
    out += c;
  }
  return out;
}

std::string quote_single_plain(std::string_view text) {
  if (text == "'") return "\\'";
  std::string out = "'";
  out.reserve(text.size() + 2);
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  out += '\'';
  return out;
}

std::string quote_single(std::string_view text) {
  return needs_ansi_quoting(text) ? quote_ansi(text) : quote_single_plain(text);
}

std::string escape_for_double_quotes(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  for (const char c : text) {
    if (c == '"' || c == '$' || c == '`' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string quote_double(std::string_view text) {
  if (needs_ansi_quoting(text)) return quote_ansi(text);
  std::string out = "\"";
  out += escape_for_double_quotes(text);
  out += '"';
  return out;
}

std::string quote_key(std::string_view key) {
  if (needs_ansi_quoting(key)) return quote_ansi(key);
  if (has_shell_meta(key) || key == "@" || key == "*") return quote_double(key);
  return std::string(key);
}

std::string quote_value(std::string_view text) {
  if (needs_ansi_quoting(text)) return quote_ansi(text);
  return quote_value_posix(text);
}

std::string quote_value_posix(std::string_view text) {
  if (has_shell_meta(text)) return quote_single_plain(text);
  return std::string(text);
}

std::string quote_trace(std::string_view text) {
  if (text.empty()) return "''";
  if (has_shell_meta(text)) return quote_single_plain(text);
  if (needs_ansi_quoting(text)) return quote_ansi(text);
  return std::string(text);
}

std::string decode_ansi(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (usize i = 0; i < text.size();) {
    const char c = text[i++];
    if (c != '\\' || i == text.size()) {
      out += c;
      continue;
    }
    const char escape = text[i++];
    i64 code = -1;
    switch (escape) {
      case 'a': out += '\a'; continue;
      case 'b': out += '\b'; continue;
      case 'e':
      case 'E': out += '\033'; continue;
      case 'f': out += '\f'; continue;
      case 'n': out += '\n'; continue;
      case 'r': out += '\r'; continue;
      case 't': out += '\t'; continue;
      case 'v': out += '\v'; continue;
      case '\\':
      case '\'':
      case '"':
      case '?': out += escape; continue;
      case 'x':
        if (i < text.size() && text[i] == '{') {
          // bash: any number of digits counts then, and none is a NUL.
          ++i;
          code = 0;
          while (i < text.size() && hex_value(text[i]) >= 0) {
            code = (code * 16 + hex_value(text[i++])) & 0xFF;
          }
          if (i < text.size() && text[i] == '}') ++i;
        } else {
          code = read_hex(text, i, 2);
        }
        break;
      case 'u': code = read_hex(text, i, 4); break;
      case 'U': code = read_hex(text, i, 8); break;
      case 'c':
        if (i < text.size()) {
          const auto control = static_cast<u8>(text[i++]);
          if (control == '\\' && i < text.size() && text[i] == '\\') ++i;
          code = control == '?' ? 0x7F : control & 0x1F;
        }
        break;
      default:
        if (escape >= '0' && escape <= '7') {
          code = escape - '0';
          for (int digits = 1; digits < 3 && i < text.size() && text[i] >= '0' && text[i] <= '7';
               ++digits) {
            code = code * 8 + (text[i++] - '0');
          }
          code &= 0xFF;
        }
    }
    if (code < 0) {
      out += '\\';
      out += escape;
    } else if (code == 0) {
      return out;
    } else if (escape == 'u' || escape == 'U') {
      append_character(out, static_cast<u32>(code));
    } else {
      out += static_cast<char>(code);
    }
  }
  return out;
}

}  // namespace swebash::engine
