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
#include "base/result.hpp"
#include "engine/text/regex_work.hpp"

namespace swebash::engine {

class RegexCache {
 public:
  RegexCache() noexcept = default;
  RegexCache(const RegexCache&) = delete;
  RegexCache& operator=(const RegexCache&) = delete;
  ~RegexCache();

  struct Compiled {
    regex_t expression;
    RegexWork work;  // to match it
  };
  enum class Failure : u8 { invalid, too_large };

  // `expression` compiled with `flags` (of regcomp), good until the next call.
  // Errors: it is no regular expression, or one that takes too long to compile.
  Result<const Compiled*, Failure> find(const std::string& expression, int flags);

 private:
  struct Entry {
    std::string text;
    int flags = 0;
    bool used = false;
    Compiled compiled;
  };

  static void clear(Entry& entry) noexcept;

  std::array<Entry, 16> entries_;
};

}  // namespace swebash::engine
