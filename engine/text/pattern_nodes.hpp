// SPDX-License-Identifier: Apache-2.0
//
// What a Pattern is made of: the nodes that pattern.cpp compiles and pattern_groups.cpp walks.
//
// Internal to Pattern; plain data, immutable once compiled.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "engine/text/pattern.hpp"

namespace swebash::engine {

struct PatternBracket {
  struct Span {
    char32_t first;
    char32_t last;
  };
  bool negated = false;
  std::array<u64, 2> ascii{};  // the answer for each ASCII character, negation and case included
  bool fold = false;           // case is ignored: spans are in lower case; classes are as they are
  std::vector<Span> spans;
  std::vector<utf8::Class> classes;

  // Whether an item (before negation) has `code`.
  [[nodiscard]] bool has(char32_t code) const noexcept {
    const char32_t folded = fold ? utf8::to_lower(code) : code;
    for (const Span& span : spans) {
      if (folded >= span.first && folded <= span.last) return true;
    }
    for (const utf8::Class kind : classes) {
      if (utf8::is(kind, code)) return true;
    }
    return false;
  }
};

struct PatternGroup {
  char op = '@';  // one of ? * + @ !
  std::vector<std::vector<Pattern::Node>> alternatives;
};

struct Pattern::Node {
  enum class Kind : u8 { character, any, star, bracket, group };
  Kind kind = Kind::character;
  char32_t code = 0;  // folded to lower case when case is ignored
  std::unique_ptr<PatternBracket> bracket;
  std::unique_ptr<PatternGroup> group;
};

// The positions that a part of a pattern may end at: some, in order, and all from `tail` on.
struct Pattern::Set {
  static constexpr u32 kNone = ~u32{0};
  std::vector<u32> some;  // ascending, all below `tail`
  u32 tail = kNone;

  [[nodiscard]] bool empty() const noexcept { return some.empty() && tail == kNone; }
  [[nodiscard]] u32 first() const noexcept { return some.empty() ? tail : some.front(); }
  [[nodiscard]] bool has(u32 position) const noexcept;
  // Makes this the union with `other`.
  void merge(const Set& other);
};

// Matches a pattern with groups by following the set of positions each node may end at: polynomial,
// whatever the pattern. Positions are bytes from the side the string is read from, and stand
// between characters; a Set's tail means those of them that do.
struct Pattern::Simulation {
  const Pattern& pattern;
  std::string_view subject;
  bool backwards = false;  // the string is read from its end
  bool hidden = false;     // it begins with a dot, which only a dot of the pattern matches

  // The positions at which the pattern may end when it begins at `position`.
  [[nodiscard]] Set ends(u32 position) const;

  [[nodiscard]] u32 size() const noexcept { return static_cast<u32>(subject.size()); }
  // The last position of `set`.
  [[nodiscard]] u32 last(const Set& set) const noexcept {
    return set.tail != Set::kNone ? size() : set.some.back();
  }
  // The character after `position`.
  [[nodiscard]] utf8::Character at(u32 position) const noexcept {
    return backwards ? pattern.previous(subject, subject.size() - position)
                     : pattern.next(subject, position);
  }

 private:
  [[nodiscard]] Set walk(const Sequence& sequence, Set from) const;
  [[nodiscard]] Set step(const Node& node, const Set& from) const;
  [[nodiscard]] Set step_from_dot(const Node& node, const Set& from) const;
  [[nodiscard]] Set step_freely(const Node& node, const Set& from) const;
  [[nodiscard]] Set alternatives(const PatternGroup& group, const Set& from) const;
  [[nodiscard]] Set closure(const PatternGroup& group, const Set& from) const;
  [[nodiscard]] Set complement(const PatternGroup& group, const Set& from) const;
};

}  // namespace swebash::engine
