// SPDX-License-Identifier: Apache-2.0
//
// Words: quoting (POSIX XCU 2.2), literals, and what ends a word.
#include <array>
#include <type_traits>
#include <utility>

#include "engine/syntax/parser_impl.hpp"
#include "engine/text/pattern.hpp"

namespace swebash::engine {
namespace {

using ByteSet = std::array<bool, 256>;

constexpr ByteSet bytes(std::string_view members) {
  ByteSet set{};
  for (const char c : members) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr ByteSet kEndsRun = bytes(" \t\n;&|<>()\\'\"`$");
constexpr ByteSet kEndsQuotedRun = bytes("\"\\`$\n");
constexpr ByteSet kEndsSingleQuotedRun = bytes("'\\\n");

usize run_length(const Input& input, const ByteSet& stops) {
  const char* const begin = input.data() + input.position();
  const char* const end = input.data() + input.size();
  const char* p = begin;
  while (p != end && !stops[static_cast<unsigned char>(*p)]) ++p;
  return static_cast<usize>(p - begin);
}

// What a byte is to parse_plain_word().
enum class PlainByte : u8 {
  inside,
  ends,    // the word, which was plain
  equals,  // inside, but where an assignment may stand
  other,   // it may not be plain
};

constexpr auto kPlainBytes = [] {
  std::array<PlainByte, 256> kinds{};
  for (const char c : std::string_view(" \t\n;&|)")) {
    kinds[static_cast<unsigned char>(c)] = PlainByte::ends;
  }
  for (const char c : std::string_view("<>(\\'\"`$~{*?[")) {
    kinds[static_cast<unsigned char>(c)] = PlainByte::other;
  }
  kinds['='] = PlainByte::equals;
  return kinds;
}();

// The length of the character at the cursor: its UTF-8 continuation bytes belong to it.
usize character_length(const Input& input, usize offset) {
  usize length = 1;
  if (input.peek_at(offset) < 0xC0) return length;
  while (length < 4 && (input.peek_at(offset + length) & ~0x3F) == 0x80) ++length;
  return length;
}

bool is_pattern_operator(char c) {
  return c == '?' || c == '*' || c == '+' || c == '@' || c == '!';
}

// Word::after_star of the unquoted literal `text`.
u16 find_lone_star(std::string_view text) {
  const usize star = text.find('*');
  if (star >= 0xFFFF || text.find_first_of("?[\\(") != std::string_view::npos ||
      text.find('*', star + 1) != std::string_view::npos) {
    return 0;
  }
  return static_cast<u16>(star + 1);
}

}  // namespace

void ParserImpl::add_literal(Collector& collector, std::string_view text, bool quoted) {
  if (collector.open && collector.quoted == quoted) {
    if (text.empty()) return;
    if (collector.in_scratch) {
      scratch_.append(text);
    } else if (collector.text.empty()) {
      collector.text = text;
    } else if (collector.text.data() + collector.text.size() == text.data()) {
      collector.text = {collector.text.data(), collector.text.size() + text.size()};
    } else {
      scratch_.assign(collector.text);
      scratch_.append(text);
      collector.in_scratch = true;
    }
    return;
  }
  flush(collector);
  collector.open = true;
  collector.quoted = quoted;
  collector.text = text;
}

void ParserImpl::flush(Collector& collector) {
  if (!collector.open) return;
  Part part;
  part.quoted = collector.quoted;
  part.text = collector.in_scratch ? arena_->copy(std::string_view(scratch_)) : collector.text;
  parts_.push(part);
  collector.open = false;
  collector.in_scratch = false;
}

void ParserImpl::add_part(Collector& collector, const Part& part) {
  flush(collector);
  parts_.push(part);
}

Word* ParserImpl::finish_word(Collector& collector, usize begin, u32 line, WordMode mode) {
  flush(collector);
  Word* word = make<Word>();
  word->line = line;
  word->source = input_.view(begin, input_.position());
  if (!bad_.empty()) show_bad_in(begin, word->source);
  if (failed()) {
    parts_.drop(collector.mark);
    return word;
  }
  bool tilde = false;
  bool brace = false;
  for (const char c : word->source) {
    tilde |= c == '~';
    brace |= c == '{';
  }
  if (tilde) split_word_tildes(collector.mark, mode);
  if (brace && mode == WordMode::ordinary) word->has_brace = expand_braces(collector.mark);
  word->parts = parts_.take(collector.mark, *arena_);
  if (word->parts.size() == 1 && word->parts[0].kind == PartKind::literal) {
    const Part& only = word->parts[0];
    word->plain = only.quoted ||
                  (!has_pattern(only.text, true) && only.text.find('\\') == std::string_view::npos);
    if (!word->plain) word->after_star = find_lone_star(only.text);
  }
  return word;
}

// The word at the cursor where each of its bytes stands for itself, as in most words; else null,
// and nothing is read.
Word* ParserImpl::parse_plain_word(Context context) {
  const WordMode mode = word_mode(context);
  if (mode != WordMode::ordinary && mode != WordMode::no_braces) return nullptr;
  const bool may_assign = context == Context::command || context == Context::after_pipe ||
                          context == Context::after_assignment ||
                          context == Context::declaration_argument;
  const char* const begin = input_.data() + input_.position();
  const char* const end = input_.data() + input_.size();
  const char* p = begin;
  const auto kind = [&] { return kPlainBytes[static_cast<unsigned char>(*p)]; };
  const auto pass = [&] {
    while (p != end && kind() == PlainByte::inside) ++p;
  };
  pass();
  bool bracket = false;
  if (p == begin) {
    // By themselves, [, [[ and { are no part of an expression or a list.
    while (p != end && *p == '[' && p - begin < 2) ++p;
    if (p == begin && p != end && *p == '{') ++p;
    bracket = p != begin;
  }
  while (!may_assign && !bracket && p != end && kind() == PlainByte::equals) {
    ++p;
    pass();
  }
  if (p == end || p == begin || kind() != PlainByte::ends) return nullptr;
  PlainWord* const made = spare_ != nullptr ? std::exchange(spare_, nullptr) : make<PlainWord>();
  made->part.text = {begin, static_cast<usize>(p - begin)};
  made->word.parts = {&made->part, 1};
  made->word.source = made->part.text;
  made->word.line = input_.line();
  made->word.plain = true;
  input_.skip_plain(made->part.text.size());
  return &made->word;
}

ParserImpl::PlainWord* ParserImpl::plain_word_of(Word* word) noexcept {
  static_assert(std::is_standard_layout_v<PlainWord>);
  auto* const made = reinterpret_cast<PlainWord*>(word);
  return word->plain && word->parts.data() == &made->part ? made : nullptr;
}

Word* ParserImpl::parse_word(WordMode mode) {
  const usize begin = input_.position();
  const u32 line = input_.line();
  Collector collector{.mark = parts_.mark()};
  (void)parse_word_parts(collector, mode);
  return finish_word(collector, begin, line, mode);
}

bool ParserImpl::parse_word_parts(Collector& collector, WordMode mode) {
  while (!failed()) {
    const int c = input_.peek();
    if (c == Input::kEnd) return true;
    const usize length = run_length(input_, kEndsRun);
    if (length != 0) {
      const usize begin = input_.position();
      input_.skip_plain(length);
      add_literal(collector, input_.view(begin, begin + length), false);
      continue;
    }
    switch (c) {
      case '|':
        if (mode != WordMode::regex) return true;
        add_literal(collector, input_.view(input_.position(), input_.position() + 1), false);
        input_.skip_plain(1);
        break;
      case '<':
      case '>':
        if (input_.peek_at(1) != '(') return true;
        if (!parse_process_substitution(collector)) return false;
        break;
      case '(': {
        if (mode == WordMode::regex) {
          if (!parse_parenthesised_pattern(collector)) return false;
          break;
        }
        const std::string_view so_far =
            collector.in_scratch ? std::string_view(scratch_) : collector.text;
        if (!collector.open || collector.quoted || so_far.empty() ||
            !is_pattern_operator(so_far.back()) ||
            !(mode == WordMode::pattern || host_.extglob())) {
          return true;
        }
        if (!parse_parenthesised_pattern(collector)) return false;
        break;
      }
      case '\\':
      case '\'':
      case '"':
      case '`':
      case '$':
        if (!parse_quote_or_expansion(collector, c)) return false;
        break;
      default: return true;
    }
  }
  return false;
}

bool ParserImpl::parse_quote_or_expansion(Collector& collector, int c) {
  switch (c) {
    case '\\': add_any_escape(collector); return true;
    case '\'': return parse_single_quoted(collector);
    case '"': return parse_double_quoted(collector, input_.position());
    case '`': return parse_backquotes(collector, false);
    default: return parse_dollar(collector, false);
  }
}

bool ParserImpl::parse_single_quoted(Collector& collector) {
  const u32 line = input_.line();
  input_.skip_plain(1);
  const usize begin = input_.position();
  if (!skip_single_quoted(line)) return false;
  add_literal(collector, input_.view(begin, input_.position() - 1), true);
  return true;
}

bool ParserImpl::skip_single_quoted(u32 line) {
  for (;;) {
    const int c = input_.peek();
    if (c == Input::kEnd) return fail_unterminated("'", line);
    input_.skip();
    if (c == '\'') return true;
    input_.skip_plain(run_length(input_, kEndsSingleQuotedRun));
  }
}

bool ParserImpl::parse_double_quoted(Collector& collector, usize begin, Escapes escapes) {
  const Level level(*this);
  if (!level.ok()) return false;
  flush(collector);
  const u32 line = input_.line();
  input_.skip_plain(1);
  Collector inner{.mark = parts_.mark()};
  if (!parse_double_quoted_text(inner, '"', line, escapes)) return false;
  if (!bad_.empty()) show_bad_in(begin, input_.view(begin + 1, input_.position() - 1));
  flush(inner);
  Part part;
  part.kind = PartKind::double_quoted;
  part.parts = parts_.take(inner.mark, *arena_);
  part.text = input_.view(begin, input_.position());
  add_part(collector, part);
  return true;
}

bool ParserImpl::parse_double_quoted_text(Collector& collector, int closer, u32 line,
                                          Escapes escapes) {
  while (!failed()) {
    const int c = input_.peek();
    if (c == Input::kEnd) return closer == Input::kEnd || fail_unterminated("\"", line);
    const usize begin = input_.position();
    if (closer == Input::kEnd) item_ = begin;
    const usize length = run_length(input_, kEndsQuotedRun);
    if (length != 0) {
      input_.skip_plain(length);
      add_literal(collector, input_.view(begin, begin + length), true);
      continue;
    }
    switch (c) {
      case '"':
        input_.skip_plain(1);
        if (closer == '"') return true;
        add_literal(collector, input_.view(begin, begin + 1), true);
        break;
      case '\\':
        if (escapes == Escapes::any) {
          add_any_escape(collector);
        } else {
          add_escape(collector, closer == '"' || escapes == Escapes::quote_too ? "$`\"\\" : "$`\\");
        }
        break;
      case '`':
        if (!parse_backquotes(collector, true)) return false;
        break;
      case '$':
        if (!parse_dollar(collector, true)) return false;
        break;
      default:
        input_.skip();
        add_literal(collector, input_.view(begin, begin + 1), true);
        break;
    }
  }
  return false;
}

void ParserImpl::add_any_escape(Collector& collector) {
  const usize begin = input_.position();
  if (input_.peek_at(1) == '\n') {
    input_.skip_continuations();
  } else if (input_.peek_at(1) == Input::kEnd) {
    input_.skip_plain(1);
    add_literal(collector, input_.view(begin, begin + 1), false);
  } else {
    const usize length = character_length(input_, 1);
    input_.skip_plain(1 + length);
    add_literal(collector, input_.view(begin + 1, begin + 1 + length), true);
  }
}

void ParserImpl::add_escape(Collector& collector, std::string_view escapable) {
  const usize begin = input_.position();
  const int next = input_.peek_at(1);
  if (next == '\n') {
    input_.skip_continuations();
  } else if (next != Input::kEnd &&
             escapable.find(static_cast<char>(next)) != std::string_view::npos) {
    input_.skip_plain(2);
    add_literal(collector, input_.view(begin + 1, begin + 2), true);
  } else {
    input_.skip_plain(1);
    add_literal(collector, input_.view(begin, begin + 1), true);
  }
}

bool ParserImpl::parse_ansi_c(Collector& collector) {
  const u32 line = input_.line();
  input_.skip_plain(1);
  const usize begin = input_.position();
  bool escapes = false;
  for (;;) {
    const int c = input_.peek();
    if (c == Input::kEnd) return fail_unterminated("'", line);
    if (c == '\'') break;
    if (c == '\\') {
      escapes = true;
      input_.skip_plain(1);
      if (input_.peek() == Input::kEnd) return fail_unterminated("'", line);
    }
    input_.skip();
    input_.skip_plain(run_length(input_, kEndsSingleQuotedRun));
  }
  const std::string_view text = input_.view(begin, input_.position());
  input_.skip_plain(1);
  if (!escapes) {
    add_literal(collector, text, true);
    return true;
  }
  add_literal(collector, arena_->copy(std::string_view(decode_ansi_c(text))), true);
  return true;
}

bool ParserImpl::parse_parenthesised_pattern(Collector& collector) {
  const u32 line = input_.line();
  usize depth = 0;
  while (!failed()) {
    const int c = input_.peek();
    const usize begin = input_.position();
    switch (c) {
      case Input::kEnd: return fail_unterminated(")", line);
      case '\\':
      case '\'':
      case '"':
      case '`':
      case '$':
        if (!parse_quote_or_expansion(collector, c)) return false;
        break;
      default: {
        const usize length = run_length(input_, kEndsRun);
        if (length != 0) {
          input_.skip_plain(length);
          add_literal(collector, input_.view(begin, begin + length), false);
          break;
        }
        input_.skip();
        add_literal(collector, input_.view(begin, begin + 1), false);
        if (c == '(') ++depth;
        if (c == ')' && --depth == 0) return true;
        break;
      }
    }
  }
  return false;
}

}  // namespace swebash::engine
