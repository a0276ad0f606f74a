// SPDX-License-Identifier: Apache-2.0
//
// References given as text, as builtins have them: `read a[1]`, `unset a[1]`, `[[ -v a[1] ]]`.
#include "engine/expansion/expand_internal.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {
namespace {

// Where the subscript ends whose "[" stands at `open`: quotes and backslashes hide brackets.
usize subscript_end(std::string_view text, usize open) {
  usize depth = 0;
  char quote = 0;
  for (usize i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '[') {
      ++depth;
    } else if (c == ']' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Reference> Expander::parse_reference(std::string_view text, Brackets brackets) {
  const usize open = text.find('[');
  Reference reference;
  reference.name = text.substr(0, open);
  if (!Variables::is_valid_name(reference.name)) return std::nullopt;
  if (open == std::string_view::npos) return reference;
  if (text.back() != ']' || text.size() < open + 3) return std::nullopt;
  if (brackets == Brackets::balanced && subscript_end(text, open) != text.size() - 1) {
    return std::nullopt;
  }
  reference.subscript = text.substr(open + 1, text.size() - open - 2);
  reference.has_subscript = true;
  return reference;
}

std::optional<Reference> Expander::operand_reference(std::string_view text) const {
  const bool once = state_->host.options().assoc_expand_once;
  return parse_reference(text, once ? Brackets::any : Brackets::balanced);
}

Expanded<void> Expander::assign_reference(std::string_view text, std::string_view value,
                                          AssignMode mode) {
  const auto reference = operand_reference(text);
  if (!reference) {
    std::string message = "`";
    message += text;
    return state_->fail(message + "': not a valid identifier", kFailure, FailureReach::command);
  }
  Variables& variables = state_->variables;
  if (!reference->has_subscript) {
    const auto stored = variables.assign(reference->name, value, mode);
    if (!stored) return state_->fail(stored.error(), FailureReach::command);
    return {};
  }
  const auto target = variables.resolve(reference->name);
  const bool is_new = target && variables.find_unresolved(target->name) == nullptr;
  auto variable = target ? variables.declare(std::string(target->name), Placement::visible)
                         : variables.reach_behind(reference->name);
  if (!target) {
    if (*variable == nullptr) return state_->fail(target.error(), FailureReach::command);
    state_->host.report(target.error().message);
  }
  if (!variable) return state_->fail(variable.error(), FailureReach::command);
  const auto stored = [&]() -> Expanded<void> {
    std::string subscript(reference->subscript);
    if ((*variable)->has(kAssociative)) {
      subscript = SWEBASH_TRY(state_->reference_key(subscript));
    } else if (subscript != "@" && subscript != "*") {
      subscript = SWEBASH_TRY(state_->subscript_value(subscript, false));
    }
    return state_->store_element(**variable, subscript, value, mode, false, reference->subscript);
  }();
  // bash: a subscript that is wrong makes no variable.
  if (!stored && is_new) static_cast<void>(variables.unset(target->name));
  return stored;
}

Expanded<void> Expander::unset_reference(const Reference& reference) {
  Variables& variables = state_->variables;
  Variable* variable = variables.find(reference.name);
  if (variable == nullptr) return {};
  if (!reference.has_subscript) {
    const auto done = variables.unset(reference.name);
    if (!done) return state_->fail(done.error(), FailureReach::command);
    return {};
  }
  const std::string_view subscript = reference.subscript;
  VariableResult<void> done;
  if (variable->has(kAssociative)) {
    done = variables.unset_element(*variable, SWEBASH_TRY(state_->reference_key(subscript)));
  } else if (subscript == "@" || subscript == "*") {
    if (variable->has(kReadonly)) {
      done = readonly_error(variable->name(), "cannot unset: readonly variable");
    } else if (variable->has(kIndexed)) {
      done = variables.clear_array(*variable);
    } else {
      done = variables.unset(reference.name);
    }
  } else {
    const std::string text = SWEBASH_TRY(state_->subscript_value(subscript, false));
    const i64 index = SWEBASH_TRY(state_->evaluate_index(text));
    if (!variable->is_array() && index != 0) {
      return state_->fail(std::string(reference.name) + ": not an array variable", kFailure,
                          FailureReach::command);
    }
    done = variables.unset_element(*variable, index);
  }
  if (done) return {};
  // It is the builtin that says so, even of what is readonly.
  VariableError error = done.error();
  error.reason = VariableError::Reason::other;
  return state_->fail(error, FailureReach::command);
}

Expanded<bool> Expander::is_set_reference(std::string_view text, Keys keys) {
  Place place;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    SWEBASH_TRY(state_->locate_name(text, place));
  } else {
    const auto reference =
        parse_reference(text, keys == Keys::quoted ? Brackets::any : Brackets::balanced);
    if (!reference) return false;
    SWEBASH_TRY(state_->locate_name(reference->name, place));
    if (place.by_reference) return false;  // bash: an element is no variable
    if (reference->has_subscript) {
      Variable* variable = state_->variables.find(reference->name);
      std::string subscript(reference->subscript);
      if (variable != nullptr && variable->has(kAssociative)) {
        subscript = SWEBASH_TRY(keys == Keys::quoted ? state_->subscript_value(subscript, true)
                                                     : state_->reference_key(subscript));
        return variable->associative().find(subscript) != nullptr;
      }
      SWEBASH_TRY(state_->locate_subscript(subscript, place));
    }
  }
  if (place.is_list()) {
    std::vector<std::string_view> items;
    state_->fetch_items(place, items);
    return !items.empty();
  }
  std::string scratch;
  std::string_view value;
  return state_->fetch(place, scratch, value);
}

}  // namespace swebash::engine
