// SPDX-License-Identifier: Apache-2.0
//
// The words that the grammar knows: what reserved_words.def says. Constant; any thread.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

enum class Reserved : u8 {
  none,
#define SWEBASH_RESERVED_WORD(text, name) name,
#define SWEBASH_DECLARATION_WORD(text)
#include "engine/syntax/reserved_words.def"
#undef SWEBASH_RESERVED_WORD
#undef SWEBASH_DECLARATION_WORD
};

// What `type` calls a keyword, in bash's order.
inline constexpr std::string_view kKeywords[] = {
#define SWEBASH_RESERVED_WORD(text, name) text,
#define SWEBASH_DECLARATION_WORD(text)
#include "engine/syntax/reserved_words.def"
#undef SWEBASH_RESERVED_WORD
#undef SWEBASH_DECLARATION_WORD
};

// The commands whose arguments may be assignments.
inline constexpr std::string_view kDeclarationWords[] = {
#define SWEBASH_RESERVED_WORD(text, name)
#define SWEBASH_DECLARATION_WORD(text) text,
#include "engine/syntax/reserved_words.def"
#undef SWEBASH_RESERVED_WORD
#undef SWEBASH_DECLARATION_WORD
};

[[nodiscard]] constexpr bool is_keyword(std::string_view word) noexcept {
  return std::ranges::find(kKeywords, word) != std::end(kKeywords);
}

[[nodiscard]] constexpr bool is_declaration_word(std::string_view word) noexcept {
  return std::ranges::find(kDeclarationWords, word) != std::end(kDeclarationWords);
}

}  // namespace swebash::engine
