// SPDX-License-Identifier: Apache-2.0
//
// The C library makes an automaton of the positions of an expression: its characters, once
// repetitions {n,m} are written out. From each position there is a transition to every one that may
// be next, and a transition carries the marks of the groups that begin and end on its way.
#include "engine/text/regex_work.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace swebash::engine {
namespace {

// RE_DUP_MAX; more is no expression.
constexpr int kMostRepeated = 255;

// What is known of a part of the expression. Numbers are large, and need not be exact.
struct Part {
  bool empty_matches = true;
  double positions = 0;
  double transitions = 0;
  double marks = 0;  // on them
  double steps = 0;  // to make them: each looks at those that its position has already
  // Positions where a match may begin and end, with the marks before and after them.
  double first = 0, last = 0;
  double first_marks = 0, last_marks = 0;
  double empty_marks = 0;  // of a match of nothing
};

void join(Part& left, const Part& right) {
  left.marks += left.last_marks * right.first + left.last * right.first_marks;
  left.transitions += left.last * right.first;
  left.steps += left.last * right.first * right.first;
}

Part concatenation(const Part& left, const Part& right) {
  Part whole = left;
  whole.positions += right.positions;
  whole.transitions += right.transitions;
  whole.marks += right.marks;
  whole.steps += right.steps;
  join(whole, right);
  if (left.empty_matches) {
    whole.first += right.first;
    whole.first_marks += right.first_marks + right.first * left.empty_marks;
  }
  whole.last = right.last;
  whole.last_marks = right.last_marks;
  if (right.empty_matches) {
    whole.last += left.last;
    whole.last_marks += left.last_marks + left.last * right.empty_marks;
  }
  whole.empty_matches = left.empty_matches && right.empty_matches;
  whole.empty_marks = left.empty_marks + right.empty_marks;
  return whole;
}

Part alternation(const Part& left, const Part& right) {
  Part whole = left;
  whole.positions += right.positions;
  whole.transitions += right.transitions;
  whole.marks += right.marks;
  whole.steps += right.steps;
  whole.first += right.first;
  whole.last += right.last;
  whole.first_marks += right.first_marks;
  whole.last_marks += right.last_marks;
  whole.empty_matches = left.empty_matches || right.empty_matches;
  whole.empty_marks = std::max(left.empty_marks, right.empty_marks);
  return whole;
}

Part repeated(Part part, int least, int most) {
  Part whole;
  if (most < 0) {
    Part loop = part;
    join(loop, part);
    loop.empty_matches = true;
    part.empty_matches = part.empty_matches || least == 0;
    whole = loop;
    // x+ is x once more for free.
    if (least == 1) whole.empty_matches = part.empty_matches;
    for (int i = 1; i < least; ++i) whole = concatenation(part, whole);
    return whole;
  }
  // x{2,4} is xx(x(x)?)?
  for (int i = most; i > least; --i) {
    whole = concatenation(part, whole);
    whole.empty_matches = true;
  }
  for (int i = 0; i < least; ++i) whole = concatenation(part, whole);
  return whole;
}

Part characters(double count) {
  Part part;
  part.empty_matches = false;
  part.positions = part.first = part.last = count;
  return part;
}

void mark_group(Part& part) {
  part.first_marks += part.first;
  part.last_marks += part.last;
  part.empty_marks += 2;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Part read() {
    groups_.emplace_back();
    while (at_ < text_.size()) step();
    while (groups_.size() > 1) close();
    return end(groups_.back());
  }

 private:
  struct Group {
    Part alternatives;
    bool has_alternatives = false;
    Part branch;
    Part piece;  // the last of the branch, which may be repeated
  };

  static Part end(Group& group) {
    const Part branch = concatenation(group.branch, group.piece);
    return group.has_alternatives ? alternation(group.alternatives, branch) : branch;
  }

  void close() {
    Part whole = end(groups_.back());
    mark_group(whole);
    groups_.pop_back();
    put(whole);
  }

  void put(const Part& piece) {
    Group& group = groups_.back();
    group.branch = concatenation(group.branch, group.piece);
    group.piece = piece;
  }

  void step() {
    Group& group = groups_.back();
    const char c = text_[at_++];
    switch (c) {
      case '(': groups_.emplace_back(); return;
      case ')': groups_.size() > 1 ? close() : put(characters(1)); return;
      case '|':
        group.alternatives = end(group);
        group.has_alternatives = true;
        group.branch = group.piece = Part();
        return;
      case '*': group.piece = repeated(group.piece, 0, -1); return;
      case '+': group.piece = repeated(group.piece, 1, -1); return;
      case '?': group.piece.empty_matches = true; return;
      case '{': return bounds(group);
      case '[': return bracket();
      case '^':
      case '$': put(Part()); return;
      case '\\':
        if (at_ < text_.size()) ++at_;
        break;
      default: break;
    }
    put(characters(1));
  }

  void bounds(Group& group) {
    const auto number = [this] {
      int value = -1;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
        value = std::min(std::max(value, 0) * 10 + (text_[at_++] - '0'), kMostRepeated + 1);
      }
      return value;
    };
    const int least = number();
    int most = least;
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      most = number();
    }
    if (at_ == text_.size() || text_[at_] != '}' || std::max(least, most) > kMostRepeated) return;
    ++at_;
    group.piece = repeated(group.piece, std::max(least, 0), most);
  }

  // Each character of it may become a position.
  void bracket() {
    const usize start = at_;
    if (at_ < text_.size() && text_[at_] == '^') ++at_;
    if (at_ < text_.size() && text_[at_] == ']') ++at_;
    while (at_ < text_.size() && text_[at_] != ']') {
      const char inner = text_[at_] == '[' && at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
      if (inner == ':' || inner == '.' || inner == '=') {
        const char end[] = {inner, ']'};
        const usize close = text_.find(std::string_view(end, sizeof(end)), at_ + 2);
        if (close != std::string_view::npos) at_ = close + 1;
      }
      ++at_;
    }
    put(characters(static_cast<double>(std::max<usize>(at_ - start, 1))));
    if (at_ < text_.size()) ++at_;
  }

  const std::string_view text_;
  usize at_ = 0;
  std::vector<Group> groups_;
};

// Expressions that somebody wrote are below that by far.
constexpr double kMostCompiled = 3e8;
constexpr double kMostPositions = 2e6;
constexpr double kMostMatched = 3e9;
constexpr double kAlwaysMatched = 1e6;

}  // namespace

RegexWork regex_work(std::string_view expression) {
  const Part whole = Reader(expression).read();
  // Where all positions have as many transitions; steps knows of those that have more.
  const double even = whole.transitions * whole.transitions / std::max(whole.positions, 1.0);
  const double size = whole.positions * (kMostCompiled / kMostPositions);
  return {.compile = std::max({even, whole.steps, whole.marks, size}),
          .per_byte = 20 * whole.transitions + whole.marks};
}

bool is_reasonable(const RegexWork& work) noexcept { return work.compile <= kMostCompiled; }

bool is_reasonable(const RegexWork& work, usize length) noexcept {
  return work.per_byte <= kAlwaysMatched ||
         work.per_byte * static_cast<double>(length) <= kMostMatched;
}

}  // namespace swebash::engine
