// SPDX-License-Identifier: Apache-2.0
//
// RegexCache: the extended regular expressions that [[ =~ ]] compiled last.
//
// A loop that matches asks for the same expression at each turn, and compiling one takes a hundred
// times what matching does. Owns what it compiled; one entry per place of a small table, the later
// one wins. Not thread-safe.
#pragma once

#include <regex.h>

#include <array>
#include <string>

#include "base/integers.hpp"

namespace swebash::engine {

class RegexCache {
 public:
  RegexCache() noexcept = default;
  RegexCache(const RegexCache&) = delete;
  RegexCache& operator=(const RegexCache&) = delete;
  ~RegexCache();

  // `expression` compiled with `flags` (of regcomp), good until the next call; null when it is no
  // regular expression.
  const regex_t* find(const std::string& expression, int flags);

 private:
  struct Entry {
    std::string text;
    int flags = 0;
    bool used = false;
    regex_t compiled;
  };

  static void clear(Entry& entry) noexcept;

  std::array<Entry, 16> entries_;
};

}  // namespace swebash::engine
