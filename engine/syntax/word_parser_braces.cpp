// SPDX-License-Identifier: Apache-2.0
//
// What a word's literals still hold once it has been read: tildes (POSIX XCU 2.6.1) and braces
// (bash's brace expansion).
#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {
namespace {

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The length of "name=", "name+=" or "name[...]=" at the beginning of `text`, or 0.
usize assignment_head(std::string_view text) {
  if (text.empty() || !is_name_start(text[0])) return 0;
  usize i = 1;
  while (i < text.size() && (is_name_start(text[i]) || (text[i] >= '0' && text[i] <= '9'))) ++i;
  if (i < text.size() && text[i] == '[') {
    const usize close = text.find(']', i);
    if (close == std::string_view::npos) return 0;
    i = close + 1;
  }
  if (i < text.size() && text[i] == '+') ++i;
  return i < text.size() && text[i] == '=' ? i + 1 : 0;
}

std::optional<i64> parse_integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  i64 value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool zero_padded(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0';
}

// "1..9", "01..10..2", "a..z" and so on.
std::optional<BraceRange> parse_range(std::string_view text) {
  const usize dots = text.find("..");
  if (dots == std::string_view::npos || dots == 0) return std::nullopt;
  const std::string_view first = text.substr(0, dots);
  std::string_view last = text.substr(dots + 2);
  BraceRange range;
  if (const usize more = last.find(".."); more != std::string_view::npos) {
    const auto step = parse_integer(last.substr(more + 2));
    if (!step) return std::nullopt;
    range.step = *step;
    last = last.substr(0, more);
  }
  const auto low = parse_integer(first);
  const auto high = parse_integer(last);
  if (low && high) {
    range.first = *low;
    range.last = *high;
    if (zero_padded(first) || zero_padded(last)) {
      const usize width = std::max(first.size(), last.size());
      range.width = static_cast<u8>(std::min<usize>(width, 255));
    }
    return range;
  }
  if (first.size() != 1 || last.size() != 1 || !is_letter(first[0]) || !is_letter(last[0])) {
    return std::nullopt;
  }
  range.letters = true;
  range.first = static_cast<unsigned char>(first[0]);
  range.last = static_cast<unsigned char>(last[0]);
  return range;
}

}  // namespace

void ParserImpl::split_word_tildes(usize mark, WordMode mode) {
  if (mode == WordMode::verbatim || parts_.mark() == mark) return;
  if (mode == WordMode::assigned || (mode == WordMode::operand && in_assigned_value_)) {
    split_tildes(mark, TildeMode::assignment_value, 0);
    return;
  }
  const Part& first = parts_[mark];
  usize head = 0;
  if (mode == WordMode::ordinary && first.kind == PartKind::literal && !first.quoted &&
      !host_.posix()) {
    head = assignment_head(first.text);
  }
  split_tildes(mark, head == 0 ? TildeMode::word_start : TildeMode::assignment_value, head);
}

// Cuts tilde prefixes out of the literals from `mark` on, of which the first `skip` bytes hold
// none.
void ParserImpl::split_tildes(usize mark, TildeMode mode, usize skip) {
  std::vector<Part> parts;
  for (usize i = mark; i < parts_.mark(); ++i) parts.push_back(parts_[i]);
  parts_.drop(mark);
  const auto push_literal = [this](std::string_view text) {
    if (text.empty()) return;
    Part part;
    part.text = text;
    parts_.push(part);
  };
  for (usize n = 0; n < parts.size(); ++n) {
    const std::string_view text = parts[n].text;
    if (parts[n].kind != PartKind::literal || parts[n].quoted ||
        text.find('~') == std::string_view::npos) {
      parts_.push(parts[n]);
      continue;
    }
    usize done = 0;
    const usize start = n == 0 ? skip : 0;
    for (usize i = start; i < text.size(); ++i) {
      const bool place = (n == 0 && i == start) ||
                         (mode == TildeMode::assignment_value && i > start && text[i - 1] == ':');
      if (text[i] != '~' || !place) continue;
      // bash: a colon ends a tilde prefix in any word, not only in an assignment.
      const usize end = std::min(text.find_first_of("/:", i), text.size());
      const std::string_view user = text.substr(i + 1, end - i - 1);
      if ((end == text.size() && n + 1 < parts.size()) ||
          user.find_first_of("{},") != std::string_view::npos) {
        continue;
      }
      push_literal(text.substr(done, i - done));
      Part tilde;
      tilde.kind = PartKind::tilde;
      tilde.text = user;
      parts_.push(tilde);
      done = end;
      i = end - 1;
    }
    push_literal(text.substr(done));
  }
}

// A piece of a word: the braces and commas of its literals, and all that stands between them.
struct ParserImpl::BracePiece {
  char sign = 0;  // { } , or 0
  Part part;
  usize partner = 0;  // of { and }: the index of the other; 0: none
  usize owner = 0;    // of a comma: 1 + the index of the brace it belongs to; 0: none
  bool has_comma = false;
};

// Turns {a,b} and {1..3} in the parts from `mark` on into parts of their own; says whether there
// were any.
bool ParserImpl::expand_braces(usize mark) {
  bool opens = false;
  for (usize i = mark; i < parts_.mark(); ++i) {
    const Part& part = parts_[i];
    opens = opens || (part.kind == PartKind::literal && !part.quoted &&
                      part.text.find('{') != std::string_view::npos);
  }
  if (!opens) return false;

  std::vector<BracePiece> pieces(1);  // the first stands for "none"
  for (usize i = mark; i < parts_.mark(); ++i) {
    const Part& part = parts_[i];
    if (part.kind != PartKind::literal || part.quoted) {
      pieces.push_back({.part = part});
      continue;
    }
    std::string_view text = part.text;
    while (!text.empty()) {
      const usize at = std::min(text.find_first_of("{},"), text.size());
      const usize length = at == 0 ? 1 : at;
      BracePiece piece;
      if (at == 0) piece.sign = text[0];
      piece.part.text = text.substr(0, length);
      pieces.push_back(piece);
      text.remove_prefix(length);
    }
  }
  std::vector<usize> open;
  bool any = false;
  for (usize i = 1; i < pieces.size(); ++i) {
    if (pieces[i].sign == '{') open.push_back(i);
    if (pieces[i].sign == '}' && !open.empty()) {
      pieces[i].partner = open.back();
      pieces[open.back()].partner = i;
      open.pop_back();
      any = true;
    }
  }
  if (!any) return false;
  open.clear();
  for (usize i = 1; i < pieces.size(); ++i) {
    if (pieces[i].partner > i) open.push_back(i);
    if (pieces[i].partner != 0 && pieces[i].partner < i) open.pop_back();
    if (pieces[i].sign == ',' && !open.empty()) {
      pieces[i].owner = open.back();
      pieces[open.back()].has_comma = true;
    }
  }
  parts_.drop(mark);
  any = false;
  Collector collector{.mark = mark};
  build_braces(pieces, 1, pieces.size(), collector, any);
  flush(collector);
  return any;
}

// Adds the pieces from `from` to `to` to `collector`.
void ParserImpl::build_braces(std::vector<BracePiece>& pieces, usize from, usize to,
                              Collector& collector, bool& any) {
  const Level level(*this);
  if (!level.ok()) return;
  for (usize i = from; i < to && !failed(); ++i) {
    const BracePiece& piece = pieces[i];
    if (piece.sign == '{' && piece.partner > i && piece.has_comma) {
      any = true;
      flush(collector);
      const bool first = parts_.mark() == collector.mark;
      const usize mark = words_.mark();
      usize begin = i + 1;
      for (usize k = begin; k <= piece.partner; ++k) {
        if (k != piece.partner && pieces[k].owner != i) continue;
        Collector inner{.mark = parts_.mark()};
        bool nested = false;
        build_braces(pieces, begin, k, inner, nested);
        flush(inner);
        if (first) split_word_tildes(inner.mark, WordMode::operand);
        Word* word = make<Word>();
        word->parts = parts_.take(inner.mark, *arena_);
        word->has_brace = nested;
        words_.push(word);
        begin = k + 1;
      }
      Part part;
      part.kind = PartKind::brace_list;
      part.words = words_.take(mark, *arena_);
      add_part(collector, part);
      i = piece.partner;
      continue;
    }
    if (piece.sign == '{' && piece.partner == i + 2 && pieces[i + 1].sign == 0 &&
        pieces[i + 1].part.kind == PartKind::literal && !pieces[i + 1].part.quoted) {
      const std::string_view text = pieces[i + 1].part.text;
      if (const auto range = parse_range(text)) {
        any = true;
        Part part;
        part.kind = PartKind::brace_range;
        std::string written("{");
        written.append(text).push_back('}');
        part.text = arena_->copy(std::string_view(written));
        part.range = arena_->make<BraceRange>(*range);
        add_part(collector, part);
        i = piece.partner;
        continue;
      }
    }
    if (piece.part.kind == PartKind::literal) {
      add_literal(collector, piece.part.text, piece.part.quoted);
    } else {
      add_part(collector, piece.part);
    }
  }
}

}  // namespace swebash::engine
