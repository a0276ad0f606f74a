// SPDX-License-Identifier: Apache-2.0
//
// Tokens (POSIX XCU 2.3), reserved words (2.4) and aliases (2.3.1).
#include <algorithm>
#include <array>
#include <utility>

#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {
namespace {

struct ReservedRow {
  std::string_view text;
  Reserved word;
};

constexpr auto kReserved = [] {
  std::array rows = {
#define SWEBASH_RESERVED_WORD(text, name) ReservedRow{text, Reserved::name},
#include "engine/syntax/reserved_words.def"
  };
  std::ranges::sort(rows, {}, &ReservedRow::text);
  return rows;
}();

// Where the rows of a first byte end; they begin where those of the byte before end.
constexpr auto kReservedEnds = [] {
  std::array<u8, 257> ends{};
  usize row = 0;
  for (usize byte = 0; byte < 256; ++byte) {
    while (row < kReserved.size() && static_cast<unsigned char>(kReserved[row].text[0]) == byte) {
      ++row;
    }
    ends[byte + 1] = static_cast<u8>(row);
  }
  return ends;
}();

// What skip_blanks() has to look at, by the byte and one, with Input::kEnd first.
constexpr auto kMayBeSkipped = [] {
  std::array<bool, 257> set{};
  set[0] = true;
  for (const char c : std::string_view(" \t\\#")) set[static_cast<unsigned char>(c) + 1] = true;
  return set;
}();

// Requires: `text` is not empty.
Reserved find_reserved(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  for (usize row = kReservedEnds[byte]; row != kReservedEnds[byte + 1]; ++row) {
    if (text == kReserved[row].text) return kReserved[row].word;
  }
  return Reserved::none;
}

// Whether `text` is a number that a descriptor can have.
bool is_descriptor(std::string_view text) {
  u64 number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || number > 0x7fffffff) return false;
    number = number * 10 + static_cast<u64>(c - '0');
  }
  return !text.empty() && number <= 0x7fffffff;
}

bool is_fd_variable(std::string_view text) {
  if (text.size() < 3 || text.front() != '{' || text.back() != '}') return false;
  text = text.substr(1, text.size() - 2);
  if (text.front() >= '0' && text.front() <= '9') return false;
  usize i = 0;
  while (i < text.size() &&
         (text[i] == '_' || (text[i] >= '0' && text[i] <= '9') ||
          (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'))) {
    ++i;
  }
  if (i == text.size()) return true;
  return i > 0 && text[i] == '[' && text.back() == ']';
}

}  // namespace

Token ParserImpl::take() {
  const Token token = token_;
  if (observer_ != nullptr) note_token(token);
  last_end_ = token.end;
  token_.kind = TokenKind::none;
  input_.set_continues(true);
  return token;
}

void ParserImpl::drop_token() {
  if (observer_ != nullptr) note_token(token_);
  last_end_ = token_.end;
  token_.kind = TokenKind::none;
  input_.set_continues(true);
  // Where it was a reserved word, the next word takes its memory: nobody has it.
  if (token_.reserved != Reserved::none && token_.plain) spare_ = plain_word_of(token_.word);
}

bool ParserImpl::take_if(TokenKind kind) {
  if (peek().kind != kind) return false;
  drop_token();
  return true;
}

bool ParserImpl::expect(Reserved reserved) {
  if (failed()) return false;
  if (peek().reserved != reserved) return fail_unexpected();
  drop_token();
  return true;
}

void ParserImpl::skip_blanks() {
  for (;;) {
    const int c = input_.peek();
    if (c == ' ' || c == '\t') {
      input_.skip_plain(1);
    } else if (c == '\\' && input_.peek_at(1) == '\n') {
      input_.skip_continuations();
    } else if (c == '#') {
      const usize begin = input_.position();
      while (input_.peek_at(0) != Input::kEnd && input_.peek_at(0) != '\n') input_.skip_plain(1);
      note(begin, NoteKind::comment);
    } else {
      return;
    }
  }
}

void ParserImpl::skip_newlines(Context context) {
  while (!failed() && peek(context).kind == TokenKind::newline) drop_token();
}

void ParserImpl::read_token(Context context) {
  // Each turn but the last replaces an alias by its text.
  for (;;) {
    token_ = Token{};
    if (!failed()) {
      // Nearly always one blank, or none, and the next token.
      if (input_.peek_at(0) == ' ') input_.skip_plain(1);
      const int next = input_.peek_at(0) + 1;
      if (kMayBeSkipped[static_cast<usize>(next)]) skip_blanks();
    }
    token_.context = context;
    token_.begin = input_.position();
    token_.line = input_.line();
    if (failed()) {
      token_.kind = TokenKind::end;
      token_.end = token_.begin;
      return;
    }
    if (input_.leave_aliases(token_.begin)) alias_next_ = true;
    int c = input_.peek();
    if (context == Context::condition_regex && (c == '(' || c == '|')) c = 'x';
    switch (c) {
      case Input::kEnd: token_.kind = TokenKind::end; break;
      case '\n':
        input_.skip();
        token_.kind = TokenKind::newline;
        token_.end = input_.position();
        if (!here_documents_.empty()) read_here_documents();
        return;
      case '<':
      case '>':
        if (input_.peek_at(1) == '(') {
          if (!read_word_token(context)) continue;
          break;
        }
        [[fallthrough]];
      case ';':
      case '&':
      case '|':
      case '(':
      case ')': read_operator(c); break;
      default:
        if (!read_word_token(context)) continue;
        break;
    }
    token_.end = input_.position();
    if (failed()) token_.kind = TokenKind::end;  // callers look at the kind alone
    return;
  }
}

void ParserImpl::read_operator(int c) {
  input_.skip_plain(1);
  const auto follows = [this](char expected) {
    input_.skip_continuations();
    if (input_.peek_at(0) != expected) return false;
    input_.skip_plain(1);
    return true;
  };
  TokenKind kind = TokenKind::end;
  switch (c) {
    case ';':
      kind = TokenKind::semicolon;
      if (follows(';')) {
        kind = follows('&') ? TokenKind::semi_semi_ampersand : TokenKind::semi_semi;
      } else if (follows('&')) {
        kind = TokenKind::semi_ampersand;
      }
      break;
    case '&':
      kind = TokenKind::ampersand;
      if (follows('&')) {
        kind = TokenKind::and_if;
      } else if (follows('>')) {
        kind = follows('>') ? TokenKind::ampersand_double_great : TokenKind::ampersand_great;
      }
      break;
    case '|':
      kind = TokenKind::pipe;
      if (follows('|')) {
        kind = TokenKind::or_if;
      } else if (follows('&')) {
        kind = TokenKind::pipe_ampersand;
      }
      break;
    case '<':
      kind = TokenKind::less;
      if (follows('<')) {
        kind = TokenKind::double_less;
        if (follows('-')) {
          kind = TokenKind::double_less_dash;
        } else if (follows('<')) {
          kind = TokenKind::triple_less;
        }
      } else if (follows('&')) {
        kind = TokenKind::less_ampersand;
      } else if (follows('>')) {
        kind = TokenKind::less_great;
      }
      break;
    case '>':
      kind = TokenKind::great;
      if (follows('>')) {
        kind = TokenKind::double_great;
      } else if (follows('&')) {
        kind = TokenKind::great_ampersand;
      } else if (follows('|')) {
        kind = TokenKind::clobber;
      }
      break;
    case '(': kind = TokenKind::open_paren; break;
    default: kind = TokenKind::close_paren; break;
  }
  token_.kind = kind;
}

// The word at the cursor; false when it was an alias and its text is to be read instead.
bool ParserImpl::read_word_token(Context context) {
  token_.kind = TokenKind::word;
  if (observer_ != nullptr) observer_->word_begins(token_.begin);
  const bool alias_here = std::exchange(alias_next_, false);
  const WordMode mode = word_mode(context);
  token_.word = parse_plain_word(context);
  token_.plain = token_.word != nullptr;
  if (!token_.plain && !read_any_word(context, alias_here)) return true;
  const bool command_place = context == Context::command || context == Context::after_pipe;
  const bool reserved_place = command_place || context == Context::loop_head;
  const std::string_view text = token_.word->source;
  const Reserved reserved = reserved_place ? find_reserved(text) : Reserved::none;
  const bool alias_place = command_place || context == Context::after_assignment ||
                           (alias_here && mode == WordMode::ordinary);
  // POSIX XCU 2.4: a reserved word is no alias; bash lets it be one outside its posix mode.
  if (alias_place && has_aliases_ && !(reserved != Reserved::none && host_.posix()) &&
      expand_alias()) {
    alias_next_ = alias_here;
    return false;
  }
  if (reserved_place) {
    const bool plain_time = reserved == Reserved::time_word && context == Context::after_pipe;
    token_.reserved = plain_time ? Reserved::none : reserved;
  } else if (context == Context::pattern && text == "esac") {
    token_.reserved = Reserved::esac_word;
  }
  return true;
}

// A word of any kind, or an assignment; true when it is one without quotes and expansions that may
// be a reserved word or an alias.
bool ParserImpl::read_any_word(Context context, bool alias_here) {
  const usize begin = token_.begin;
  const u32 line = token_.line;
  const bool command_place = context == Context::command || context == Context::after_pipe;
  Collector collector{.mark = parts_.mark()};
  if ((command_place || context == Context::after_assignment ||
       context == Context::declaration_argument ||
       ((context == Context::let_argument || context == Context::eval_argument) &&
        at_array_assignment())) &&
      at_assignment()) {
    if (Assignment* assignment = parse_assignment(context)) {
      read_assigned(*assignment, context, collector, begin);
      return false;
    }
    if (failed()) return false;
  }
  const WordMode mode = word_mode(context);
  (void)parse_word_parts(collector, mode);
  Word* word = finish_word(collector, begin, line, mode);
  if (failed()) return false;
  token_.word = word;
  // bash: a word with quotes leaves it to the next whether it is an alias.
  if (alias_here && word->source.find_first_of("'\"\\") != std::string_view::npos) {
    alias_next_ = true;
  }
  token_.plain =
      word->parts.size() == 1 && word->parts[0].kind == PartKind::literal && !word->parts[0].quoted;
  // POSIX XCU 2.2.1: a line continuation goes before the input is cut into tokens.
  if (token_.plain) word->source = word->parts[0].text;
  const int next = input_.peek_at(0);
  if ((next == '<' || next == '>') && mode == WordMode::ordinary) {
    if (token_.plain && is_descriptor(word->source)) {
      token_.kind = TokenKind::number;
      return false;
    }
    if (is_fd_variable(word->source)) {
      token_.kind = TokenKind::fd_variable;
      return false;
    }
  }
  return token_.plain && !word->source.empty();
}

ParserImpl::WordMode ParserImpl::word_mode(Context context) {
  switch (context) {
    case Context::pattern:
    case Context::no_braces: return WordMode::no_braces;
    case Context::condition_pattern: return WordMode::pattern;
    case Context::condition_regex: return WordMode::regex;
    default: return WordMode::ordinary;
  }
}

// The rest of a word that began with `assignment`'s "name=", for the current token.
void ParserImpl::read_assigned(Assignment& assignment, Context context, Collector& collector,
                               usize begin) {
  const bool to_let = context == Context::let_argument || context == Context::eval_argument;
  const bool argument = context == Context::declaration_argument || to_let;
  const u32 line = token_.line;
  const usize value_begin = input_.position();
  Collector value{.mark = parts_.mark()};
  if (!parse_assigned(assignment, value, argument ? begin : value_begin)) return;
  if (!argument) {
    parts_.drop(collector.mark);
    token_.assignment = &assignment;
    Word* word = make<Word>();
    word->source = input_.view(begin, input_.position());
    word->line = line;
    token_.word = word;
    return;
  }
  // The same word again as an argument: its parts are "name=" and those of the value.
  std::vector<Part> parts;
  for (usize i = value.mark; i < parts_.mark(); ++i) parts.push_back(parts_[i]);
  parts_.drop(collector.mark);
  if (context == Context::eval_argument) {
    add_elements(assignment, collector, input_.view(begin, value_begin + 1));
  } else {
    add_literal(collector,
                input_.view(begin, assignment.is_array ? input_.position() : value_begin), to_let);
  }
  for (const Part& part : parts) {
    if (part.kind == PartKind::literal) {
      add_literal(collector, part.text, part.quoted);
    } else {
      add_part(collector, part);
    }
  }
  flush(collector);
  Word* word = make<Word>();
  word->line = line;
  word->source = input_.view(begin, input_.position());
  if (!assignment.is_array) word->has_brace = expand_braces(collector.mark);
  word->parts = parts_.take(collector.mark, *arena_);
  if (!word->has_brace && !to_let) word->assignment = &assignment;
  token_.word = word;
}

bool ParserImpl::expand_alias() {
  const std::string_view name = token_.word->source;
  const auto value = host_.find_alias(name);
  if (!value || input_.inside_alias(token_.begin, name)) return false;
  input_.splice_alias(token_.begin, name, *value);
  return true;
}

}  // namespace swebash::engine
