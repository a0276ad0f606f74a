// SPDX-License-Identifier: Apache-2.0
//
// The words that the grammar knows: what reserved_words.def says. Constant; any thread.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

enum class Reserved : u8 {
  none,
#define SWEBASH_RESERVED_WORD(text, name) name,
#include "engine/syntax/reserved_words.def"
};

// How the arguments of a command are read.
enum class Arguments : u8 {
  words,
  declaration,  // any may be an assignment, also of an array
  expression,   // x=( ... ) is one word
  text,         // so is it there, and expanded
  command,      // in posix mode as those of the command that they are
};

// What `type` calls a keyword, in bash's order.
inline constexpr std::string_view kKeywords[] = {
#define SWEBASH_RESERVED_WORD(text, name) text,
#include "engine/syntax/reserved_words.def"
};

[[nodiscard]] constexpr bool is_keyword(std::string_view word) noexcept {
  return std::ranges::find(kKeywords, word) != std::end(kKeywords);
}

[[nodiscard]] constexpr Arguments arguments_of(std::string_view command) noexcept {
  struct Row {
    std::string_view command;
    Arguments arguments;
  };
  static constexpr Row kRows[] = {
#define SWEBASH_ARGUMENT_WORD(text, way) {text, Arguments::way},
#include "engine/syntax/reserved_words.def"
  };
  static constexpr auto kFirst = [] {
    std::array<bool, 256> first{};
    for (const Row& row : kRows) first[static_cast<unsigned char>(row.command[0])] = true;
    return first;
  }();
  if (command.empty() || !kFirst[static_cast<unsigned char>(command[0])]) return Arguments::words;
  const auto* found = std::ranges::find(kRows, command, &Row::command);
  return found == std::end(kRows) ? Arguments::words : found->arguments;
}

}  // namespace swebash::engine
