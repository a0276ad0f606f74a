// SPDX-License-Identifier: Apache-2.0
//
// Expressions with `$`: compiled once, where the text that they come to would have to be compiled
// at each turn of a loop.
#include <string>

#include "engine/arithmetic/arith_tree.hpp"
#include "engine/syntax/ast.hpp"

namespace swebash::engine::arith {
namespace {

// Beside these and words there may be quoting, subscripts and bases, which are read as text.
constexpr std::string_view kOperators = " \t\n+-*/%<>!=&|^~?:(),";

bool is_word_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool has_words_and_operators_only(std::string_view text) noexcept {
  for (const char c : text) {
    if (!is_word_character(c) && kOperators.find(c) == std::string_view::npos) return false;
  }
  return true;
}

// Whether `text` ends in what digits after it would join.
bool joins_digits(std::string_view text) noexcept {
  return !text.empty() && (is_word_character(text.back()) || text.back() == kOperand);
}

}  // namespace

const Expression* compile_parts(std::span<const Part> parts, Arena& arena) {
  std::string text;
  usize operands = 0;
  bool after_minus = false;
  if (parts.size() == 1 && parts[0].kind == PartKind::literal) {
    text = parts[0].text;
  } else {
    for (const Part& part : parts) {
      if (part.kind == PartKind::parameter && part.parameter->shape != ParameterShape::other) {
        if (joins_digits(text) || ++operands > kMostOperands) return nullptr;
        after_minus |= text.ends_with('-');
        text += kOperand;
      } else if (part.kind == PartKind::literal && has_words_and_operators_only(part.text)) {
        const bool joined = !part.text.empty() && is_word_character(part.text[0]);
        if (joined && text.ends_with(kOperand)) return nullptr;
        text += part.text;
      } else {
        return nullptr;
      }
    }
  }
  Expression* compiled = compile(text, arena, operands == 0 ? Operands::none : Operands::marked);
  if (compiled->root == nullptr || !compiled->fault.empty()) return nullptr;
  compiled->takes_negative = !after_minus;
  return compiled;
}

}  // namespace swebash::engine::arith
