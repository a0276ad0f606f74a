// SPDX-License-Identifier: Apache-2.0
#include "engine/arithmetic/arith.hpp"

#include <limits>
#include <utility>

#include "engine/arithmetic/arith_tree.hpp"

namespace swebash::engine::arith {

namespace {

i64 wrap(u64 value) noexcept { return static_cast<i64>(value); }
u64 bits(i64 value) noexcept { return static_cast<u64>(value); }

i64 power(i64 base, i64 exponent) noexcept {
  u64 result = 1;
  for (u64 factor = bits(base), left = bits(exponent); left != 0; left >>= 1, factor *= factor) {
    if ((left & 1) != 0) result *= factor;
  }
  return wrap(result);
}

class Evaluator {
 public:
  Evaluator(Host& host, std::span<const i64> operands) noexcept
      : host_(host), operands_(operands) {}

  Result<i64, Error> run(const Expression& expression) {
    const i64 value = whole(expression);
    if (failed_) return std::unexpected(std::move(error_));
    return value;
  }

 private:
  i64 fail(Error error) {
    if (!failed_) {
      failed_ = true;
      error_ = std::move(error);
      error_.in_subscript |= subscripts_ > 0;
    }
    return 0;
  }
  i64 fail(std::string_view fault, u32 position) {
    if (operands_.empty()) return fail(make_error(text_, fault, position));
    // As the text would have been, had it been expanded first.
    std::string expanded;
    usize place = 0;
    usize next = 0;
    for (usize i = 0; i < text_.size(); ++i) {
      if (i == position) place = expanded.size();
      if (text_[i] == kOperand && next < operands_.size()) {
        expanded += std::to_string(operands_[next++]);
      } else {
        expanded += text_[i];
      }
    }
    if (position >= text_.size()) place = expanded.size();
    return fail(make_error(expanded, fault, place));
  }

  // Where a wrong expression goes wrong.
  i64 fail_at_end() { return fail(Error{.message = std::string(fault_)}); }

  i64 whole(const Expression& expression) {
    if (expression.root == nullptr) return 0;
    const std::string_view outer = std::exchange(text_, expression.text);
    const std::string_view outer_fault = std::exchange(fault_, expression.fault);
    i64 value = evaluate(*expression.root);
    if (!fault_.empty()) value = fail_at_end();
    text_ = outer;
    fault_ = outer_fault;
    return value;
  }

  // A variable's text: mostly a number, else an expression of its own.
  i64 value_of(std::string_view text, const Node& node) {
    i64 value = 0;
    if (text.empty() || plain_number(text, value)) return value;
    if (depth_ >= kMaxDepth) return fail("expression recursion level exceeded", node.position);
    Arena arena;
    const Expression* compiled = compile(text, arena);
    ++depth_;
    value = whole(*compiled);
    --depth_;
    return value;
  }

  // Where an element is; `key` keeps the text of an associative one.
  bool locate(const Node& node, Subscript& subscript, std::string& key) {
    subscript.associative = host_.is_associative(node.variable.name);
    if (node.subscript.empty() ||
        (!subscript.associative && (node.subscript == "@" || node.subscript == "*"))) {
      subscript.bad = true;
      subscript.key = node.subscript;
      return true;
    }
    if (subscript.associative) {
      Result<std::string, Error> found = host_.subscript_key(node.subscript);
      if (!found) {
        fail(std::move(found.error()));
        return false;
      }
      key = std::move(*found);
      subscript.key = key;
      return true;
    }
    ++subscripts_;
    const bool found = locate_index(node, subscript);
    --subscripts_;
    return found && !failed_;
  }

  bool locate_index(const Node& node, Subscript& subscript) {
    if (node.index != nullptr) {
      subscript.index = whole(*node.index);
    } else {
      if (depth_ >= kMaxDepth) {
        fail("expression recursion level exceeded", node.position);
        return false;
      }
      std::string expanded;
      std::string_view text = node.subscript;
      if (text.find_first_of("$`\\\"") != std::string_view::npos) {
        Result<std::string, Error> found = host_.subscript_index(text);
        if (!found) {
          fail(std::move(found.error()));
          return false;
        }
        expanded = std::move(*found);
        text = expanded;
      }
      Arena arena;
      const Expression* compiled = compile(text, arena);
      ++depth_;
      subscript.index = whole(*compiled);
      --depth_;
    }
    return true;
  }

  i64 read(const Node& node, const Subscript& subscript) {
    i64 value = 0;
    if (node.op == Op::variable && host_.variable_number(node.variable, value)) return value;
    const Result<std::string_view, Error> text =
        node.op == Op::variable ? host_.variable_text(node.variable.name)
                                : host_.element_text(node.variable.name, subscript);
    if (!text) return fail(text.error());
    if (text->empty() || plain_number(*text, value)) return value;
    const std::string copy(*text);  // what it refers to may change it
    return value_of(copy, node);
  }

  void write(const Node& node, const Subscript& subscript, i64 value) {
    if (failed_) return;
    Result<void, Error> done = node.op == Op::variable
                                   ? host_.set_variable(node.variable, value)
                                   : host_.set_element(node.variable.name, subscript, value);
    if (!done) fail(std::move(done.error()));
  }

  i64 change(const Node& node, u64 by, bool old_value) {
    Subscript subscript;
    std::string key;
    const Node& target = *node.left;
    if (target.op == Op::element && !locate(target, subscript, key)) return 0;
    if (node.unfinished) return fail_at_end();
    const i64 before = read(target, subscript);
    const i64 after = wrap(bits(before) + by);
    write(target, subscript, after);
    return old_value ? before : after;
  }

  i64 assign(const Node& node) {
    Subscript subscript;
    std::string key;
    const Node& target = *node.left;
    i64 value = 0;
    if (node.compound == Op::assign) {
      // bash: the subscript is evaluated when there is something to assign.
      value = evaluate(*node.right);
      if (node.unfinished) return fail_at_end();
      if (failed_ || (target.op == Op::element && !locate(target, subscript, key))) return 0;
    } else {
      if (target.op == Op::element && !locate(target, subscript, key)) return 0;
      const i64 before = read(target, subscript);
      if (failed_) return 0;
      const i64 operand = evaluate(*node.right);
      if (node.unfinished) return fail_at_end();
      if (failed_) return 0;
      value = apply(node.compound, before, operand, node.position);
    }
    write(target, subscript, value);
    return value;
  }

  i64 apply(Op op, i64 a, i64 b, u32 position) {
    switch (op) {
      case Op::add: return wrap(bits(a) + bits(b));
      case Op::subtract: return wrap(bits(a) - bits(b));
      case Op::multiply: return wrap(bits(a) * bits(b));
      case Op::divide:
      case Op::modulo:
        if (b == 0) return fail("division by 0", position);
        // The one quotient that does not fit: bash answers as if it wrapped.
        if (b == -1) return op == Op::divide ? wrap(0 - bits(a)) : 0;
        return op == Op::divide ? a / b : a % b;
      case Op::power:
        if (b < 0) return fail("exponent less than 0", position);
        return power(a, b);
      case Op::shift_left: return wrap(bits(a) << (bits(b) & 63));
      case Op::shift_right: return a >> (bits(b) & 63);
      case Op::less: return a < b;
      case Op::less_equal: return a <= b;
      case Op::greater: return a > b;
      case Op::greater_equal: return a >= b;
      case Op::equal: return a == b;
      case Op::not_equal: return a != b;
      case Op::bit_and: return a & b;
      case Op::bit_xor: return a ^ b;
      case Op::bit_or: return a | b;
      default: return b;
    }
  }

  i64 chain(const Node& top) {
    const Node* node = &top;
    while (is_binary(node->left->op)) node = node->left;
    i64 value = evaluate(*node->left);
    for (;;) {
      if (failed_) return 0;
      if (node->op == Op::logical_and) {
        value = value != 0 && evaluate(*node->right) != 0;
      } else if (node->op == Op::logical_or) {
        value = value != 0 || evaluate(*node->right) != 0;
      } else {
        const i64 right = evaluate(*node->right);
        if (failed_) return 0;
        if (!node->unfinished) value = apply(node->op, value, right, node->position);
      }
      if (node->unfinished) return fail_at_end();
      if (node == &top) return value;
      node = node->up;
    }
  }

  i64 evaluate(const Node& node) {
    if (failed_) return 0;
    if (node.op == Op::number) return node.value;
    if (node.op == Op::operand) return operands_[static_cast<usize>(node.value)];
    // Variables' texts nest within each other, and each of them in itself.
    if (nesting_ >= kMaxNesting) return fail("expression recursion level exceeded", node.position);
    ++nesting_;
    const i64 value = evaluate_further(node);
    --nesting_;
    return value;
  }

  i64 evaluate_further(const Node& node) {
    i64 value = 0;
    switch (node.op) {
      case Op::variable: return read(node, {});
      case Op::element: {
        Subscript subscript;
        std::string key;
        return locate(node, subscript, key) ? read(node, subscript) : 0;
      }
      case Op::negate: return wrap(0 - bits(evaluate(*node.left)));
      case Op::logical_not: return evaluate(*node.left) == 0;
      case Op::bit_not: return ~evaluate(*node.left);
      case Op::pre_increment: return change(node, 1, false);
      case Op::pre_decrement: return change(node, ~u64{0}, false);
      case Op::post_increment: return change(node, 1, true);
      case Op::post_decrement: return change(node, ~u64{0}, true);
      case Op::assign: return assign(node);
      case Op::conditional:
        if (evaluate(*node.left) != 0) {
          value = evaluate(*node.right);
        } else if (node.third != nullptr) {
          value = evaluate(*node.third);
        }
        return node.unfinished ? fail_at_end() : value;
      default: return chain(node);
    }
  }

  Host& host_;
  std::span<const i64> operands_;
  std::string_view text_;
  std::string_view fault_;
  int depth_ = 0;
  int nesting_ = 0;
  int subscripts_ = 0;
  bool failed_ = false;
  Error error_;
};

}  // namespace

Result<i64, Error> evaluate(const Expression& expression, Host& host,
                            std::span<const i64> operands) {
  return Evaluator(host, operands).run(expression);
}

bool takes_negative(const Expression& expression) noexcept { return expression.takes_negative; }

Result<i64, Error> evaluate_text(std::string_view text, Host& host, Subscripts subscripts) {
  i64 value = 0;
  if (plain_number(text, value)) return value;
  Arena arena;
  return evaluate(*compile(text, arena, Operands::none, subscripts), host);
}

bool plain_number(std::string_view text, i64& value) noexcept {
  usize at = 0;
  usize end = text.size();
  while (at < end && is_blank(text[at])) ++at;
  while (end > at && is_blank(text[end - 1])) --end;
  const bool negative = at < end && text[at] == '-';
  if (negative || (at < end && text[at] == '+')) ++at;
  if (at == end || end - at > 18 || (text[at] == '0' && end - at > 1)) return false;
  i64 result = 0;
  for (; at < end; ++at) {
    if (text[at] < '0' || text[at] > '9') return false;
    result = result * 10 + (text[at] - '0');
  }
  value = negative ? -result : result;
  return true;
}

}  // namespace swebash::engine::arith
