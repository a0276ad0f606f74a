// SPDX-License-Identifier: Apache-2.0
//
// CompletionSpecs: what `complete` was told, by the name of the command it is for, and what of it a
// completion that is under way goes by. Owned by the Shell; not thread-safe.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"
#include "engine/text/string_map.hpp"

namespace swebash::engine {

// What -o takes, in the order in which bash lists it; a specification's are a set of bits, 1 << n.
inline constexpr std::string_view kCompletionOptions[] = {
    "bashdefault", "default", "dirnames", "filenames", "noquote", "nosort", "nospace", "plusdirs"};

// The bit of an option; 0 where there is none of that name.
[[nodiscard]] constexpr u32 completion_option(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kCompletionOptions, name);
  return found == std::end(kCompletionOptions) ? 0 : 1U << (found - kCompletionOptions);
}

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

class CompletionSpecs {
 public:
  using Table = StringMap<CompletionSpec>;

  [[nodiscard]] Table& table() noexcept { return table_; }
  // The one for `name`, or null.
  [[nodiscard]] CompletionSpec* find(std::string_view name) noexcept {
    const auto found = table_.find(name);
    return found == table_.end() ? nullptr : &found->second;
  }

  // A completion that runs a function, which may change its options (`compopt` without a name).
  struct Running {
    std::string_view command;
    u32 options = 0;
  };
  // Null while none runs.
  [[nodiscard]] Running* running() noexcept { return running_; }
  // Answers the one before, which is to be set again.
  Running* set_running(Running* running) noexcept {
    Running* const before = running_;
    running_ = running;
    return before;
  }

 private:
  Table table_;
  Running* running_ = nullptr;
};

}  // namespace swebash::engine
