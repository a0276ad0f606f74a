// SPDX-License-Identifier: Apache-2.0
//
// UTF-8: characters in bytes, and what kind of character each is, as the C.UTF-8 locale has it.
//
// Text that is not UTF-8 is never an error: a byte that begins no character counts as a character
// of one byte, as bash treats it. Pure functions over constant tables, thread-safe. It knows no
// locale: callers that work in bytes (LC_ALL=C) do not call it.
#pragma once

#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine::utf8 {

struct Character {
  char32_t code = 0;  // kInvalid + the byte, for a byte that begins no character
  u32 length = 0;     // in bytes; 0 at the end of the text
};
inline constexpr char32_t kInvalid = 0x80000000;  // bash: characters go to 7FFFFFFF, in six bytes

// decode() for bytes that are not ASCII.
[[nodiscard]] Character decode_multibyte(std::string_view text, usize at) noexcept;

// The character that begins at byte `at`.
[[nodiscard]] inline Character decode(std::string_view text, usize at) noexcept {
  if (at >= text.size()) return {};
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {byte, 1};
  return decode_multibyte(text, at);
}

// The character that ends before byte `end`; of length 0 when `end` is 0.
[[nodiscard]] Character decode_before(std::string_view text, usize end) noexcept;

// Appends `code` (a character, or kInvalid + byte).
void append(std::string& out, char32_t code);

// How many characters `text` has.
[[nodiscard]] usize count(std::string_view text) noexcept;

// The byte where character number `index` begins; the size of `text` when it has no more than that.
[[nodiscard]] usize offset_of(std::string_view text, usize index) noexcept;

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;

[[nodiscard]] char32_t to_upper(char32_t code) noexcept;
[[nodiscard]] char32_t to_lower(char32_t code) noexcept;

enum class Class : u8 {
  alnum,
  alpha,
  ascii,
  blank,
  cntrl,
  digit,
  graph,
  lower,
  print,
  punct,
  space,
  upper,
  word,
  xdigit,
};

// Finds the class that `[:name:]` names; false when there is none.
[[nodiscard]] bool find_class(std::string_view name, Class& out) noexcept;

[[nodiscard]] bool is(Class kind, char32_t code) noexcept;

// Columns a character takes on a terminal: 0, 1 or 2; -1 for one that cannot be shown.
[[nodiscard]] int width(char32_t code) noexcept;
// The same of a text; what cannot be shown takes none.
[[nodiscard]] usize width(std::string_view text) noexcept;

}  // namespace swebash::engine::utf8
