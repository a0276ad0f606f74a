// SPDX-License-Identifier: Apache-2.0
//
// CompletionSpecs: what `complete` was told, by the name of the command it is for. Plain values;
// not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"
#include "engine/text/string_map.hpp"

namespace swebash::engine {

// What -o takes, in the order in which bash lists it; a specification's are a set of bits, 1 << n.
inline constexpr std::string_view kCompletionOptions[] = {
    "bashdefault", "default", "dirnames", "filenames", "noquote", "nosort", "nospace", "plusdirs"};

// The names for a command without a specification of its own (-D), an empty line (-E) and the first
// word of a line (-I).
inline constexpr std::string_view kDefaultCompletion = "-D";
inline constexpr std::string_view kEmptyLineCompletion = "-E";
inline constexpr std::string_view kFirstWordCompletion = "-I";

// How words are found: the options that `compgen` and `complete` share. Empty: not given.
struct CompletionSpec {
  std::vector<std::string> actions;
  u32 options = 0;
  std::string glob, words, function, command, filter, prefix, suffix;
  bool has_words = false;  // -W was given, maybe with no word

  [[nodiscard]] bool is_empty() const noexcept {
    return actions.empty() && options == 0 && glob.empty() && !has_words && function.empty() &&
           command.empty();
  }
};

using CompletionSpecs = StringMap<CompletionSpec>;

}  // namespace swebash::engine
