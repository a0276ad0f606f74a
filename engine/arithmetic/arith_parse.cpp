// SPDX-License-Identifier: Apache-2.0
//
// The grammar, and above all the error messages, follow bash's: an error names the token that was
// read last, and a number is checked when it is read.
#include <cstring>

#include "engine/arithmetic/arith_tree.hpp"

namespace swebash::engine::arith {

namespace {

enum class Token : u8 {
  end,
  number,
  operand,
  name,
  pre_increment,
  pre_decrement,
  post_increment,
  post_decrement,
  assign,       // =
  assign_with,  // OP=
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  shift_left,
  shift_right,
  logical_and,
  logical_or,
  power,
  plus,
  minus,
  times,
  divide,
  modulo,
  bang,
  open,
  close,
  bit_and,
  bit_or,
  bit_xor,
  bit_not,
  question,
  colon,
  comma,
};

bool starts_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_number_character(char c) noexcept { return is_digit(c) || starts_name(c) || c == '@'; }

// The precedence of a binary operator and what it is; 0 for what is none.
struct Binary {
  int precedence = 0;
  Op op = Op::comma;
};

Binary binary(Token token) noexcept {
  switch (token) {
    case Token::logical_or: return {1, Op::logical_or};
    case Token::logical_and: return {2, Op::logical_and};
    case Token::bit_or: return {3, Op::bit_or};
    case Token::bit_xor: return {4, Op::bit_xor};
    case Token::bit_and: return {5, Op::bit_and};
    case Token::equal: return {6, Op::equal};
    case Token::not_equal: return {6, Op::not_equal};
    case Token::less: return {7, Op::less};
    case Token::less_equal: return {7, Op::less_equal};
    case Token::greater: return {7, Op::greater};
    case Token::greater_equal: return {7, Op::greater_equal};
    case Token::shift_left: return {8, Op::shift_left};
    case Token::shift_right: return {8, Op::shift_right};
    case Token::plus: return {9, Op::add};
    case Token::minus: return {9, Op::subtract};
    case Token::times: return {10, Op::multiply};
    case Token::divide: return {10, Op::divide};
    case Token::modulo: return {10, Op::modulo};
    default: return {};
  }
}

class Parser {
 public:
  Parser(std::string_view text, Arena& arena, Operands operands, Subscripts subscripts,
         int depth = 0)
      : text_(text), arena_(arena), operands_(operands), subscripts_(subscripts), depth_(depth) {}

  Result<const Node*, Error> parse() {
    read();
    const Node* root = comma();
    if (!failed_ && token_ != Token::end) fail("syntax error in expression");
    if (failed_) return std::unexpected(std::move(error_));
    return root;
  }

 private:
  [[nodiscard]] char peek(usize ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void fail(std::string_view fault, usize end = std::string_view::npos) {
    if (failed_) return;
    failed_ = true;
    error_ = make_error(text_, fault, token_start_, end);
    stop();
  }
  // Nothing more is read: every loop ends at the end token.
  void stop() {
    at_ = text_.size();
    token_ = Token::end;
  }

  void read() {
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

  void read_name() {
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

  [[nodiscard]] usize subscript_end() const noexcept {
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

  void read_number() {
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

  void read_operator() {
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
        Token::assign,   Token::greater, Token::less,   Token::plus,    Token::minus,
        Token::times,    Token::divide,  Token::modulo, Token::bang,    Token::open,
        Token::close,    Token::bit_and, Token::bit_or, Token::bit_xor, Token::bit_not,
        Token::question, Token::colon,   Token::comma};
    const usize which = kSingle.find(c);
    if (which == std::string_view::npos) {
      const bool after_operand = token_ == Token::number || token_ == Token::name;
      return fail(after_operand ? "syntax error: invalid arithmetic operator"
                                : "syntax error: operand expected");
    }
    token_ = kSingleTokens[which];
  }

  Node* node(Op op, Node* left = nullptr, const Node* right = nullptr) {
    Node* made = arena_.make<Node>();
    made->op = op;
    made->left = left;
    made->right = right;
    if (is_binary(op) && left != nullptr) left->up = made;
    return made;
  }

  // Counts the levels that recursion has on the stack.
  struct Level {
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxDepth) parser_.fail("expression recursion level exceeded");
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    Parser& parser_;
  };

  Node* comma() {
    Node* left = assignment();
    while (token_ == Token::comma) {
      read();
      left = node(Op::comma, left, assignment());
    }
    return left;
  }

  Node* assignment() {
    const Level level(*this);
    Node* left = conditional();
    if (failed_ || (token_ != Token::assign && token_ != Token::assign_with)) return left;
    if ((left->op != Op::variable && left->op != Op::element) || left->in_parentheses) {
      fail("attempted assignment to non-variable");
      return left;
    }
    Node* made = node(Op::assign, left);
    if (token_ == Token::assign_with) made->compound = assign_op_;
    read();
    made->right = assignment();
    made->position = static_cast<u32>(token_start_);
    return made;
  }

  Node* conditional() {
    const Level level(*this);
    Node* condition = binary_level(1);
    if (token_ != Token::question) return condition;
    read();
    if (token_ == Token::end || token_ == Token::colon) {
      fail("expression expected");
      return condition;
    }
    Node* made = node(Op::conditional, condition);
    made->right = comma();
    if (token_ != Token::colon) {
      fail("`:' expected for conditional expression");
      return made;
    }
    read();
    if (token_ == Token::end) {
      fail("expression expected");
      return made;
    }
    made->third = conditional();
    return made;
  }

  Node* binary_level(int precedence) {
    Node* left = power();
    for (;;) {
      const Binary found = binary(token_);
      if (found.precedence < precedence || found.precedence == 0) return left;
      read();
      const auto start = static_cast<u32>(token_start_);
      left = node(found.op, left, binary_level(found.precedence + 1));
      left->position = start;
    }
  }

  Node* power() {
    const Level level(*this);
    Node* base = unary();
    if (token_ != Token::power) return base;
    read();
    Node* made = node(Op::power, base, power());
    made->position = static_cast<u32>(token_start_);
    return made;
  }

  Node* unary() {
    const Level level(*this);
    switch (token_) {
      case Token::bang: read(); return node(Op::logical_not, unary());
      case Token::bit_not: read(); return node(Op::bit_not, unary());
      case Token::minus: read(); return node(Op::negate, unary());
      case Token::plus: {
        read();
        // A node of its own, as `+x = 1` is no assignment to x.
        Node* operand = unary();
        operand->in_parentheses = true;
        return operand;
      }
      default: return primary();
    }
  }

  Node* primary() {
    switch (token_) {
      case Token::pre_increment:
      case Token::pre_decrement: {
        const Op op = token_ == Token::pre_increment ? Op::pre_increment : Op::pre_decrement;
        read();
        Node* made = node(op, reference());
        // bash takes x of --x for a number from here on, so that --x=7 and --x++ are errors.
        token_ = Token::number;
        after_prefixed_ = true;
        read();
        after_prefixed_ = false;
        return made;
      }
      case Token::open: {
        read();
        Node* inner = comma();
        if (token_ != Token::close) {
          fail("missing `)'");
          return inner;
        }
        read();
        inner->in_parentheses = true;
        return inner;
      }
      case Token::number: {
        Node* made = node(Op::number);
        made->value = number_;
        read();
        return made;
      }
      case Token::operand: {
        Node* made = node(Op::operand);
        made->value = next_operand_++;
        read();
        return made;
      }
      case Token::name: {
        Node* made = reference();
        read();
        if (token_ == Token::post_increment || token_ == Token::post_decrement) {
          made =
              node(token_ == Token::post_increment ? Op::post_increment : Op::post_decrement, made);
          token_ = Token::number;
          read();
        }
        return made;
      }
      default: fail("syntax error: operand expected"); return node(Op::number);
    }
  }

  // The variable or element that the current token names.
  Node* reference() {
    Node* made = node(has_subscript_ ? Op::element : Op::variable);
    made->position = static_cast<u32>(token_start_);
    made->variable.name = name_;
    if (has_subscript_) {
      made->subscript = subscript_;
      // Deeper ones are compiled when they are used.
      if (depth_ < kMaxDepth / 8) made->index = index(subscript_);
    }
    return made;
  }

  // A subscript as an expression; null when it is none.
  [[nodiscard]] const Expression* index(std::string_view text) {
    auto* made = arena_.make<Expression>();
    made->text = text;
    if (text.find_first_not_of(" \t\n") == std::string_view::npos) return made;
    const auto root = Parser(text, arena_, Operands::none, subscripts_, depth_ + 1).parse();
    if (!root) return nullptr;
    made->root = *root;
    return made;
  }

  std::string_view text_;
  Arena& arena_;
  Operands operands_;
  Subscripts subscripts_;
  i64 next_operand_ = 0;
  usize at_ = 0;
  Token token_ = Token::end;
  usize token_start_ = 0;
  i64 number_ = 0;
  std::string_view name_;
  std::string_view subscript_;
  bool has_subscript_ = false;
  bool after_prefixed_ = false;
  Op assign_op_ = Op::assign;
  int depth_;
  bool failed_ = false;
  Error error_;
};

}  // namespace

Error make_error(std::string_view text, std::string_view fault, usize token, usize end) {
  text = text.substr(0, end);
  std::string_view shown = text;
  while (!shown.empty() && (shown.front() == ' ' || shown.front() == '\t')) shown.remove_prefix(1);
  Error error;
  error.message.append(shown).append(": ").append(fault).append(" (error token is \"");
  error.message.append(text.substr(token < text.size() ? token : text.size())).append("\")");
  return error;
}

Result<const Expression*, Error> compile(std::string_view text, Arena& arena) {
  return compile(text, arena, Operands::none);
}

Result<Expression*, Error> compile(std::string_view text, Arena& arena, Operands operands,
                                   Subscripts subscripts) {
  auto* made = arena.make<Expression>();
  made->text = arena.copy(text);
  usize at = 0;
  while (at < text.size() && is_blank(text[at])) ++at;
  if (at == text.size()) return made;
  made->root = SWEBASH_TRY(Parser(made->text, arena, operands, subscripts).parse());
  return made;
}

}  // namespace swebash::engine::arith
