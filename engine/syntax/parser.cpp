// SPDX-License-Identifier: Apache-2.0
#include "engine/syntax/parser.hpp"

#include <algorithm>
#include <utility>

#include "engine/syntax/parser_impl.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {

struct Parser::State : ParserImpl {
  using ParserImpl::ParserImpl;
};

Parser::Parser(LineSource& source, ParserHost& host, u32 first_line)
    : state_(new State(&source, host, first_line)) {}
Parser::~Parser() { delete state_; }
Result<UnitPtr, SyntaxError> Parser::next() { return state_->next(); }
u32 Parser::line() const noexcept { return state_->line(); }

Result<UnitPtr, SyntaxError> parse_text(std::string_view text, ParserHost& host, u32 first_line) {
  TextSource source(text);
  return ParserImpl(&source, host, first_line).whole(text.size() + 1);
}

Result<const Word*, SyntaxError> parse_as_double_quoted(std::string_view text, ParserHost& host,
                                                        Unit& unit, QuoteEscape quotes) {
  return ParserImpl(nullptr, host, 1).double_quoted_text(text, unit, quotes);
}

ObservedText observe_text(std::string_view text, ParserHost& host, ParserObserver& observer) {
  return ParserImpl(nullptr, host, 1).observe(text, observer);
}

ParserImpl::ParserImpl(LineSource* source, ParserHost& host, u32 first_line)
    : host_(host),
      shared_text_(source == nullptr ? nullptr : source->shared_text()),
      input_(source, shared_text_ != nullptr, first_line) {}

void ParserImpl::start_unit(Unit& unit) {
  arena_ = &unit.arena;
  unit.text = shared_text_;
  has_aliases_ = host_.has_aliases();
  unit.dialect = {.extglob = host_.extglob(), .posix = host_.posix(), .aliases = has_aliases_};
  input_.start_unit(unit.arena);
  input_.set_continues(false);
  unit.first_line = input_.line();
  spare_ = nullptr;
  token_ = Token{};
  last_end_ = 0;
  no_arithmetic_.clear();
  bad_.clear();
}

SyntaxError ParserImpl::take_error() {
  failed_ = too_deep_ = false;
  token_ = Token{};
  alias_next_ = in_substitution_ = false;
  here_documents_.clear();
  drop_to(Place{});
  // A newline that was taken is the end of the line that is given up.
  if (input_.position() == 0 || input_.data()[input_.position() - 1] != '\n') input_.skip_line();
  input_.finish_unit();
  return std::move(error_);
}

Result<UnitPtr, SyntaxError> ParserImpl::next() {
  input_.set_continues(false);
  if (!input_.more()) return UnitPtr();
  UnitPtr unit(new Unit);
  start_unit(*unit);
  if (at(TokenKind::end) && !failed()) {
    input_.finish_unit();
    return UnitPtr();
  }
  if (!failed() && !take_if(TokenKind::newline)) unit->list = parse_line();
  if (failed()) return std::unexpected(take_error());
  input_.finish_unit();
  return unit;
}

Result<UnitPtr, SyntaxError> ParserImpl::whole(usize size_hint) {
  UnitPtr unit(new Unit);
  start_unit(*unit);
  input_.reserve(size_hint);
  skip_newlines();
  if (!failed() && !at(TokenKind::end)) unit->list = parse_list();
  if (!failed() && !at(TokenKind::end)) fail_unexpected();
  if (failed()) return std::unexpected(take_error());
  return unit;
}

ObservedText ParserImpl::observe(std::string_view text, ParserObserver& observer) {
  const UnitPtr unit(new Unit);
  arena_ = &unit->arena;
  has_aliases_ = host_.has_aliases();
  input_ = Input(unit->arena, text, 1);
  observer_ = &observer;
  skip_newlines();
  if (!failed() && !at(TokenKind::end)) static_cast<void>(parse_list());
  if (!failed() && !at(TokenKind::end)) fail_unexpected();
  ObservedText seen{.is_read = !failed()};
  if (failed()) {
    // What is nested too deeply is so wherever one begins.
    seen.missing = too_deep_ ? Missing::rest : error_.missing;
    seen.wrong_begin = token_.begin;
    seen.wrong_end = std::max(token_.end, token_.begin);
  }
  return seen;
}

// What the grammar makes of a word beyond this is noted where that is known.
void ParserImpl::note_token(const Token& token) {
  NoteKind kind = NoteKind::operation;
  switch (token.kind) {
    case TokenKind::none:
    case TokenKind::end:
    case TokenKind::newline: return;
    case TokenKind::word:
      kind = token.reserved != Reserved::none ? NoteKind::keyword
             : token.assignment != nullptr    ? NoteKind::assignment
                                              : NoteKind::word;
      break;
    case TokenKind::number:
    case TokenKind::fd_variable: kind = NoteKind::redirection; break;
    default:
      if (is_redirect_operator(token.kind)) kind = NoteKind::redirection;
  }
  observer_->note(token.begin, token.end, kind);
}

Result<const Word*, SyntaxError> ParserImpl::double_quoted_text(std::string_view text, Unit& unit,
                                                                QuoteEscape quotes) {
  arena_ = &unit.arena;
  spare_ = nullptr;
  has_aliases_ = host_.has_aliases();
  input_ = Input(unit.arena, unit.arena.copy(text), 1);
  Collector collector;
  (void)parse_double_quoted_text(
      collector, Input::kEnd, 1,
      quotes == QuoteEscape::removed ? Escapes::quote_too : Escapes::special);
  Word* word = finish_word(collector, 0, 1, WordMode::verbatim);
  if (failed()) return std::unexpected(take_error());
  return word;
}

bool ParserImpl::fail(std::string message, u32 line, usize position, Missing missing) {
  if (failed_) return false;
  failed_ = true;
  failed_in_substitution_ = in_substitution_;
  error_ = SyntaxError{};
  error_.message = std::move(message);
  error_.line = line;
  error_.missing = missing;
  const std::string_view text = input_.view(0, input_.size());
  position = std::min(position, text.size());
  usize begin = position;
  while (begin > 0 && text[begin - 1] != '\n') --begin;
  error_.text = text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
  error_.column = position - begin;
  return false;
}

bool ParserImpl::fail_unexpected() {
  if (failed_) return false;
  const Token& token = token_;
  if (token.kind == TokenKind::end) {
    if (in_substitution_) {
      return fail("unexpected EOF while looking for matching `)'", token.line, token.begin,
                  Missing::closer);
    }
    return fail("syntax error: unexpected end of file", token.line, token.begin, Missing::rest);
  }
  std::string message("syntax error near unexpected token `");
  if (token.kind == TokenKind::newline) {
    message += "newline";
  } else {
    const std::string_view text = text_of(token);
    message += needs_ansi_quoting(text) ? quote_ansi(text) : std::string(text);
    // bash: the line that is shown is the last of the token.
    if (const usize last = text.rfind('\n'); last != std::string_view::npos) {
      message.push_back('\'');
      const auto lines = static_cast<u32>(std::ranges::count(text, '\n'));
      return fail(std::move(message), token.line + lines, token.begin + last + 1);
    }
  }
  message.push_back('\'');
  return fail(std::move(message), token.line, token.begin);
}

bool ParserImpl::fail_unterminated(std::string_view closer, u32 line) {
  std::string message("unexpected EOF while looking for matching `");
  message.append(closer).push_back('\'');
  fail(std::move(message), line, input_.position(), Missing::closer);
  error_.keeps_status = true;
  return false;
}

void ParserImpl::add_to_error(std::string_view detail) {
  if (!failed_ || !error_.keeps_status) return;
  error_.detail = detail;
  error_.detail_line = input_.line();
}

bool ParserImpl::fail_nesting() {
  too_deep_ = true;
  return fail("maximum nesting level exceeded", input_.line(), input_.position());
}

ParserImpl::Place ParserImpl::place() const {
  return Place{.position = input_.position(),
               .line = input_.line(),
               .token = token_,
               .last_end = last_end_,
               .parts = parts_.mark(),
               .words = words_.mark(),
               .assignments = assignments_.mark(),
               .redirects = redirects_.mark(),
               .elements = elements_.mark(),
               .and_ors = and_ors_.mark(),
               .pipelines = pipelines_.mark(),
               .connectors = connectors_.mark(),
               .commands = commands_.mark(),
               .clauses = clauses_.mark(),
               .items = items_.mark(),
               .here_documents = here_documents_.size()};
}

void ParserImpl::drop_to(const Place& place) {
  parts_.drop(place.parts);
  words_.drop(place.words);
  assignments_.drop(place.assignments);
  redirects_.drop(place.redirects);
  elements_.drop(place.elements);
  and_ors_.drop(place.and_ors);
  pipelines_.drop(place.pipelines);
  connectors_.drop(place.connectors);
  commands_.drop(place.commands);
  clauses_.drop(place.clauses);
  items_.drop(place.items);
  here_documents_.resize(std::min(place.here_documents, here_documents_.size()));
}

void ParserImpl::go_back(const Place& place) {
  drop_to(place);
  input_.rewind(place.position, place.line);
  token_ = place.token;
  last_end_ = place.last_end;
}

ParserImpl::Detour::Detour(ParserImpl& parser, std::string_view text, u32 line)
    : parser_(parser),
      input_(std::exchange(parser.input_, Input(*parser.arena_, text, line))),
      token_(std::exchange(parser.token_, Token{})),
      observer_(std::exchange(parser.observer_, nullptr)),
      last_end_(parser.last_end_),
      alias_next_(std::exchange(parser.alias_next_, false)),
      in_substitution_(std::exchange(parser.in_substitution_, false)) {
  here_documents_.swap(parser.here_documents_);
  no_arithmetic_.swap(parser.no_arithmetic_);
  bad_.swap(parser.bad_);
}

ParserImpl::Detour::~Detour() {
  parser_.input_ = std::move(input_);
  parser_.token_ = token_;
  parser_.observer_ = observer_;
  parser_.last_end_ = last_end_;
  parser_.alias_next_ = alias_next_;
  parser_.in_substitution_ = in_substitution_;
  parser_.here_documents_.swap(here_documents_);
  parser_.no_arithmetic_.swap(no_arithmetic_);
  parser_.bad_.swap(bad_);
}

}  // namespace swebash::engine
