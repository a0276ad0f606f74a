// SPDX-License-Identifier: Apache-2.0
//
// Lists, pipelines, simple commands and redirections (POSIX XCU 2.7, 2.9).
#include <algorithm>
#include <array>

#include "engine/syntax/parser_impl.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// A descriptor's number; one too large for any descriptor stays too large.
i32 descriptor_number(std::string_view digits) {
  i64 number = 0;
  for (const char c : digits) number = std::min<i64>(number * 10 + (c - '0'), INT32_MAX);
  return static_cast<i32>(number);
}

RedirectOperator redirect_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::great: return RedirectOperator::output;
    case TokenKind::double_less:
    case TokenKind::double_less_dash: return RedirectOperator::here_document;
    case TokenKind::triple_less: return RedirectOperator::here_string;
    case TokenKind::double_great: return RedirectOperator::append;
    case TokenKind::less_ampersand: return RedirectOperator::duplicate_input;
    case TokenKind::great_ampersand: return RedirectOperator::duplicate_output;
    case TokenKind::less_great: return RedirectOperator::read_write;
    case TokenKind::clobber: return RedirectOperator::clobber;
    case TokenKind::ampersand_great: return RedirectOperator::both;
    case TokenKind::ampersand_double_great: return RedirectOperator::append_both;
    default: return RedirectOperator::input;
  }
}

// `written` without its quotes.
std::string remove_quotes(std::string_view written) {
  std::string out;
  char quote = 0;
  for (usize i = 0; i < written.size(); ++i) {
    const char c = written[i];
    const char next = i + 1 < written.size() ? written[i + 1] : '\0';
    if (quote == '\'') {
      if (c == '\'') {
        quote = 0;
      } else {
        out.push_back(c);
      }
    } else if (c == '\\' && (quote == 0 || next == '$' || next == '`' || next == '"' ||
                             next == '\\' || next == '\n')) {
      ++i;
      if (i < written.size() && next != '\n') out.push_back(next);
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && c == '$' && next == '\'') {
      usize end = i + 2;
      while (end < written.size() && written[end] != '\'') end += written[end] == '\\' ? 2 : 1;
      out += decode_ansi(written.substr(i + 2, end - i - 2));
      i = end;
    } else if (quote == 0 && c == '$' && next == '"') {
      continue;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace

bool ParserImpl::at_command() {
  const Token& token = peek();
  switch (token.kind) {
    case TokenKind::word:
      switch (token.reserved) {
        case Reserved::do_word:
        case Reserved::done_word:
        case Reserved::elif_word:
        case Reserved::else_word:
        case Reserved::esac_word:
        case Reserved::fi_word:
        case Reserved::then_word:
        case Reserved::close_brace: return false;
        default: return true;
      }
    case TokenKind::number:
    case TokenKind::fd_variable:
    case TokenKind::open_paren: return true;
    default: return is_redirect_operator(token.kind);
  }
}

List* ParserImpl::parse_list() {
  const Level level(*this);
  if (!level.ok()) return nullptr;
  skip_newlines();
  const usize mark = and_ors_.mark();
  for (;;) {
    AndOr* item = parse_and_or();
    if (item == nullptr) return nullptr;
    and_ors_.push(item);
    if (at(TokenKind::ampersand)) {
      item->background = true;
      drop_token();
    } else if (!take_if(TokenKind::semicolon) && !at(TokenKind::newline)) {
      break;
    }
    skip_newlines();
    if (failed()) return nullptr;
    if (!at_command()) break;
  }
  if (failed()) return nullptr;
  List* list = make<List>();
  list->items = and_ors_.take(mark, *arena_);
  return list;
}

List* ParserImpl::parse_line() {
  const usize mark = and_ors_.mark();
  for (;;) {
    AndOr* item = parse_and_or();
    if (item == nullptr) return nullptr;
    and_ors_.push(item);
    if (at(TokenKind::ampersand)) {
      item->background = true;
      drop_token();
    } else if (!take_if(TokenKind::semicolon)) {
      break;
    }
    if (at(TokenKind::newline) || at(TokenKind::end)) break;
  }
  if (!at(TokenKind::newline) && !at(TokenKind::end)) fail_unexpected();
  if (failed()) return nullptr;
  if (at(TokenKind::newline)) drop_token();
  List* list = make<List>();
  list->items = and_ors_.take(mark, *arena_);
  return list;
}

AndOr* ParserImpl::parse_and_or() {
  const usize begin = peek().begin;
  const usize pipelines = pipelines_.mark();
  const usize connectors = connectors_.mark();
  for (;;) {
    Pipeline* pipeline = parse_pipeline();
    if (pipeline == nullptr) return nullptr;
    pipelines_.push(pipeline);
    if (at(TokenKind::and_if)) {
      connectors_.push(Connector::and_if);
    } else if (at(TokenKind::or_if)) {
      connectors_.push(Connector::or_if);
    } else {
      break;
    }
    drop_token();
    skip_newlines();
  }
  if (failed()) return nullptr;
  AndOr* item = make<AndOr>();
  item->pipelines = pipelines_.take(pipelines, *arena_);
  item->connectors = connectors_.take(connectors, *arena_);
  item->source = input_.view(begin, last_end_);
  return item;
}

Pipeline* ParserImpl::parse_pipeline() {
  if (failed()) return nullptr;
  Pipeline* pipeline = make<Pipeline>();
  pipeline->line = peek().line;
  bool prefixed = false;
  for (;; prefixed = true) {
    if (at(Reserved::bang)) {
      pipeline->negated = !pipeline->negated;
      drop_token();
    } else if (at(Reserved::time_word)) {
      pipeline->timed = true;
      drop_token();
      if (peek().plain && token_.word->source == "-p") {
        pipeline->time_posix = true;
        drop_token();
      }
      if (peek().plain && token_.word->source == "--") {
        // bash: the two dashes ask for the format of -p.
        pipeline->time_posix = true;
        drop_token();
      }
    } else {
      break;
    }
  }
  if (prefixed && (at(TokenKind::newline) || at(TokenKind::semicolon) || at(TokenKind::end))) {
    return pipeline;
  }
  const usize mark = commands_.mark();
  std::vector<bool> pipe_stderr;
  Context context = Context::command;
  usize count = 0;
  for (;;) {
    Command* command = parse_command(context);
    if (command == nullptr) return nullptr;
    commands_.push(command);
    ++count;
    const bool both = at(TokenKind::pipe_ampersand);
    if (!both && !at(TokenKind::pipe)) break;
    if (both) {
      pipe_stderr.resize(count);
      pipe_stderr[count - 1] = true;
    }
    drop_token();
    context = Context::after_pipe;
    skip_newlines(context);
  }
  if (failed()) return nullptr;
  pipeline->commands = commands_.take(mark, *arena_);
  if (!pipe_stderr.empty()) {
    auto* flags = static_cast<bool*>(arena_->allocate(count, 1));
    for (usize i = 0; i < count; ++i) flags[i] = i < pipe_stderr.size() && pipe_stderr[i];
    pipeline->pipe_stderr = {flags, count};
  }
  return pipeline;
}

Command* ParserImpl::parse_command(Context context) {
  if (failed()) return nullptr;
  const Token& token = peek(context);
  if (failed()) return nullptr;
  if (token.reserved == Reserved::function_word) return parse_function_keyword();
  if (token.reserved == Reserved::coproc_word) return parse_coproc();
  if (token.reserved != Reserved::none || token.kind == TokenKind::open_paren) {
    if (Command* command = parse_compound()) return command;
    if (!failed()) fail_unexpected();
    return nullptr;
  }
  if (token.kind != TokenKind::word && !at_redirect(context)) {
    fail_unexpected();
    return nullptr;
  }
  return parse_simple_command(context);
}

Command* ParserImpl::parse_simple_command(Context context) {
  SimpleCommand* command = make<SimpleCommand>();
  command->kind = CommandKind::simple;
  const usize begin = peek(context).begin;
  command->line = token_.line;
  const usize words = words_.mark();
  const usize assignments = assignments_.mark();
  const usize redirects = redirects_.mark();
  bool prefix = true;  // so far only `command` and its options
  // bash: a command stands where its second word ends.
  constexpr u32 kCounted = 2;
  u32 seen = 0;
  while (!failed()) {
    const Token& next = peek(context);
    if (next.kind != TokenKind::word) {
      if (!at_redirect(context)) break;
      if (!parse_redirect()) return nullptr;
      if (++seen <= kCounted) command->line = input_.line();
      if (words_.mark() == words) context = Context::after_assignment;
      continue;
    }
    const Token token = take();
    if (++seen <= kCounted) command->line = input_.line();
    if (token.assignment != nullptr) {
      assignments_.push(token.assignment);
      context = Context::after_assignment;
      continue;
    }
    const bool first = words_.mark() == words;
    if (first && observer_ != nullptr) {
      observer_->note(token.begin, token.end, NoteKind::command);
    }
    if (first) context = Context::argument;
    words_.push(token.word);
    if (prefix) {
      const std::string_view text = token.plain ? token.word->source : std::string_view();
      prefix = text.starts_with('-') && host_.posix();
      switch (arguments_of(text)) {
        case Arguments::words: break;
        case Arguments::declaration: context = Context::declaration_argument; break;
        case Arguments::expression: context = Context::let_argument; break;
        case Arguments::text: context = Context::eval_argument; break;
        // bash: `command` counts in its posix mode only.
        case Arguments::command: prefix = host_.posix(); break;
      }
    }
    if (first && assignments_.mark() == assignments && redirects_.mark() == redirects &&
        at(TokenKind::open_paren, context)) {
      if (observer_ != nullptr) observer_->note(token.begin, token.end, NoteKind::function);
      words_.drop(words);
      drop_token();
      if (!at(TokenKind::close_paren, context)) {
        fail_unexpected();
        return nullptr;
      }
      drop_token();
      return parse_function_body(token.word->source, token.line, begin);
    }
  }
  if (failed()) return nullptr;
  command->words = words_.take(words, *arena_);
  if (context == Context::declaration_argument) {
    for (const Word* word : command->words) command->declares |= word->assignment != nullptr;
  }
  command->assignments = assignments_.take(assignments, *arena_);
  command->redirects = redirects_.take(redirects, *arena_);
  return command;
}

bool ParserImpl::at_redirect(Context context) {
  const TokenKind kind = peek(context).kind;
  return kind == TokenKind::number || kind == TokenKind::fd_variable || is_redirect_operator(kind);
}

bool ParserImpl::parse_redirect() {
  Redirect redirect;
  redirect.line = token_.line;
  if (token_.kind == TokenKind::number) {
    redirect.fd = descriptor_number(token_.word->source);
    drop_token();
  } else if (token_.kind == TokenKind::fd_variable) {
    const std::string_view text = token_.word->source;
    redirect.variable = text.substr(1, text.size() - 2);
    drop_token();
  }
  const TokenKind kind = peek(Context::argument).kind;
  redirect.op = redirect_operator(kind);
  redirect.strip_tabs = kind == TokenKind::double_less_dash;
  drop_token();
  const bool duplicate = redirect.op == RedirectOperator::duplicate_input ||
                         redirect.op == RedirectOperator::duplicate_output;
  const Token& target = peek(Context::argument);
  if (target.kind != TokenKind::word && !(duplicate && target.kind == TokenKind::number)) {
    return fail_unexpected();
  }
  const Token token = take();
  if (observer_ != nullptr) observer_->note(token.begin, token.end, NoteKind::target);
  if (redirect.op == RedirectOperator::here_document) {
    if (!add_here_document(redirect, token)) return false;
  } else {
    redirect.target = token.word;
    if (redirect.op == RedirectOperator::duplicate_output) {
      classify_duplicate(redirect, token.plain || token.kind == TokenKind::number);
    }
  }
  redirects_.push(redirect);
  return !failed();
}

// ">&word" with a word that names no descriptor is "&>word".
void ParserImpl::classify_duplicate(Redirect& redirect, bool plain) {
  if (!plain || redirect.fd > 1 || redirect.fd == 0 || !redirect.variable.empty()) return;
  std::string_view text = redirect.target->source;
  if (text == "-") return;
  if (text.ends_with('-')) text.remove_suffix(1);
  if (all_digits(text)) return;
  redirect.op = RedirectOperator::both;
  redirect.ampersand_last = true;
}

bool ParserImpl::add_here_document(Redirect& redirect, const Token& token) {
  // bash: so many may be open at a time.
  constexpr usize kMostHereDocuments = 16;
  if (here_documents_.size() >= kMostHereDocuments) {
    (void)fail("maximum here-document count exceeded", token.line, token.begin);
    error_.text.clear();
    return false;
  }
  Word* body = make<Word>();
  redirect.target = body;
  redirect.delimiter = token.word->source;
  redirect.delimiter_quoted = redirect.delimiter.find_first_of("'\"\\") != std::string_view::npos;
  const std::string_view delimiter =
      redirect.delimiter_quoted ? arena_->copy(std::string_view(remove_quotes(redirect.delimiter)))
                                : redirect.delimiter;
  here_documents_.push_back({.body = body,
                             .delimiter = delimiter,
                             .quoted = redirect.delimiter_quoted,
                             .strip_tabs = redirect.strip_tabs});
  return true;
}

bool ParserImpl::parse_redirects_of(Command& command) {
  const usize mark = redirects_.mark();
  Context context = Context::command;
  while (!failed() && at_redirect(context)) {
    if (!parse_redirect()) return false;
    context = Context::argument;
  }
  if (failed()) return false;
  (void)peek(context);
  command.redirects = redirects_.take(mark, *arena_);
  return !failed();
}

}  // namespace swebash::engine
