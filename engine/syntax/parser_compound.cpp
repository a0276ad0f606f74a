// SPDX-License-Identifier: Apache-2.0
//
// Compound commands (POSIX XCU 2.9.4, and bash's).
#include <algorithm>

#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {

Command* ParserImpl::parse_compound() {
  if (failed()) return nullptr;
  const Level level(*this);
  if (!level.ok()) return nullptr;
  const Token& token = peek();
  const u32 line = token.line;
  Command* command = token.kind == TokenKind::open_paren ? parse_parenthesised()
                                                         : parse_compound_body(token.reserved);
  if (command == nullptr || failed()) return nullptr;
  // bash: a command that is one expression stands at its end.
  const bool expression =
      command->kind == CommandKind::arith || command->kind == CommandKind::conditional;
  command->line = expression ? std::max(line, input_.line()) : line;
  return parse_redirects_of(*command) ? command : nullptr;
}

Command* ParserImpl::parse_compound_body(Reserved reserved) {
  switch (reserved) {
    case Reserved::open_brace: return parse_group();
    case Reserved::if_word: return parse_if();
    case Reserved::while_word: return parse_while(false);
    case Reserved::until_word: return parse_while(true);
    case Reserved::for_word: return parse_for(CommandKind::for_loop);
    case Reserved::select_word: return parse_for(CommandKind::select_loop);
    case Reserved::case_word: return parse_case();
    case Reserved::open_condition: return parse_conditional();
    default: return nullptr;
  }
}

Command* ParserImpl::parse_group() {
  drop_token();
  GroupCommand* command = make<GroupCommand>();
  command->kind = CommandKind::group;
  command->body = parse_list();
  return expect(Reserved::close_brace) ? command : nullptr;
}

Command* ParserImpl::parse_parenthesised() {
  const u32 line = token_.line;
  drop_token();
  const usize inside = input_.position() + 1;
  if (input_.peek() == '(' && !std::ranges::binary_search(no_arithmetic_, inside)) {
    const Place before = place();
    input_.skip_plain(1);
    bool ended = false;
    Word* expression = parse_arithmetic_word(')', ended);
    if (failed()) return nullptr;
    if (ended) {
      ArithCommand* command = make<ArithCommand>();
      command->kind = CommandKind::arith;
      command->expression = expression;
      last_end_ = input_.position();
      return command;
    }
    note_no_arithmetic(inside);
    go_back(before);
  }
  SubshellCommand* command = make<SubshellCommand>();
  command->kind = CommandKind::subshell;
  command->line = line;
  command->body = parse_list();
  if (failed()) return nullptr;
  if (!at(TokenKind::close_paren)) {
    fail_unexpected();
    return nullptr;
  }
  drop_token();
  return command;
}

// The expression up to `closer`, as a word of one part; `ended` says that it was there.
Word* ParserImpl::parse_arithmetic_word(int closer, bool& ended) {
  const usize begin = input_.position();
  Word* word = make<Word>();
  word->line = input_.line();
  Collector collector{.mark = parts_.mark()};
  ended = parse_arithmetic_text(collector, closer, word->line);
  if (failed()) return nullptr;
  note(begin, NoteKind::expression);
  flush(collector);
  std::string_view text = input_.view(begin, input_.position());
  if (ended) {
    text.remove_suffix(1);
    if (closer == ')') text.remove_suffix(text.ends_with("\\\n)") ? 3 : 1);
  }
  Part* part = make<Part>();
  part->kind = PartKind::arithmetic;
  part->text = text;
  part->parts = parts_.take(collector.mark, *arena_);
  part->compiled = arith::compile_parts(part->parts, *arena_);
  word->source = text;
  word->parts = {part, 1};
  return word;
}

Command* ParserImpl::parse_if() {
  IfCommand* command = make<IfCommand>();
  command->kind = CommandKind::if_clause;
  const usize mark = clauses_.mark();
  const u32 elifs_before = elifs_;
  do {
    drop_token();
    IfClause clause;
    clause.condition = parse_list();
    if (!expect(Reserved::then_word)) return nullptr;
    clause.body = parse_list();
    if (failed()) return nullptr;
    clauses_.push(clause);
    // Printed, each is one level deeper.
    if (++elifs_ > kMaxElifs && !fail_nesting()) return nullptr;
  } while (at(Reserved::elif_word));
  if (at(Reserved::else_word)) {
    drop_token();
    command->otherwise = parse_list();
  }
  if (!expect(Reserved::fi_word)) return nullptr;
  command->clauses = clauses_.take(mark, *arena_);
  elifs_ = elifs_before;
  return command;
}

Command* ParserImpl::parse_while(bool until) {
  drop_token();
  WhileCommand* command = make<WhileCommand>();
  command->kind = CommandKind::while_loop;
  command->until = until;
  command->condition = parse_list();
  if (!expect(Reserved::do_word)) return nullptr;
  command->body = parse_list();
  return expect(Reserved::done_word) ? command : nullptr;
}

// "do list done", or bash's "{ list }".
const List* ParserImpl::parse_loop_body() {
  if (failed()) return nullptr;
  const Reserved opener = peek().reserved;
  if (opener != Reserved::do_word && opener != Reserved::open_brace) {
    fail_unexpected();
    return nullptr;
  }
  drop_token();
  const List* body = parse_list();
  const bool closed =
      expect(opener == Reserved::do_word ? Reserved::done_word : Reserved::close_brace);
  return closed ? body : nullptr;
}

Command* ParserImpl::parse_for(CommandKind kind) {
  const u32 line = token_.line;
  drop_token();
  if (peek(Context::argument).kind == TokenKind::open_paren && kind == CommandKind::for_loop &&
      input_.peek() == '(') {
    return parse_arith_for(line);
  }
  if (token_.kind != TokenKind::word) {
    fail_unexpected();
    return nullptr;
  }
  ForCommand* command = make<ForCommand>();
  command->kind = kind;
  command->variable = take().word->source;
  // bash: neither `in` nor `do` is looked up as an alias on the line of the name.
  if (at(TokenKind::semicolon, Context::loop_head)) {
    drop_token();
    skip_newlines();
  } else {
    skip_newlines();
    if (!failed() && peek().plain && token_.word->source == "in") {
      drop_token();
      command->has_words = true;
      const usize mark = words_.mark();
      while (peek(Context::argument).kind == TokenKind::word && !failed()) {
        words_.push(take().word);
      }
      if (!failed() && !at(TokenKind::semicolon) && !at(TokenKind::newline)) fail_unexpected();
      if (failed()) return nullptr;
      command->words = words_.take(mark, *arena_);
      drop_token();
      skip_newlines();
    }
  }
  command->body = parse_loop_body();
  return command->body != nullptr ? command : nullptr;
}

Command* ParserImpl::parse_arith_for(u32 line) {
  drop_token();
  input_.skip_plain(1);
  ArithForCommand* command = make<ArithForCommand>();
  command->kind = CommandKind::arith_for;
  const usize begin = input_.position();
  // bash: what is wrong between the parentheses is told once the loop is whole.
  std::optional<SyntaxError> complaint;
  const auto complain = [&](std::string_view what) {
    fail(std::string(what), line, begin);
    const std::string_view text = input_.view(begin, input_.size());
    const usize end = text.find("))");
    if (end == std::string_view::npos) return false;
    error_.detail = "syntax error: `((";
    error_.detail.append(text.substr(0, end + 2)).push_back('\'');
    if (begin + end + 2 < input_.position()) return false;
    complaint = std::move(error_);
    failed_ = false;
    while (input_.position() < begin + end + 2) input_.skip();
    return false;
  };
  const auto section = [&](int closer, const Word*& word) {
    bool ended = false;
    word = parse_arithmetic_word(closer, ended);
    if (failed()) return false;
    if (!ended) return complain("syntax error: arithmetic expression required");
    if (closer == ')' && word->source.find(';') != std::string_view::npos) {
      return complain("syntax error: `;' unexpected");
    }
    if (word->source.find_first_not_of(" \t\n") == std::string_view::npos) word = nullptr;
    return true;
  };
  if ((!section(';', command->initial) || !section(';', command->condition) ||
       !section(')', command->step)) &&
      !complaint) {
    return nullptr;
  }
  last_end_ = input_.position();
  (void)(take_if(TokenKind::semicolon));
  skip_newlines();
  command->body = parse_loop_body();
  if (complaint && !failed()) {
    failed_ = true;
    error_ = *std::move(complaint);
    return nullptr;
  }
  return command->body != nullptr ? command : nullptr;
}

Command* ParserImpl::parse_case() {
  drop_token();
  CaseCommand* command = make<CaseCommand>();
  command->kind = CommandKind::case_clause;
  if (peek(Context::no_braces).kind != TokenKind::word) {
    fail_unexpected();
    return nullptr;
  }
  command->subject = take().word;
  skip_newlines(Context::no_braces);
  if (failed() || !peek(Context::no_braces).plain || token_.word->source != "in") {
    fail_unexpected();
    return nullptr;
  }
  note_dropped(NoteKind::keyword);
  const usize mark = items_.mark();
  for (;;) {
    skip_newlines(Context::pattern);
    if (failed()) return nullptr;
    if (peek(Context::pattern).reserved == Reserved::esac_word) break;
    CaseItem item;
    if (!parse_case_item(item)) return nullptr;
    items_.push(item);
    switch (peek().kind) {
      case TokenKind::semi_semi: break;
      case TokenKind::semi_ampersand: items_.back().end = CaseEnd::fall_through; break;
      case TokenKind::semi_semi_ampersand: items_.back().end = CaseEnd::test_next; break;
      default:
        if (!expect(Reserved::esac_word)) return nullptr;
        command->items = items_.take(mark, *arena_);
        return command;
    }
    drop_token();
  }
  drop_token();
  command->items = items_.take(mark, *arena_);
  return command;
}

bool ParserImpl::parse_case_item(CaseItem& item) {
  if (peek(Context::pattern).kind == TokenKind::open_paren) drop_token();
  const usize mark = words_.mark();
  for (;;) {
    if (peek(Context::no_braces).kind != TokenKind::word) return fail_unexpected();
    words_.push(take().word);
    const TokenKind kind = peek(Context::no_braces).kind;
    if (kind != TokenKind::pipe && kind != TokenKind::close_paren) return fail_unexpected();
    drop_token();
    if (kind == TokenKind::close_paren) break;
  }
  item.patterns = words_.take(mark, *arena_);
  skip_newlines();
  if (failed()) return false;
  const Token& token = peek();
  if (token.kind == TokenKind::semi_semi || token.kind == TokenKind::semi_ampersand ||
      token.kind == TokenKind::semi_semi_ampersand || token.reserved == Reserved::esac_word) {
    return true;
  }
  item.body = parse_list();
  return !failed();
}

}  // namespace swebash::engine
