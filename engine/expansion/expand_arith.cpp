// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic expansion: compiled expressions by text, and the variables they work on.
#include <utility>

#include "engine/expansion/expand_internal.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

u32 hash_text(std::string_view text) noexcept {
  u32 hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<u8>(c)) * 16777619U;
  return hash ^ (hash >> 15);
}

namespace {

// The subscript that is open at the end of an expression's text.
struct OpenSubscript {
  bool is_open = false;
  char quote = 0;  // what is open within it
};

OpenSubscript open_subscript(std::string_view text) {
  usize brackets = 0;
  OpenSubscript open;
  for (usize i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
    } else if (open.quote != 0) {
      if (c == open.quote) open.quote = 0;
    } else if ((c == '"' || c == '\'') && brackets > 0) {
      open.quote = c;
    } else if (c == '[') {
      ++brackets;
    } else if (c == ']' && brackets > 0) {
      --brackets;
    }
  }
  open.is_open = brackets > 0;
  return open;
}

}  // namespace

// --- evaluation ------------------------------------------------------------------------------

// The text of an expression. What an expansion inside a subscript comes to is quoted there: it is a
// piece of a key or an index, in which no bracket and no dollar sign means anything.
Expanded<std::string> Expander::State::expression_text(std::span<Part> items, Quotes quotes) {
  Sink sink(*this, Purpose::string, nullptr);
  std::string written;
  const Mode mode{quotes == Quotes::text, false};
  SWEBASH_TRY(expression_parts(items, quotes, mode, sink, written));
  return std::move(sink.text);
}

Expanded<void> Expander::State::expression_parts(std::span<Part> items, Quotes quotes, Mode mode,
                                                 Sink& sink, std::string& written) {
  for (const Part& item : items) {
    // bash: an expression has no process substitutions, only what looks like them.
    const bool substitutes = item.kind == PartKind::process_substitution;
    const bool verbatim = substitutes || (item.kind == PartKind::literal &&
                                          (quotes == Quotes::text || mode.quoted || !item.quoted));
    const OpenSubscript open = verbatim || written.find('[') == std::string::npos
                                   ? OpenSubscript()
                                   : open_subscript(written);
    if (verbatim) written += item.text;
    if (open.is_open && open.quote == '\'') {
      sink.quoted(item.text);
    } else if (open.is_open) {
      Sink piece(*this, Purpose::string, nullptr);
      SWEBASH_TRY(part(item, mode, piece));
      const std::string_view special = open.quote == '"' ? "\\\"$`" : "\\\"$`'[]~";
      std::string escaped;
      for (const char c : piece.text) {
        if (special.find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
      }
      sink.quoted(escaped);
    } else if (item.kind == PartKind::double_quoted) {
      SWEBASH_TRY(expression_parts(item.parts, quotes, Mode{true, false}, sink, written));
    } else if (substitutes) {
      sink.quoted(item.text);
    } else {
      SWEBASH_TRY(part(item, mode, sink));
    }
  }
  return {};
}

Expanded<i64> Expander::State::arithmetic_part(const Part& item) {
  ExpressionOperands operands;
  if (item.compiled != nullptr && read_operands(*item.compiled, item.parts, operands)) {
    return evaluated(*item.compiled, {}, operands.span());
  }
  if (item.parts.size() == 1 && item.parts[0].kind == PartKind::literal) {
    return evaluate_expression(item.parts[0].text);
  }
  return evaluate_expression(SWEBASH_TRY(expression_text(item.parts, Quotes::text)));
}

// The number that a subscript comes to.
Expanded<i64> Expander::State::index_of(const Word& subscript) {
  ExpressionOperands operands;
  if (subscript.index != nullptr && read_operands(*subscript.index, subscript.parts, operands)) {
    const bool outer = std::exchange(in_index_, true);
    auto value = evaluated(*subscript.index, {}, operands.span());
    in_index_ = outer;
    return value;
  }
  return evaluate_index(SWEBASH_TRY(subscript_text(subscript, false)));
}

// The parameters of an expression of compile_parts(); false when one is no plain number.
bool Expander::State::read_operands(const arith::Expression& expression,
                                    std::span<const Part> items, ExpressionOperands& out) {
  for (const Part& item : items) {
    if (item.kind != PartKind::parameter) continue;
    i64& number = out.numbers[out.count++];
    if (!parameter_number(*item.parameter, number)) return false;
    if (number < 0 && !arith::takes_negative(expression)) return false;
  }
  return true;
}

// Whether `p`, of one of the shapes, is a number written plainly.
bool Expander::State::parameter_number(const Parameter& p, i64& number) {
  if (p.shape == ParameterShape::variable) {
    const Variable* variable = variables.find_unresolved(p.name, p.known);
    if (variable == nullptr || variable->has(kNameref)) return false;
    const auto known = variable->number();
    if (known) number = *known;
    return known.has_value();
  }
  const std::string* text = plain_text(p);
  if (text == nullptr || text->empty()) return false;
  const char first = (*text)[0];
  return (first == '-' || (first >= '0' && first <= '9')) && text->back() >= '0' &&
         text->back() <= '9' && arith::plain_number(*text, number);
}

Expanded<i64> Expander::State::arithmetic_failure(const arith::Error& error,
                                                  std::string_view prefix) {
  if (callback_error_) {
    const ExpansionError failed = *callback_error_;
    callback_error_.reset();
    return std::unexpected(failed);
  }
  if (in_index_ || error.in_subscript) {
    host.report_subscript(error.message);
    return std::unexpected(
        ExpansionError{.in_subscript = true, .arithmetic = true, .costs_line = true});
  }
  std::string message(prefix);
  if (!prefix.empty()) message += ": ";
  ExpansionError failed =
      fail(message + error.message, ExpansionHost::Complaint::expression).error();
  failed.arithmetic = true;
  return std::unexpected(failed);
}

Expanded<i64> Expander::State::evaluate_index(std::string_view text) {
  const bool outer = std::exchange(in_index_, true);
  auto value = evaluate_expression(text);
  in_index_ = outer;
  return value;
}

Expanded<i64> Expander::State::evaluated(const arith::Expression& expression,
                                         std::string_view prefix, std::span<const i64> operands) {
  const auto value = arith::evaluate(expression, *this, operands);
  if (!value) return arithmetic_failure(value.error(), prefix);
  return *value;
}

Expanded<i64> Expander::State::evaluate_expression(std::string_view text, std::string_view prefix) {
  i64 plain = 0;
  if (arith::plain_number(text, plain)) return plain;
  const Nested nested(*this);
  if (!nested.fits()) return std::unexpected(ExpansionError{});
  // Four places for each hash, as for patterns.
  const usize first = hash_text(text) % (expressions_.size() / kWays) * kWays;
  usize place = first;
  while (place < first + kWays && expressions_[place] != nullptr &&
         expressions_[place]->text != text) {
    ++place;
  }
  if (place == first + kWays) place = first + next_way_++ % kWays;
  auto& slot = expressions_[place];
  if (slot == nullptr || slot->text != text) {
    if (slot != nullptr && slot->users != 0) {
      // The slot's expression is being evaluated further up: leave it alone.
      const auto value = arith::evaluate_text(text, *this);
      if (!value) return arithmetic_failure(value.error(), prefix);
      return *value;
    }
    auto fresh = std::make_unique<CachedExpression>();
    fresh->text = text;
    fresh->expression = arith::compile(text, fresh->arena);
    slot = std::move(fresh);
  }
  CachedExpression& cached = *slot;
  ++cached.users;
  auto value = evaluated(*cached.expression, prefix);
  --cached.users;
  return value;
}

Expanded<i64> Expander::State::evaluate_with_raw_keys(std::string_view text) {
  raw_keys_ = true;
  const auto value = arith::evaluate_text(text, *this, arith::Subscripts::plain);
  raw_keys_ = false;
  if (!value) return arithmetic_failure(value.error(), {});
  return *value;
}

std::optional<i64> Expander::State::evaluate(std::string_view text) {
  const auto value = evaluate_expression(text);
  if (!value) return std::nullopt;
  return *value;
}

std::optional<std::string> Expander::State::subscript(std::string_view text, bool associative) {
  auto expanded = subscript_value(text, associative);
  if (!expanded) return std::nullopt;
  return *std::move(expanded);
}

// --- variables -------------------------------------------------------------------------------

namespace {

std::unexpected<arith::Error> from_host(std::string message) {
  return std::unexpected(arith::Error{std::move(message), true});
}

}  // namespace

bool Expander::State::variable_number(const arith::VariableUse& use, i64& value) {
  const Variable* variable = variables.find_unresolved(use.name, use.known);
  if (variable == nullptr || variable->has(kNameref)) return false;
  const auto number = variable->number();
  if (!number) return false;
  value = *number;
  return true;
}

// bash: under nounset a variable that has no value is an error, not an array's missing element.
bool Expander::State::is_unbound(const Variable* variable) {
  return host.options().nounset && (variable == nullptr || !variable->is_assigned());
}

Result<std::string_view, arith::Error> Expander::State::variable_text(std::string_view name) {
  Place place;
  if (const auto located = locate_name(name, place); !located) {
    callback_error_ = located.error();
    return from_host({});
  }
  std::string_view value;
  if (!place.name.empty() && !fetch(place, callback_text_, value) &&
      is_unbound(binding_of(place))) {
    callback_error_ = unbound(place).error();
    return from_host({});
  }
  return value;
}

Result<void, arith::Error> Expander::State::set_variable(const arith::VariableUse& use, i64 value) {
  const auto stored = variables.assign_number(use.name, use.known, value);
  if (stored) return {};
  callback_error_ = fail(stored.error()).error();
  return from_host({});
}

bool Expander::State::is_associative(std::string_view name) {
  const Variable* variable = variables.find(name);
  return variable != nullptr && variable->has(kAssociative);
}

Result<std::string, arith::Error> Expander::State::subscript_key(std::string_view text) {
  if (raw_keys_) return std::string(text);
  const bool outer = std::exchange(in_index_, false);
  auto expanded = subscript_value(text, true);
  in_index_ = outer;
  if (expanded) return *std::move(expanded);
  callback_error_ = expanded.error();
  return from_host({});
}

Result<std::string, arith::Error> Expander::State::subscript_index(std::string_view text) {
  const bool outer = std::exchange(in_index_, false);
  auto expanded = subscript_value(text, false);
  in_index_ = outer;
  if (expanded) return *std::move(expanded);
  callback_error_ = expanded.error();
  return from_host({});
}

Result<std::string_view, arith::Error> Expander::State::element_text(
    std::string_view name, const arith::Subscript& subscript) {
  const Variable* variable = variables.find(name);
  if (is_unbound(variable)) {
    callback_error_ =
        fail(std::string(name) + ": unbound variable", 127, FailureReach::shell).error();
    return from_host({});
  }
  const auto complain = [&](std::string_view of) {
    host.report(std::string(of) + ": bad array subscript", ExpansionHost::Complaint::unnamed);
  };
  const std::string* text = nullptr;
  if (subscript.bad) {
    const std::string written = std::string(name).append("[").append(subscript.key).append("]");
    complain(written);
    if (subscript.key.empty()) complain(written);  // bash: twice
  } else if (subscript.associative) {
    if (variable != nullptr) text = variable->associative().find(subscript.key);
  } else {
    if (variable != nullptr) text = Variables::find_element(*variable, subscript.index);
    const i64 end =
        variable != nullptr && variable->has(kIndexed) ? variable->indexed().end_index() : 0;
    if (subscript.index < 0 && subscript.index + end < 0) {
      text = nullptr;
      complain(name);
    }
  }
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

Result<void, arith::Error> Expander::State::set_element(std::string_view name,
                                                        const arith::Subscript& subscript,
                                                        i64 value) {
  if (subscript.bad) {
    const std::string written = std::string(name).append("[").append(subscript.key).append("]");
    if (subscript.key.empty()) {
      host.report("`" + written + "': not a valid identifier",
                  ExpansionHost::Complaint::expression);
    } else {
      host.report(written + ": bad array subscript", ExpansionHost::Complaint::unnamed);
    }
    return {};
  }
  std::string digits;
  append_number(digits, value);
  Variable* variable = variables.find(name);
  const bool is_new = variable == nullptr;
  VariableResult<void> stored;
  if (is_new) {
    auto made = variables.declare(name, Placement::visible);
    if (made) {
      variable = *made;
    } else {
      stored = std::unexpected(made.error());
    }
  }
  if (variable != nullptr) {
    stored = subscript.associative ? variables.assign_element(*variable, subscript.key, digits)
                                   : variables.assign_element(*variable, subscript.index, digits);
  }
  if (stored) return {};
  if (is_new && variable != nullptr) static_cast<void>(variables.unset(std::string(name)));
  callback_error_ = fail(stored.error()).error();
  return from_host({});
}

}  // namespace swebash::engine
