// SPDX-License-Identifier: Apache-2.0
//
// The grammar of arithmetic; it follows bash's, and above all the error messages do.
#include "engine/arithmetic/arith_lexer.hpp"

namespace swebash::engine::arith {

namespace {

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

class Parser final : private Lexer {
 public:
  Parser(std::string_view text, Arena& arena, Operands operands, Subscripts subscripts,
         int depth = 0)
      : Lexer(text, operands, subscripts), arena_(arena), depth_(depth) {}

  void parse(Expression& expression) {
    read();
    Node* root = comma();
    if (!failed_ && token_ != Token::end) {
      // bash: a name has its value as soon as it is read.
      if (token_ == Token::name) root = node(Op::comma, root, reference());
      fail("syntax error in expression");
    }
    expression.root = root;
    if (failed_) expression.fault = arena_.copy(std::string_view(error_.message));
  }

 private:
  Node* node(Op op, Node* left = nullptr, const Node* right = nullptr) {
    Node* made = arena_.make<Node>();
    made->op = op;
    made->left = left;
    made->right = right;
    made->unfinished = failed_;
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
    made->unfinished = failed_;
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
    } else {
      read();
      if (token_ == Token::end) {
        fail("expression expected");
      } else {
        made->third = conditional();
      }
    }
    made->unfinished = failed_;
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
    Parser(text, arena_, Operands::none, subscripts_, depth_ + 1).parse(*made);
    return made->fault.empty() ? made : nullptr;
  }

  Arena& arena_;
  i64 next_operand_ = 0;
  int depth_;
};

}  // namespace

const Expression* compile(std::string_view text, Arena& arena) {
  return compile(text, arena, Operands::none);
}

Expression* compile(std::string_view text, Arena& arena, Operands operands, Subscripts subscripts) {
  auto* made = arena.make<Expression>();
  made->text = arena.copy(text);
  usize at = 0;
  while (at < text.size() && is_blank(text[at])) ++at;
  if (at != text.size()) Parser(made->text, arena, operands, subscripts).parse(*made);
  return made;
}

}  // namespace swebash::engine::arith
