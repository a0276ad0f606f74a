// SPDX-License-Identifier: Apache-2.0
//
// [[ ]]: bash's conditional command and its own operators.
#include <algorithm>
#include <array>

#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {
namespace {

constexpr std::string_view kUnary = "GLNORSabcdefghknoprstuvwxz";
constexpr std::array<std::string_view, 13> kBinary = {
    "!=", "-ef", "-eq", "-ge", "-gt", "-le", "-lt", "-ne", "-nt", "-ot", "=", "==", "=~"};
static_assert(std::ranges::is_sorted(kBinary));

bool is_unary(std::string_view text) {
  return text.size() == 2 && text[0] == '-' && kUnary.find(text[1]) != std::string_view::npos;
}

}  // namespace

bool ParserImpl::fail_condition(std::string_view before, std::string_view after) {
  if (failed_) return false;
  std::string message(before);
  if (token_.kind == TokenKind::end) {
    message.append("EOF");
  } else if (token_.kind == TokenKind::newline) {
    message.append("newline");
  } else {
    message.append(text_of(token_));
  }
  message.append(after);
  return fail_in_condition(std::move(message));
}

// bash: what is wrong in [[ ]] is said without the line it stands in.
bool ParserImpl::fail_in_condition(std::string message) {
  if (failed_) return false;
  fail(std::move(message), token_.line, token_.begin,
       token_.kind == TokenKind::end ? Missing::rest : Missing::nothing);
  error_.text.clear();
  error_.column = 0;
  if (token_.kind != TokenKind::end) error_.reach = SyntaxErrorReach::condition;
  return false;
}

bool ParserImpl::at_condition_end() {
  const Token& token = peek(Context::no_braces);
  return token.kind == TokenKind::word && token.plain && token.word->source == "]]";
}

Command* ParserImpl::parse_conditional() {
  drop_token();
  ConditionalCommand* command = make<ConditionalCommand>();
  command->kind = CommandKind::conditional;
  command->condition = parse_condition_or();
  if (failed()) return nullptr;
  if (!at_condition_end()) {
    if (token_.kind == TokenKind::word) {
      fail_in_condition("syntax error in conditional expression");
    } else {
      fail_condition("syntax error in conditional expression: unexpected token `", "'");
    }
    return nullptr;
  }
  note_dropped(NoteKind::keyword);
  return command;
}

Condition* ParserImpl::parse_condition_or() {
  const Level level(*this);
  if (!level.ok()) return nullptr;
  Condition* left = parse_condition_and();
  while (!failed() && peek(Context::no_braces).kind == TokenKind::or_if) {
    drop_token();
    Condition* both = make<Condition>();
    both->kind = ConditionKind::disjunction;
    both->first = left;
    both->second = parse_condition_and();
    left = both;
  }
  return left;
}

Condition* ParserImpl::parse_condition_and() {
  Condition* left = parse_condition_term();
  while (!failed() && peek(Context::no_braces).kind == TokenKind::and_if) {
    drop_token();
    Condition* both = make<Condition>();
    both->kind = ConditionKind::conjunction;
    both->first = left;
    both->second = parse_condition_term();
    left = both;
  }
  return left;
}

Condition* ParserImpl::parse_condition_term() {
  const Level level(*this);
  if (!level.ok()) return nullptr;
  skip_newlines(Context::no_braces);
  if (failed()) return nullptr;
  if (peek(Context::no_braces).kind == TokenKind::open_paren) {
    drop_token();
    Condition* inner = parse_condition_or();
    if (failed()) return nullptr;
    if (peek(Context::no_braces).kind != TokenKind::close_paren) {
      fail_condition("unexpected token `", "', expected `)'");
      return nullptr;
    }
    drop_token();
    skip_newlines(Context::no_braces);
    return inner;
  }
  if (at_condition_end()) {
    fail_in_condition({});  // bash: nothing is said
    return nullptr;
  }
  if (token_.kind != TokenKind::word) {
    fail_condition("unexpected token `", "' in conditional command");
    return nullptr;
  }
  if (token_.plain && token_.word->source == "!") {
    drop_token();
    Condition* negation = make<Condition>();
    negation->kind = ConditionKind::negation;
    negation->first = parse_condition_term();
    return failed() ? nullptr : negation;
  }
  if (!token_.plain || !is_unary(token_.word->source)) return parse_condition_after(take().word);
  Condition* unary = make<Condition>();
  unary->kind = ConditionKind::unary;
  unary->op = take().word->source;
  if (peek(Context::no_braces).kind != TokenKind::word || failed() || at_condition_end()) {
    add_to_error("unexpected argument to conditional unary operator");
    fail_condition("unexpected argument `", "' to conditional unary operator");
    return nullptr;
  }
  unary->left = take().word;
  skip_newlines(Context::no_braces);
  return failed() ? nullptr : unary;
}

// What follows `left`, a word that is the first of its term.
Condition* ParserImpl::parse_condition_after(const Word* left) {
  Condition* condition = make<Condition>();
  condition->left = left;
  const Token& token = peek(Context::no_braces);
  if (failed()) {
    add_to_error("conditional binary operator expected");
    return nullptr;
  }
  if (token.kind == TokenKind::less || token.kind == TokenKind::great) {
    condition->op = text_of(token);
  } else if (token.kind == TokenKind::word && token.plain &&
             std::ranges::binary_search(kBinary, token.word->source)) {
    condition->op = token.word->source;
  } else if (token.kind == TokenKind::and_if || token.kind == TokenKind::or_if ||
             token.kind == TokenKind::close_paren || at_condition_end()) {
    condition->kind = ConditionKind::word;
    return condition;
  } else {
    if (token.kind == TokenKind::word) {
      fail_in_condition("conditional binary operator expected");
    } else {
      fail_condition("unexpected token `", "', conditional binary operator expected");
    }
    return nullptr;
  }
  drop_token();
  condition->kind = ConditionKind::binary;
  const bool pattern = condition->op == "=" || condition->op == "==" || condition->op == "!=";
  const Context context = pattern                 ? Context::condition_pattern
                          : condition->op == "=~" ? Context::condition_regex
                                                  : Context::no_braces;
  if (peek(context).kind != TokenKind::word || failed() || at_condition_end()) {
    add_to_error("unexpected argument to conditional binary operator");
    fail_condition("unexpected argument `", "' to conditional binary operator");
    return nullptr;
  }
  condition->right = take().word;
  skip_newlines(Context::no_braces);
  return failed() ? nullptr : condition;
}

}  // namespace swebash::engine
