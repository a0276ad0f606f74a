// SPDX-License-Identifier: Apache-2.0
//
// Variables: assignment, attributes and what `declare` makes.
#include <utility>

#include "engine/text/utf8.hpp"
#include "engine/variables/vars.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

namespace {

constexpr usize kStringLimit = usize{1} << 30;

std::string with_case(std::string_view text, Attributes attributes) {
  std::string out;
  out.reserve(text.size());
  bool first = true;
  for (usize i = 0; i < text.size();) {
    const auto c = utf8::decode(text, i);
    const bool up = (attributes & kUpper) != 0 || ((attributes & kCapital) != 0 && first);
    utf8::append(out, up ? utf8::to_upper(c.code) : utf8::to_lower(c.code));
    first = false;
    i += c.length;
  }
  return out;
}

}  // namespace

VariableResult<void> Variables::check_writable(const Variable& variable) const {
  if (variable.has(kReadonly)) return readonly_error(variable.name());
  return {};
}

void Variables::notify(const Name& name) {
  if (name.hooks == nullptr || name.hooks->changed == nullptr) return;
  const bool has_value = name.top != nullptr && (name.top->assigned_ || name.top->dynamic_);
  name.hooks->changed(name.hooks->context, name.text, has_value ? name.top : nullptr);
}

void Variables::touched(Variable& variable) {
  if (export_all_) variable.attributes_ |= kExported;
  if (variable.has(kExported)) environment_stale_ = true;
  if (variable.name_->hooks != nullptr) notify(*variable.name_);
}

// Puts `value` into `slot`, a text of `variable`, by the attributes. `value` may be part of `slot`.
VariableResult<void> Variables::store(Variable& variable, std::string& slot, std::string_view value,
                                      AssignMode mode) {
  constexpr Attributes kConverting = kInteger | kLower | kUpper | kCapital;
  if (value.size() > kStringLimit - (mode == AssignMode::append ? slot.size() : 0)) {
    return variable_error(variable.name(), "string too long");
  }
  if (!variable.has(kConverting)) {
    if (mode == AssignMode::append) {
      slot.append(value);
    } else {
      slot.assign(value);
    }
    return {};
  }
  if (variable.has(kInteger)) {
    if (arithmetic_ == nullptr) return variable_error(variable.name(), "no arithmetic");
    const auto number = arithmetic_->evaluate(value);
    if (!number) return std::unexpected(VariableError{});
    i64 base = 0;
    if (mode == AssignMode::append && !slot.empty()) {
      const auto old = arithmetic_->evaluate(slot);
      if (!old) return std::unexpected(VariableError{});
      base = *old;
    }
    slot.clear();
    append_number(slot, static_cast<i64>(static_cast<u64>(base) + static_cast<u64>(*number)));
    return {};
  }
  std::string joined;
  if (mode == AssignMode::append) joined = slot;
  joined.append(value);
  slot = with_case(joined, variable.attributes_);
  return {};
}

VariableResult<void> Variables::assign_nameref(Variable& variable, std::string_view value) {
  std::string_view name = value;
  const usize open = value.find('[');
  if (open != std::string_view::npos && value.back() == ']') name = value.substr(0, open);
  if (!is_valid_name(name)) {
    std::string message = "`";
    message += value;
    message += "': not a valid identifier";
    return std::unexpected(VariableError{std::move(message)});
  }
  variable.put_text(value);
  touched(variable);
  return {};
}

// bash: what declares a reference, and a loop, sees to it that it is not to itself; an assignment
// does not.
VariableResult<void> Variables::refuse_self_reference(const Variable& variable,
                                                      std::string_view value) {
  if (value != variable.name() || variable.scope_ != 0) return {};
  return variable_error(value, "nameref variable self references not allowed");
}

VariableResult<void> Variables::refer(Variable& variable, std::string_view value, AssignMode mode) {
  SWEBASH_TRY(check_writable(variable));
  const std::string* held = variable.text();
  std::string target = held != nullptr && mode == AssignMode::append ? *held : std::string();
  SWEBASH_TRY(store(variable, target, value, mode));
  SWEBASH_TRY(refuse_self_reference(variable, target));
  return assign_nameref(variable, target);
}

void Variables::drop_reference(Variable& variable) {
  variable.attributes_ &= ~kNameref;
  variable.text_.clear();
  variable.text_stale_ = false;
  variable.number_state_ = 0;
  variable.assigned_ = false;
}

VariableResult<void> Variables::assign_through(const Target& target, std::string_view value,
                                               AssignMode mode) {
  if (target.unbound_reference) return assign_nameref(*find_unresolved(target.name), value);
  const std::string name(target.name);
  Variable* variable = find_unresolved(name);
  if (!target.has_subscript) {
    if (variable == nullptr) variable = push_binding(intern(name), 0);
    return assign_to(*variable, value, mode);
  }
  if (variable == nullptr) variable = push_binding(intern(name), 0);
  if (arithmetic_ == nullptr) return variable_error(name, "no arithmetic");
  const auto expanded = arithmetic_->subscript(target.subscript, variable->has(kAssociative));
  if (!expanded) return std::unexpected(VariableError{});
  const std::string& subscript = *expanded;
  variable = find_unresolved(name);
  if (variable == nullptr) variable = push_binding(intern(name), 0);
  if (variable->has(kAssociative)) return assign_element(*variable, subscript, value, mode);
  if (subscript == "@" || subscript == "*") {
    return variable_error(name + "[" + subscript + "]", "bad array subscript");
  }
  const auto index = arithmetic_->evaluate(subscript);
  if (!index) return std::unexpected(VariableError{});
  return assign_element(*variable, *index, value, mode);
}

VariableResult<void> Variables::assign(std::string_view name, std::string_view value,
                                       AssignMode mode) {
  return assign(intern(name), value, mode);
}

VariableResult<void> Variables::assign(std::string_view name, Name*& known, std::string_view value,
                                       AssignMode mode) {
  if (known == nullptr) known = &intern(name);
  return assign(*known, value, mode);
}

VariableResult<void> Variables::assign(Name& entry, std::string_view value, AssignMode mode) {
  Variable* variable = entry.top;
  if (variable == nullptr) {
    variable = push_binding(entry, 0);
  } else if (variable->has(kNameref)) {
    const std::string_view name = entry.text;
    const auto target = resolve(name);
    if (target) return assign_through(*target, value, mode);
    variable = reach_behind(name);
    if (variable == nullptr) return std::unexpected(target.error());
    if (warn_ != nullptr) warn_(warn_context_, target.error().message);
  }
  // The common case: a text to keep, and nobody to tell.
  constexpr Attributes kNotable = ~Attributes{kTrace | kNoUnset | kMadeLocal};
  if (!variable->has(kNotable) && !variable->dynamic_ && entry.hooks == nullptr && !export_all_ &&
      mode == AssignMode::replace && value.size() <= kStringLimit) {
    variable->put_text(value);
    return {};
  }
  return assign_to(*variable, value, mode);
}

VariableResult<void> Variables::assign_loop_variable(std::string_view name, Name*& known,
                                                     std::string_view value) {
  Variable* variable = find_unresolved(name, known);
  if (variable == nullptr || !variable->has(kNameref) || reach_behind(name) != nullptr) {
    return assign(name, known, value, AssignMode::replace);
  }
  SWEBASH_TRY(check_writable(*variable));
  SWEBASH_TRY(refuse_self_reference(*variable, value));
  return assign_nameref(*variable, value);
}

VariableResult<void> Variables::assign_number(std::string_view name, Name*& known, i64 value) {
  if (known == nullptr) known = &intern(name);
  Variable* variable = known->top;
  if (variable == nullptr) {
    variable = push_binding(*known, 0);
  } else if (variable->has(kNameref)) {
    std::string text;
    append_number(text, value);
    return assign(*known, text, AssignMode::replace);
  }
  return assign_number_to(*variable, value);
}

VariableResult<void> Variables::assign_number_to(Variable& variable, i64 value) {
  if (variable.has(kReadonly | kIndexed | kAssociative) || variable.dynamic_) {
    std::string text;
    append_number(text, value);
    return assign_to(variable, text);
  }
  variable.put_number(value);
  touched(variable);
  return {};
}

VariableResult<void> Variables::assign_to(Variable& variable, std::string_view value,
                                          AssignMode mode) {
  SWEBASH_TRY(check_writable(variable));
  if (variable.is_array()) {
    if (variable.has(kAssociative)) return assign_element(variable, "0", value, mode);
    return assign_element(variable, i64{0}, value, mode);
  }
  if (variable.dynamic_) {
    const VariableHooks* hooks = variable.name_->hooks.get();
    if (hooks != nullptr && hooks->assign != nullptr &&
        hooks->assign(hooks->context, variable, value)) {
      touched(variable);
      return {};
    }
  }
  // An append reads the old text, which may only be known as a number.
  if (mode == AssignMode::append && variable.text_stale_) (void)variable.text();
  if (!variable.assigned_) variable.text_.clear();
  variable.text_stale_ = false;
  SWEBASH_TRY(store(variable, variable.text_, value, mode));
  variable.number_state_ = 0;
  variable.assigned_ = true;
  touched(variable);
  return {};
}

VariableResult<void> Variables::assign_element(Variable& variable, i64 index,
                                               std::string_view value, AssignMode mode) {
  SWEBASH_TRY(check_writable(variable));
  if (variable.has(kAssociative)) {
    std::string key;
    append_number(key, index);
    return assign_element(variable, key, value, mode);
  }
  if (!variable.has(kIndexed)) SWEBASH_TRY(set_attributes(variable, kIndexed, 0));
  if (variable.dynamic_) {
    const VariableHooks* hooks = variable.name_->hooks.get();
    if (hooks != nullptr && hooks->assign_element != nullptr) {
      std::string key;
      append_number(key, index);
      const std::string_view shown = value;
      hooks->assign_element(hooks->context, key, &shown);
      return {};
    }
  }
  IndexedArray& array = *variable.indexed_;
  if (index < 0) {
    const i64 from_end = array.end_index() + index;
    if (from_end < 0) {
      std::string where(variable.name());
      where += '[';
      append_number(where, index);
      where += ']';
      return variable_error(where, "bad array subscript");
    }
    index = from_end;
  }
  variable.assigned_ = true;
  if (!variable.has(kInteger | kLower | kUpper | kCapital)) {
    std::string& slot = array.at(index);
    if (mode == AssignMode::append) {
      slot.append(value);
    } else {
      slot.assign(value);
    }
  } else {
    // Evaluating may run into this array again: no reference is kept meanwhile.
    const std::string* old = array.find(index);
    std::string text = old != nullptr ? *old : std::string();
    SWEBASH_TRY(store(variable, text, value, mode));
    array.at(index) = std::move(text);
  }
  touched(variable);
  return {};
}

VariableResult<void> Variables::assign_element(Variable& variable, std::string_view key,
                                               std::string_view value, AssignMode mode) {
  SWEBASH_TRY(check_writable(variable));
  if (key.empty()) {
    std::string where(variable.name());
    where += "[]";
    return variable_error(where, "bad array subscript");
  }
  if (variable.dynamic_) {
    const VariableHooks* hooks = variable.name_->hooks.get();
    if (hooks != nullptr && hooks->assign_element != nullptr) {
      hooks->assign_element(hooks->context, key, &value);
      return {};
    }
  }
  if (!variable.has(kAssociative)) SWEBASH_TRY(set_attributes(variable, kAssociative, 0));
  AssociativeArray& array = *variable.associative_;
  variable.assigned_ = true;
  const std::string* old = array.find(key);
  std::string text = old != nullptr ? *old : std::string();
  SWEBASH_TRY(store(variable, text, value, mode));
  array.at(key) = std::move(text);
  touched(variable);
  return {};
}

const std::string* Variables::find_element(const Variable& variable, i64 index) {
  if (variable.has(kAssociative)) {
    std::string key;
    append_number(key, index);
    return variable.associative_->find(key);
  }
  if (!variable.has(kIndexed)) {
    return index == 0 || index == -1 ? variable.text() : nullptr;
  }
  if (index < 0) index += variable.indexed_->end_index();
  return index < 0 ? nullptr : variable.indexed_->find(index);
}

VariableResult<void> Variables::set_attributes(Variable& variable, Attributes on, Attributes off) {
  if ((off & kReadonly) != 0 && variable.has(kReadonly)) {
    return readonly_error(variable.name());
  }
  if ((off & (kIndexed | kAssociative) & variable.attributes_) != 0) {
    return variable_error(variable.name(), "cannot destroy array variables in this way");
  }
  if ((on & kAssociative) != 0 && variable.has(kIndexed)) {
    return variable_error(variable.name(), "cannot convert indexed to associative array");
  }
  if ((on & kIndexed) != 0 && variable.has(kAssociative)) {
    return variable_error(variable.name(), "cannot convert associative to indexed array");
  }
  const Attributes kinds = on & (kIndexed | kAssociative);
  if (kinds != 0 && !variable.is_array()) {
    const bool assigned = variable.assigned_;
    const std::string* text = variable.text();
    if (kinds == kAssociative) {
      AssociativeArray& array = variable.put_associative();
      // bash: what was a variable already gets a smaller table.
      constexpr u32 kConvertedBuckets = 128;
      if (assigned) array.set_first_buckets(kConvertedBuckets);
      if (text != nullptr) array.at("0") = *text;
    } else {
      IndexedArray& array = variable.put_indexed();
      if (text != nullptr) array.at(0) = *text;
    }
    variable.assigned_ = assigned;
  }
  // The three cases exclude each other; the one set last holds, two at once are none.
  constexpr Attributes kCases = kLower | kUpper | kCapital;
  const Attributes cases = on & kCases;
  if (cases != 0) {
    off |= kCases & ~cases;
    if ((cases & (cases - 1)) != 0) {
      on &= ~kCases;
      off |= kCases;
    }
  }
  const Attributes before = variable.attributes_;
  variable.attributes_ = (before | on) & ~off;
  if (((before ^ variable.attributes_) & (kExported | kIndexed | kAssociative)) != 0) {
    environment_stale_ = true;
  }
  return {};
}

VariableResult<void> Variables::clear_array(Variable& variable) {
  SWEBASH_TRY(check_writable(variable));
  if (variable.has(kAssociative)) {
    variable.put_associative();
  } else {
    variable.put_indexed();
  }
  touched(variable);
  return {};
}

}  // namespace swebash::engine
