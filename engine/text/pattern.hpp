// SPDX-License-Identifier: Apache-2.0
//
// Pattern: a compiled shell pattern (POSIX XCU 2.14, and bash's extglob), matched against strings.
//
// In the text of a pattern a backslash quotes the next character; everything else is `*`, `?`,
// `[...]`, with extglob `?( ) *( ) +( ) @( ) !( )`, or itself. Without extglob a match takes time
// linear in the subject for each `*`-free run of the pattern, never exponential; with it, at most
// quadratic. A Pattern owns all it needs and is immutable: several threads may match with one. It
// knows nothing of pathnames: glob.hpp splits at slashes and minds leading dots.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine {

struct PatternOptions {
  bool extglob = false;
  bool ignore_case = false;
  bool bytes = false;  // a character is a byte (LC_ALL=C), else UTF-8
};

class Pattern {
 public:
  // Where a match stands, in bytes.
  struct Match {
    usize start = 0;
    usize length = 0;
  };

  // Compiles `text`; any text is a pattern.
  explicit Pattern(std::string_view text, PatternOptions options = {});
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  // Whether the whole of `subject` matches.
  [[nodiscard]] bool matches(std::string_view subject) const;

  // The same for a file name that begins with a dot, which only a dot of the pattern matches.
  [[nodiscard]] bool matches_hidden(std::string_view subject) const;

  // The length of the shortest or longest beginning of `subject` that matches; it may be 0.
  [[nodiscard]] std::optional<usize> shortest_prefix(std::string_view subject) const;
  [[nodiscard]] std::optional<usize> longest_prefix(std::string_view subject) const;

  // The length of the shortest or longest end of `subject` that matches; it may be 0.
  [[nodiscard]] std::optional<usize> shortest_suffix(std::string_view subject) const;
  [[nodiscard]] std::optional<usize> longest_suffix(std::string_view subject) const;

  // The first match that starts at byte `from` or later, the longest there; it may be empty. For
  // ${x//}: go on at the match's end (after an empty one, a character further).
  [[nodiscard]] std::optional<Match> find(std::string_view subject, usize from = 0) const;

  // Whether the pattern matches one string only: literal().
  [[nodiscard]] bool is_literal() const noexcept { return literal_only_; }
  // The text without its quoting. Requires: is_literal().
  [[nodiscard]] std::string_view literal() const noexcept { return literal_; }

  // Whether a match may begin with a `.` that the pattern says itself (what a file name that begins
  // with a dot asks for).
  [[nodiscard]] bool names_leading_dot() const noexcept;

  struct Node;
  struct Set;

 private:
  using Sequence = std::vector<Node>;
  // A run of the pattern without `*`: [first, last) of nodes_.
  struct Segment {
    u32 first = 0;
    u32 last = 0;
    std::string text;  // its bytes, when it is literal
    bool literal = false;
  };

  bool segment_at(const Segment& segment, std::string_view subject, usize at, usize& end) const;
  bool segment_before(const Segment& segment, std::string_view subject, usize end,
                      usize& start) const;
  bool segment_first(const Segment& segment, std::string_view subject, usize from, usize& start,
                     usize& end) const;
  bool segment_last(const Segment& segment, std::string_view subject, usize low, usize high,
                    usize& start, usize& end) const;
  std::optional<usize> prefix(std::string_view subject, bool longest) const;
  std::optional<usize> suffix(std::string_view subject, bool longest) const;
  bool node_matches(const Node& node, char32_t code) const;
  bool may_begin_with(const Sequence& sequence, usize at, const utf8::Character& character) const;
  utf8::Character next(std::string_view subject, usize at) const noexcept;
  utf8::Character previous(std::string_view subject, usize end) const noexcept;
  void find_segments();

  struct Compiler;
  struct Simulation;

  PatternOptions options_;
  bool literal_only_ = false;
  bool has_groups_ = false;  // some extglob: matched by Simulation, else by segments
  std::string literal_;
  Sequence nodes_;
  std::vector<Segment> segments_;
};

// Whether `text` is to be matched with strings, or with paths, where no bracket expression has a
// slash.
enum class PatternUse : u8 { strings, paths };

// Whether `text` has an unquoted character that makes it more than a literal.
[[nodiscard]] bool has_pattern(std::string_view text, bool extglob,
                               PatternUse use = PatternUse::strings);

// `text` without the backslashes that quote.
[[nodiscard]] std::string unquote_pattern(std::string_view text);

// Appends `text` to a pattern so that it stands for itself.
void append_quoted_pattern(std::string& out, std::string_view text);

}  // namespace swebash::engine
