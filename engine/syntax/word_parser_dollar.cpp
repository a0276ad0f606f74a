// SPDX-License-Identifier: Apache-2.0
//
// What `$` and backquotes begin: parameters, command substitutions and arithmetic (POSIX XCU 2.6).
#include <algorithm>

#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {
namespace {

bool is_name_start(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(int c) { return c >= '0' && c <= '9'; }
bool is_name_byte(int c) { return is_name_start(c) || is_digit(c); }
bool is_special_parameter(int c) {
  return c == '@' || c == '*' || c == '#' || c == '?' || c == '-' || c == '$' || c == '!';
}

}  // namespace

std::string_view ParserImpl::parse_name() {
  const usize begin = input_.position();
  while (is_name_byte(input_.peek_at(0))) input_.skip_plain(1);
  std::string_view name = input_.view(begin, input_.position());
  if (input_.peek_at(0) != '\\' || input_.peek_at(1) != '\n') return name;
  // A line that is continued within the name.
  std::string joined(name);
  for (;;) {
    input_.skip_continuations();
    const usize piece = input_.position();
    while (is_name_byte(input_.peek())) input_.skip_plain(1);
    if (input_.position() == piece) break;
    joined.append(input_.view(piece, input_.position()));
  }
  return arena_->copy(std::string_view(joined));
}

void ParserImpl::note_shape(Parameter& parameter) {
  const std::string_view name = parameter.name;
  if (is_name_start(name[0])) {
    parameter.shape = ParameterShape::variable;
  } else if (is_digit(name[0]) && name.size() < 9) {
    for (const char c : name) parameter.position = parameter.position * 10 + u32(c - '0');
    if (parameter.position != 0) parameter.shape = ParameterShape::positional;
  }
}

bool ParserImpl::parse_dollar(Collector& collector, bool quoted) {
  const usize begin = input_.position();
  const u32 line = input_.line();
  input_.skip_plain(1);
  input_.skip_continuations();
  const int c = input_.peek();
  switch (c) {
    case '{': return parse_braced_parameter(collector, begin, quoted);
    case '(':
      input_.skip_plain(1);
      input_.skip_continuations();
      if (input_.peek() == '(') return parse_arithmetic(collector, begin, quoted);
      return parse_command_substitution(collector, begin, quoted);
    case '[': return parse_old_arithmetic(collector, begin, quoted);
    case '\'':
      if (quoted) break;
      return parse_ansi_c(collector);
    case '"':
      if (quoted) break;
      return parse_double_quoted(collector, begin);
    default: {
      std::string_view name;
      if (is_name_start(c)) {
        name = parse_name();
      } else if (is_digit(c) || is_special_parameter(c)) {
        name = input_.view(input_.position(), input_.position() + 1);
        input_.skip_plain(1);
      } else {
        break;
      }
      Parameter* parameter = make<Parameter>();
      parameter->name = name;
      parameter->line = line;
      note_shape(*parameter);
      Part part;
      part.kind = PartKind::parameter;
      part.quoted = quoted;
      part.parameter = parameter;
      part.text = input_.view(begin, input_.position());
      add_part(collector, part);
      return true;
    }
  }
  add_literal(collector, input_.view(begin, begin + 1), quoted);
  return true;
}

const List* ParserImpl::parse_nested_list() {
  const Level level(*this);
  if (!level.ok()) return nullptr;
  const Token token = std::exchange(token_, Token{});
  const usize last_end = last_end_;
  const bool alias_next = std::exchange(alias_next_, false);
  const bool in_substitution = std::exchange(in_substitution_, true);
  const bool in_assigned_value = std::exchange(in_assigned_value_, false);
  std::vector<HereDocument> here_documents;
  here_documents.swap(here_documents_);

  const List* list = nullptr;
  skip_newlines();
  if (!failed() && !at(TokenKind::close_paren)) list = parse_list();
  if (!failed() && !at(TokenKind::close_paren)) fail_unexpected();
  if (!failed() && !here_documents_.empty()) {
    std::string message = "command substitution: " + std::to_string(here_documents_.size()) +
                          " unterminated here-document";
    if (here_documents_.size() != 1) message.push_back('s');
    host_.warn(input_.line(), message);
  }
  // Bodies that were not seen before the parenthesis come after the line, like the outer ones.
  here_documents.insert(here_documents.begin(), here_documents_.begin(), here_documents_.end());
  here_documents_.swap(here_documents);
  in_substitution_ = in_substitution;
  in_assigned_value_ = in_assigned_value;
  alias_next_ = alias_next;
  last_end_ = last_end;
  token_ = token;
  return list;
}

bool ParserImpl::parse_command_substitution(Collector& collector, usize begin, bool quoted) {
  flush(collector);
  Part part;
  part.kind = PartKind::command_substitution;
  part.quoted = quoted;
  part.list = parse_nested_list();
  if (failed()) return false;
  note(begin, NoteKind::substitution);
  part.text = input_.view(begin, input_.position());
  add_part(collector, part);
  return true;
}

bool ParserImpl::parse_process_substitution(Collector& collector) {
  flush(collector);
  const usize begin = input_.position();
  Part part;
  part.kind = PartKind::process_substitution;
  part.output = input_.peek() == '>';
  input_.skip_plain(2);
  part.list = parse_nested_list();
  if (failed()) return false;
  note(begin, NoteKind::substitution);
  part.text = input_.view(begin, input_.position());
  add_part(collector, part);
  return true;
}

bool ParserImpl::parse_backquotes(Collector& collector, bool quoted) {
  flush(collector);
  const u32 line = input_.line();
  const usize begin = input_.position();
  input_.skip_plain(1);
  std::string text;
  for (;;) {
    int c = input_.peek();
    if (c == Input::kEnd) return fail_unterminated("`", line);
    input_.skip();
    if (c == '`') break;
    if (c == '\\') {
      const int next = input_.peek();
      if (next == Input::kEnd) return fail_unterminated("`", line);
      input_.skip();
      if (next == '\n') continue;  // bash: a line goes on, within single quotes too
      if (next != '`' && next != '\\' && next != '$' && !(quoted && next == '"'))
        text.push_back('\\');
      text.push_back(static_cast<char>(next));
      continue;
    }
    text.push_back(static_cast<char>(c));
  }
  Part part;
  part.kind = PartKind::command_substitution;
  part.quoted = quoted;
  part.backquoted = true;
  note(begin, NoteKind::substitution);
  part.text = input_.view(begin, input_.position());
  const std::string_view inside = arena_->copy(std::string_view(text));
  part.list = parse_backquoted_text(inside, line);
  if (failed()) return false;
  if (part.list == nullptr) part.text = inside;
  add_part(collector, part);
  return true;
}

const List* ParserImpl::parse_backquoted_text(std::string_view text, u32 line) {
  const Level level(*this);
  if (!level.ok()) return nullptr;
  const Place before = place();
  const List* list = nullptr;
  {
    const Detour detour(*this, text, line);
    skip_newlines();
    if (!failed() && !at(TokenKind::end)) list = parse_list();
    if (!failed() && !at(TokenKind::end)) fail_unexpected();
    if (!failed() && !here_documents_.empty()) read_here_documents();
  }
  if (!failed_) return list;
  // What is wrong between backquotes comes out when they are expanded.
  if (too_deep_) return nullptr;
  failed_ = false;
  drop_to(before);
  return nullptr;
}

bool ParserImpl::parse_arithmetic(Collector& collector, usize begin, bool quoted) {
  // Cursor at the second parenthesis.
  const usize inside = input_.position() + 1;
  if (std::ranges::binary_search(no_arithmetic_, inside)) {
    return parse_command_substitution(collector, begin, quoted);
  }
  const Level level(*this);
  if (!level.ok()) return false;
  flush(collector);
  const Place before = place();
  const u32 line = input_.line();
  input_.skip_plain(1);
  Collector inner{.mark = parts_.mark()};
  const bool arithmetic = parse_arithmetic_text(inner, ')', line);
  if (failed()) return false;
  if (!arithmetic) {
    note_no_arithmetic(inside);
    // bash: the parentheses of all of it must match, whatever it turns out to be.
    (void)parse_arithmetic_text(inner, ')', line);
    if (failed()) return false;
    go_back(before);
    if (parse_command_substitution(collector, begin, quoted)) return true;
    // bash: the line of the "$(("
    if (error_.missing != Missing::nothing) error_.line = line;
    return false;
  }
  add_arithmetic(collector, inner, begin, quoted);
  return true;
}

// Adds the arithmetic whose text `inner` has and which began at `begin`.
void ParserImpl::add_arithmetic(Collector& collector, Collector& inner, usize begin, bool quoted) {
  flush(inner);
  Part part;
  part.kind = PartKind::arithmetic;
  part.quoted = quoted;
  note(begin, NoteKind::substitution);
  part.parts = parts_.take(inner.mark, *arena_);
  part.compiled = arith::compile_parts(part.parts, *arena_);
  part.text = input_.view(begin, input_.position());
  add_part(collector, part);
}

void ParserImpl::note_no_arithmetic(usize position) {
  no_arithmetic_.insert(std::ranges::lower_bound(no_arithmetic_, position), position);
}

bool ParserImpl::parse_old_arithmetic(Collector& collector, usize begin, bool quoted) {
  const Level level(*this);
  if (!level.ok()) return false;
  flush(collector);
  const u32 line = input_.line();
  input_.skip_plain(1);
  Collector inner{.mark = parts_.mark()};
  if (!parse_arithmetic_text(inner, ']', line)) return false;
  add_arithmetic(collector, inner, begin, quoted);
  return true;
}

// Reads an expression and the ")", "))" or "]" or ";" that ends it. False without an error when a
// single parenthesis ends what must be ended by two.
bool ParserImpl::parse_arithmetic_text(Collector& collector, int closer, u32 line) {
  usize depth = 0;
  usize brackets = 0;  // of subscripts
  while (!failed()) {
    const int c = input_.peek();
    const usize begin = input_.position();
    if (c == closer && depth == 0) {
      input_.skip_plain(1);
      if (closer != ')') return true;
      input_.skip_continuations();
      if (input_.peek() != ')') return false;
      input_.skip_plain(1);
      return true;
    }
    switch (c) {
      case Input::kEnd: return fail_unterminated(closer == ']' ? "]" : ")", line);
      case '$':
        if (input_.peek_at(1) == '\'') {
          // bash: decoded, between apostrophes, which no expression has a use for.
          input_.skip_plain(1);
          add_literal(collector, "'", true);
          if (!parse_ansi_c(collector)) return false;
          add_literal(collector, "'", true);
          continue;
        }
        if (!parse_dollar(collector, true)) return false;
        continue;
      case '`':
        if (!parse_backquotes(collector, true)) return false;
        continue;
      case '\\':
        if (brackets != 0 && (input_.peek_at(1) == '$' || input_.peek_at(1) == '`')) {
          // What is quoted in a subscript stays so until that is evaluated.
          input_.skip_plain(2);
          add_literal(collector, input_.view(begin, begin + 2), true);
          continue;
        }
        add_escape(collector, "$`\"\\");
        continue;
      case '"':
        input_.skip_plain(1);
        if (!parse_double_quoted_text(collector, '"', input_.line())) return false;
        continue;
      case '\'':
        // bash: apostrophes hide what would end the expression, and are part of it.
        if (!parse_apostrophes(collector, DoubleQuotes::kept)) return false;
        continue;
      case '(':
        if (closer != ']') ++depth;
        break;
      case ')':
        if (closer == ';' && depth == 0) return false;
        if (closer != ']') --depth;
        break;
      case '[': ++(closer == ']' ? depth : brackets); break;
      case ']':
        if (closer == ']') {
          --depth;
        } else if (brackets != 0) {
          --brackets;
        }
        break;
      default: break;
    }
    input_.skip();
    add_literal(collector, input_.view(begin, begin + 1), true);
  }
  return false;
}

}  // namespace swebash::engine
