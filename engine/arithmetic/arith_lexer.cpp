// SPDX-License-Identifier: Apache-2.0
#include "engine/arithmetic/arith_lexer.hpp"

namespace swebash::engine::arith {
namespace {

bool starts_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_number_character(char c) noexcept { return is_digit(c) || starts_name(c) || c == '@'; }

}  // namespace

void Lexer::fail(std::string_view fault, usize end) {
  if (failed_) return;
  failed_ = true;
  error_ = make_error(text_, fault, token_start_, end);
  stop();
}

void Lexer::read() {
  if (failed_) return;
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (at_ >= text_.size()) {
    token_ = Token::end;
    return;
  }
  token_start_ = at_;
  const char c = text_[at_];
  if (starts_name(c)) {
    read_name();
  } else if (is_digit(c)) {
    read_number();
  } else if (c == kOperand && operands_ == Operands::marked) {
    ++at_;
    token_ = Token::operand;
  } else {
    read_operator();
  }
}

void Lexer::read_name() {
  while (at_ < text_.size() && (starts_name(text_[at_]) || is_digit(text_[at_]))) ++at_;
  name_ = text_.substr(token_start_, at_ - token_start_);
  subscript_ = {};
  has_subscript_ = false;
  if (peek() == '[') {
    const usize close = subscript_end();
    if (close == std::string_view::npos) {
      fail("bad array subscript");
      return;
    }
    subscript_ = text_.substr(at_ + 1, close - at_ - 1);
    has_subscript_ = true;
    at_ = close + 1;
  }
  token_ = Token::name;
}

usize Lexer::subscript_end() const noexcept {
  int depth = 0;
  for (usize i = at_; i < text_.size(); ++i) {
    const bool quoting = text_[i] == '\\' || text_[i] == '\'' || text_[i] == '"';
    if (quoting && subscripts_ == Subscripts::plain) continue;
    switch (text_[i]) {
      case '\\': ++i; break;
      case '\'':
      case '"': {
        const usize close = text_.find(text_[i], i + 1);
        if (close == std::string_view::npos) return close;
        i = close;
        break;
      }
      case '[': ++depth; break;
      case ']':
        if (--depth == 0) return i;
        break;
      default: break;
    }
  }
  return std::string_view::npos;
}

void Lexer::read_number() {
  while (at_ < text_.size() && (is_number_character(text_[at_]) || text_[at_] == '#')) ++at_;
  const std::string_view digits = text_.substr(token_start_, at_ - token_start_);
  u64 base = 10;
  bool has_base = false;
  usize i = 0;
  if (digits[0] == '0' && digits.size() > 1) {
    has_base = true;
    const bool hexadecimal = digits[1] == 'x' || digits[1] == 'X';
    base = hexadecimal ? 16 : 8;
    i = hexadecimal ? 2 : 1;
  }
  u64 value = 0;
  for (; i < digits.size(); ++i) {
    const char c = digits[i];
    if (c == '#') {
      if (has_base) return fail("invalid number", at_);
      if (value < 2 || value > 64) return fail("invalid arithmetic base", at_);
      base = value;
      value = 0;
      has_base = true;
      if (i + 1 >= digits.size() || !is_number_character(digits[i + 1])) {
        return fail("invalid integer constant", at_);
      }
      continue;
    }
    u64 digit = 0;
    if (is_digit(c)) {
      digit = static_cast<u64>(c - '0');
    } else if (c >= 'a' && c <= 'z') {
      digit = static_cast<u64>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'Z') {
      digit = static_cast<u64>(c - 'A') + (base <= 36 ? 10 : 36);
    } else {
      digit = c == '@' ? 62 : 63;
    }
    if (digit >= base) return fail("value too great for base", at_);
    value = value * base + digit;
  }
  number_ = static_cast<i64>(value);
  token_ = Token::number;
}

void Lexer::read_operator() {
  const char c = text_[at_++];
  const char next = peek();
  const auto take = [&](Token token) {
    ++at_;
    token_ = token;
  };
  if (c == '=' && next == '=') return take(Token::equal);
  if (c == '!' && next == '=') return take(Token::not_equal);
  if (c == '>' && next == '=') return take(Token::greater_equal);
  if (c == '<' && next == '=') return take(Token::less_equal);
  if ((c == '<' || c == '>') && next == c) {
    const bool left = c == '<';
    take(left ? Token::shift_left : Token::shift_right);
    if (peek() == '=') {
      take(Token::assign_with);
      assign_op_ = left ? Op::shift_left : Op::shift_right;
    }
    return;
  }
  if (c == '&' && next == '&') return take(Token::logical_and);
  if (c == '|' && next == '|') return take(Token::logical_or);
  if (c == '*' && next == '*') return take(Token::power);
  if ((c == '-' || c == '+') && next == c) {
    const bool up = c == '+';
    if (token_ == Token::name) return take(up ? Token::post_increment : Token::post_decrement);
    if (after_prefixed_) {
      return fail(up ? "++: assignment requires lvalue" : "--: assignment requires lvalue");
    }
    usize look = at_ + 1;
    while (look < text_.size() && is_blank(text_[look])) ++look;
    if (look < text_.size() && starts_name(text_[look])) {
      return take(up ? Token::pre_increment : Token::pre_decrement);
    }
    token_ = up ? Token::plus : Token::minus;
    return;
  }
  static constexpr std::string_view kAssignable = "*/%+-&^|";
  static constexpr Op kAssignOps[] = {Op::multiply, Op::divide,  Op::modulo,  Op::add,
                                      Op::subtract, Op::bit_and, Op::bit_xor, Op::bit_or};
  if (const usize which = kAssignable.find(c); next == '=' && which != std::string_view::npos) {
    assign_op_ = kAssignOps[which];
    return take(Token::assign_with);
  }
  static constexpr std::string_view kSingle = "=><+-*/%!()&|^~?:,";
  static constexpr Token kSingleTokens[] = {
      Token::assign, Token::greater, Token::less,    Token::plus,     Token::minus, Token::times,
      Token::divide, Token::modulo,  Token::bang,    Token::open,     Token::close, Token::bit_and,
      Token::bit_or, Token::bit_xor, Token::bit_not, Token::question, Token::colon, Token::comma};
  const usize which = kSingle.find(c);
  if (which == std::string_view::npos) {
    const bool after_operand = token_ == Token::number || token_ == Token::name;
    return fail(after_operand ? "syntax error: invalid arithmetic operator"
                              : "syntax error: operand expected");
  }
  token_ = kSingleTokens[which];
}

Error make_error(std::string_view text, std::string_view fault, usize token, usize end) {
  text = text.substr(0, end);
  std::string_view shown = text;
  while (!shown.empty() && (shown.front() == ' ' || shown.front() == '\t')) shown.remove_prefix(1);
  Error error;
  error.message.append(shown).append(": ").append(fault).append(" (error token is \"");
  error.message.append(text.substr(token < text.size() ? token : text.size())).append("\")");
  return error;
}

}  // namespace swebash::engine::arith
