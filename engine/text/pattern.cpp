// SPDX-License-Identifier: Apache-2.0
#include "engine/text/pattern.hpp"

#include <cstring>

#include "engine/text/collating_symbols.hpp"
#include "engine/text/pattern_ends.hpp"
#include "engine/text/pattern_nodes.hpp"

namespace swebash::engine {

namespace {

// Deeper groups are read as plain characters: the compiler recurses.
constexpr int kMaxGroupDepth = 100;

bool is_group_start(std::string_view text, usize at) noexcept {
  return at + 1 < text.size() && text[at + 1] == '(' && std::strchr("?*+@!", text[at]) != nullptr;
}

}  // namespace

struct Pattern::Compiler {
  std::string_view text;
  const PatternOptions& options;
  PatternEnds ends{text};
  bool has_groups = false;
  usize at = 0;

  utf8::Character take() noexcept {
    const utf8::Character character = options.bytes ? byte_at(text, at) : utf8::decode(text, at);
    at += character.length;
    return character;
  }

  static utf8::Character byte_at(std::string_view from, usize position) noexcept {
    if (position >= from.size()) return {};
    const auto byte = static_cast<unsigned char>(from[position]);
    return {byte < 0x80 ? char32_t{byte} : utf8::kInvalid + byte, 1};
  }

  void add_character(Sequence& out, char32_t code) const {
    Node& node = out.emplace_back();
    node.code = options.ignore_case ? utf8::to_lower(code) : code;
  }

  // Reads up to the end of the text or, in a group, to its `|` or `)`.
  void sequence(Sequence& out, int depth) {
    int plain_parentheses = 0;
    while (at < text.size()) {
      const char c = text[at];
      if (depth > 0 && plain_parentheses == 0 && (c == '|' || c == ')')) return;
      if (options.extglob && depth < kMaxGroupDepth && is_group_start(text, at) &&
          ends.group(at + 1) != std::string_view::npos) {
        group(out, depth);
        continue;
      }
      switch (c) {
        case '*':
          ++at;
          if (out.empty() || out.back().kind != Node::Kind::star) {
            out.emplace_back().kind = Node::Kind::star;
          }
          continue;
        case '?':
          ++at;
          out.emplace_back().kind = Node::Kind::any;
          continue;
        case '[':
          if (const usize end = ends.bracket(at); end != 0) {
            bracket(out, end);
            continue;
          }
          break;
        case '\\':
          if (at + 1 < text.size()) {
            ++at;
          } else if (!out.empty() && out.back().kind == Node::Kind::star) {
            // bash: behind a star a backslash that quotes nothing matches nothing.
            out.emplace_back().kind = Node::Kind::bracket;
            out.back().bracket = std::make_unique<PatternBracket>();
          }
          break;
        case '(': ++plain_parentheses; break;
        case ')': --plain_parentheses; break;
        default: break;
      }
      add_character(out, take().code);
    }
  }

  void group(Sequence& out, int depth) {
    has_groups = true;
    auto made = std::make_unique<PatternGroup>();
    made->op = text[at];
    at += 2;
    for (;;) {
      sequence(made->alternatives.emplace_back(), depth + 1);
      if (at >= text.size()) break;
      if (text[at++] == ')') break;
    }
    Node& node = out.emplace_back();
    node.kind = Node::Kind::group;
    node.group = std::move(made);
  }

  // One end of a range, or an item: a character or [.x.] or [=x=]; false for a [:class:]. A symbol
  // that is none of these is no character at all.
  bool bracket_character(PatternBracket& out, usize end, char32_t& code) {
    if (text[at] == '[' && at + 1 < end && std::strchr(":.=", text[at + 1]) != nullptr) {
      const char kind = text[at + 1];
      const char closing[] = {kind, ']', 0};
      const usize close = text.substr(0, end).find(closing, at + 2);
      if (close != std::string_view::npos) {
        const std::string_view name = text.substr(at + 2, close - at - 2);
        if (kind == ':') {
          at = close + 2;
          utf8::Class found;
          if (utf8::find_class(name, found)) out.classes.push_back(found);
          return false;
        }
        const utf8::Character symbol = options.bytes ? byte_at(name, 0) : utf8::decode(name, 0);
        at = close + 2;
        if (!name.empty() && symbol.length == name.size()) {
          code = symbol.code;
        } else if (kind == '=' || !find_collating_symbol(name, code)) {
          return false;
        }
        return true;
      }
    }
    if (text[at] == '\\' && at + 2 < end) ++at;
    code = take().code;
    return true;
  }

  void bracket(Sequence& out, usize end) {
    auto made = std::make_unique<PatternBracket>();
    made->fold = options.ignore_case;
    ++at;
    if (text[at] == '!' || text[at] == '^') {
      made->negated = true;
      ++at;
    }
    const usize close = end - 1;
    while (at < close) {
      char32_t first = 0;
      if (!bracket_character(*made, end, first)) continue;
      char32_t last = first;
      if (at + 1 < close && text[at] == '-') {
        ++at;
        if (!bracket_character(*made, end, last)) continue;
      }
      if (made->fold) {
        first = utf8::to_lower(first);
        last = utf8::to_lower(last);
      }
      made->spans.push_back({first, last});
    }
    for (char32_t code = 0; code < 0x80; ++code) {
      if (made->has(code) != made->negated) made->ascii[code / 64] |= u64{1} << code % 64;
    }
    at = end;
    Node& node = out.emplace_back();
    node.kind = Node::Kind::bracket;
    node.bracket = std::move(made);
  }
};

Pattern::Pattern(std::string_view text, PatternOptions options) : options_(options) {
  if (!options.ignore_case && !has_pattern(text, options.extglob)) {
    literal_only_ = true;
    literal_ = unquote_pattern(text);
    return;
  }
  Compiler compiler{text, options_};
  compiler.sequence(nodes_, 0);
  has_groups_ = compiler.has_groups;
  if (!has_groups_) find_segments();
}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

void Pattern::find_segments() {
  const auto close = [&](u32 first, u32 last) {
    Segment segment{first, last, {}, first == last || !options_.ignore_case};
    for (u32 i = first; i < last && segment.literal; ++i) {
      if (nodes_[i].kind == Node::Kind::character) {
        utf8::append(segment.text, nodes_[i].code);
      } else {
        segment.literal = false;
      }
    }
    segments_.push_back(std::move(segment));
  };
  u32 first = 0;
  for (u32 i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].kind != Node::Kind::star) continue;
    close(first, i);
    first = i + 1;
  }
  close(first, static_cast<u32>(nodes_.size()));
}

utf8::Character Pattern::next(std::string_view subject, usize at) const noexcept {
  return options_.bytes ? Compiler::byte_at(subject, at) : utf8::decode(subject, at);
}

utf8::Character Pattern::previous(std::string_view subject, usize end) const noexcept {
  if (!options_.bytes) return utf8::decode_before(subject, end);
  return end == 0 ? utf8::Character{} : Compiler::byte_at(subject, end - 1);
}

bool Pattern::node_matches(const Node& node, char32_t code) const {
  if (node.kind == Node::Kind::any) return true;
  if (node.kind == Node::Kind::character) {
    return code == node.code || (options_.ignore_case && utf8::to_lower(code) == node.code);
  }
  const PatternBracket& bracket = *node.bracket;
  if (code < 0x80) return (bracket.ascii[code / 64] >> code % 64 & 1) != 0;
  return bracket.has(code) != bracket.negated;
}

bool Pattern::segment_at(const Segment& segment, std::string_view subject, usize at,
                         usize& end) const {
  if (segment.literal) {
    end = at + segment.text.size();
    return subject.substr(at).starts_with(segment.text);
  }
  for (u32 i = segment.first; i < segment.last; ++i) {
    const utf8::Character character = next(subject, at);
    if (character.length == 0 || !node_matches(nodes_[i], character.code)) return false;
    at += character.length;
  }
  end = at;
  return true;
}

bool Pattern::segment_before(const Segment& segment, std::string_view subject, usize end,
                             usize& start) const {
  if (segment.literal) {
    start = end - segment.text.size();
    return subject.substr(0, end).ends_with(segment.text);
  }
  for (u32 i = segment.last; i > segment.first; --i) {
    const utf8::Character character = previous(subject, end);
    if (character.length == 0 || !node_matches(nodes_[i - 1], character.code)) return false;
    end -= character.length;
  }
  start = end;
  return true;
}

bool Pattern::segment_first(const Segment& segment, std::string_view subject, usize from,
                            usize& start, usize& end) const {
  if (segment.literal) {
    start = subject.find(segment.text, from);
    end = start + segment.text.size();
    return start != std::string_view::npos;
  }
  const Node& head = nodes_[segment.first];
  const bool skip = head.kind == Node::Kind::character && head.code < 0x80 && !options_.ignore_case;
  for (start = from;; start += next(subject, start).length) {
    if (skip) {
      start = subject.find(static_cast<char>(head.code), start);
      if (start == std::string_view::npos) return false;
    }
    if (segment_at(segment, subject, start, end)) return true;
    if (start >= subject.size()) return false;
  }
}

bool Pattern::segment_last(const Segment& segment, std::string_view subject, usize low, usize high,
                           usize& start, usize& end) const {
  if (segment.literal) {
    start = subject.substr(0, high).rfind(segment.text);
    end = start + segment.text.size();
    return start != std::string_view::npos && start >= low;
  }
  for (end = high;; end -= previous(subject, end).length) {
    if (segment_before(segment, subject, end, start) && start >= low) return true;
    if (end <= low) return false;
  }
}

// Whether a match may begin at `character`: a cheap look before a simulation is set up.
bool Pattern::may_begin_with(const Sequence& sequence, usize at,
                             const utf8::Character& character) const {
  if (at >= sequence.size()) return true;
  const Node& node = sequence[at];
  if (node.kind == Node::Kind::star) return true;
  if (node.kind != Node::Kind::group) {
    return character.length != 0 && node_matches(node, character.code);
  }
  if (node.group->op == '!') return true;
  for (const Sequence& alternative : node.group->alternatives) {
    if (may_begin_with(alternative, 0, character)) return true;
  }
  return (node.group->op == '?' || node.group->op == '*') &&
         may_begin_with(sequence, at + 1, character);
}

bool Pattern::matches(std::string_view subject) const {
  if (literal_only_) return subject == literal_;
  if (has_groups_) {
    const Simulation simulation{*this, subject, false};
    return simulation.ends(0).has(simulation.size());
  }
  usize at = 0;
  if (!segment_at(segments_.front(), subject, 0, at)) return false;
  if (segments_.size() == 1) return at == subject.size();
  usize last = 0;
  if (!segment_before(segments_.back(), subject, subject.size(), last) || last < at) return false;
  const std::string_view middle = subject.substr(0, last);
  for (usize i = 1; i + 1 < segments_.size(); ++i) {
    usize start = 0;
    if (!segment_first(segments_[i], middle, at, start, at)) return false;
  }
  return true;
}

bool Pattern::matches_hidden(std::string_view subject) const {
  if (!has_groups_) return names_leading_dot() && matches(subject);
  const Simulation simulation{*this, subject, false, true};
  return simulation.ends(0).has(simulation.size());
}

std::optional<usize> Pattern::prefix(std::string_view subject, bool longest) const {
  if (literal_only_) {
    if (!subject.starts_with(literal_)) return std::nullopt;
    return literal_.size();
  }
  if (has_groups_) {
    const Simulation simulation{*this, subject, false};
    const Set ends = simulation.ends(0);
    if (ends.empty()) return std::nullopt;
    return longest ? simulation.last(ends) : ends.first();
  }
  usize at = 0;
  if (!segment_at(segments_.front(), subject, 0, at)) return std::nullopt;
  if (segments_.size() == 1) return at;
  usize start = 0;
  for (usize i = 1; i + 1 < segments_.size(); ++i) {
    if (!segment_first(segments_[i], subject, at, start, at)) return std::nullopt;
  }
  const Segment& last = segments_.back();
  if (longest) {
    if (!segment_last(last, subject, at, subject.size(), start, at)) return std::nullopt;
  } else {
    if (!segment_first(last, subject, at, start, at)) return std::nullopt;
  }
  return at;
}

std::optional<usize> Pattern::suffix(std::string_view subject, bool longest) const {
  const usize size = subject.size();
  if (literal_only_) {
    if (!subject.ends_with(literal_)) return std::nullopt;
    return literal_.size();
  }
  if (has_groups_) {
    const Simulation simulation{*this, subject, true};
    const Set ends = simulation.ends(0);
    if (ends.empty()) return std::nullopt;
    return longest ? simulation.last(ends) : ends.first();
  }
  usize at = size;
  if (!segment_before(segments_.back(), subject, size, at)) return std::nullopt;
  if (segments_.size() == 1) return size - at;
  usize end = 0;
  for (usize i = segments_.size() - 2; i > 0; --i) {
    if (!segment_last(segments_[i], subject, 0, at, at, end)) return std::nullopt;
  }
  const Segment& first = segments_.front();
  if (longest) {
    usize start = 0;
    if (!segment_first(first, subject.substr(0, at), 0, start, end)) return std::nullopt;
    at = start;
  } else {
    if (!segment_last(first, subject, 0, at, at, end)) return std::nullopt;
  }
  return size - at;
}

std::optional<usize> Pattern::shortest_prefix(std::string_view subject) const {
  return prefix(subject, false);
}
std::optional<usize> Pattern::longest_prefix(std::string_view subject) const {
  return prefix(subject, true);
}
std::optional<usize> Pattern::shortest_suffix(std::string_view subject) const {
  return suffix(subject, false);
}
std::optional<usize> Pattern::longest_suffix(std::string_view subject) const {
  return suffix(subject, true);
}

std::optional<Pattern::Match> Pattern::find(std::string_view subject, usize from) const {
  if (from > subject.size()) return std::nullopt;
  if (literal_only_) {
    const usize start = subject.find(literal_, from);
    if (start == std::string_view::npos) return std::nullopt;
    return Match{start, literal_.size()};
  }
  if (has_groups_) {
    const Simulation simulation{*this, subject, false};
    for (auto position = static_cast<u32>(from);;) {
      const utf8::Character character = simulation.at(position);
      if (may_begin_with(nodes_, 0, character)) {
        const Set ends = simulation.ends(position);
        if (!ends.empty()) return Match{position, simulation.last(ends) - position};
      }
      if (character.length == 0) break;
      position += character.length;
    }
    return std::nullopt;
  }
  // Where the first run stands first, the rest has the most room: no later start does better.
  usize start = 0;
  usize end = 0;
  if (!segment_first(segments_.front(), subject, from, start, end)) return std::nullopt;
  const std::optional<usize> length = prefix(subject.substr(start), true);
  if (!length) return std::nullopt;
  return Match{start, *length};
}

namespace {

bool begins_with_dot(const std::vector<Pattern::Node>& nodes, usize at) {
  if (at >= nodes.size()) return false;
  const Pattern::Node& node = nodes[at];
  if (node.kind == Pattern::Node::Kind::character) return node.code == '.';
  if (node.kind != Pattern::Node::Kind::group || node.group->op == '!') return false;
  bool may_be_empty = node.group->op == '?' || node.group->op == '*';
  for (const auto& alternative : node.group->alternatives) {
    if (begins_with_dot(alternative, 0)) return true;
    may_be_empty = may_be_empty || alternative.empty();
  }
  return may_be_empty && begins_with_dot(nodes, at + 1);
}

}  // namespace

bool Pattern::names_leading_dot() const noexcept {
  if (literal_only_) return literal_.starts_with('.');
  return begins_with_dot(nodes_, 0);
}

bool has_pattern(std::string_view text, bool extglob, PatternUse use) {
  PatternEnds ends(text);
  for (usize i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '*':
      case '?': return true;
      case '\\': ++i; break;
      case '[':
        if (const usize end = ends.bracket(i);
            end != 0 && (use == PatternUse::strings || !text.substr(i, end - i).contains('/'))) {
          return true;
        }
        break;
      case '+':
      case '@':
      case '!':
        if (extglob && is_group_start(text, i) && ends.group(i + 1) != std::string_view::npos) {
          return true;
        }
        break;
      default: break;
    }
  }
  return false;
}

std::string unquote_pattern(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (usize i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out.push_back(text[i]);
  }
  return out;
}

void append_quoted_pattern(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (std::strchr("\\*?[]()|+@!-^", c) != nullptr && c != '\0') out.push_back('\\');
    out.push_back(c);
  }
}

}  // namespace swebash::engine
