// SPDX-License-Identifier: Apache-2.0
//
// Variables: bindings, scopes and unset.
#include <utility>

#include "engine/variables/vars.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

Variable* Variables::new_variable() {
  if (free_variables_ == nullptr) return new Variable;
  return std::exchange(free_variables_, free_variables_->outer_);
}

// Keeps a variable for the next binding; its text keeps its memory if that is small.
void Variables::release(Variable* variable) {
  constexpr usize kKeep = 256;
  if (variable->text_.capacity() > kKeep) {
    variable->text_ = std::string();
  } else {
    variable->text_.clear();
  }
  variable->indexed_.reset();
  variable->associative_.reset();
  variable->attributes_ = 0;
  variable->assigned_ = false;
  variable->dynamic_ = false;
  variable->text_stale_ = false;
  variable->number_state_ = 0;
  variable->outer_ = std::exchange(free_variables_, variable);
}

// A binding at `scope`, in the chain behind those of inner scopes.
Variable* Variables::push_binding(Name& name, u32 scope) {
  Variable** place = &name.top;
  while (*place != nullptr && (*place)->scope_ > scope) place = &(*place)->outer_;
  Variable* const made = new_variable();
  made->name_ = &name;
  made->scope_ = scope;
  made->outer_ = *place;
  *place = made;
  if (scope != 0) scopes_[scope - 1].bound.push_back(&name);
  return made;
}

void Variables::remove_binding(Name& name, Variable& variable) {
  Variable** place = &name.top;
  while (*place != &variable) place = &(*place)->outer_;
  *place = variable.outer_;
  if (variable.has(kExported) || (name.top != nullptr && name.top->has(kExported))) {
    environment_stale_ = true;
  }
  release(&variable);
  notify(name);
}

u32 Variables::innermost_function() const noexcept {
  usize i = scope_count_;
  while (i > 0 && scopes_[i - 1].kind != ScopeKind::function) --i;
  return static_cast<u32>(i);
}

void Variables::push_scope(ScopeKind kind) {
  if (scope_count_ == scopes_.size()) scopes_.emplace_back();
  scopes_[scope_count_++].kind = kind;
  if (kind == ScopeKind::function) ++function_depth_;
}

void Variables::pop_scope() {
  const auto number = static_cast<u32>(scope_count_--);
  Scope& scope = scopes_[number - 1];
  if (scope.kind == ScopeKind::function) --function_depth_;
  for (Name* name : scope.bound) {
    for (Variable* v = name->top; v != nullptr && v->scope_ >= number; v = v->outer_) {
      if (v->scope_ == number) {
        if (v->has(kKept) && v->text() != nullptr) {
          hand_on(*name, *v);
        } else {
          remove_binding(*name, *v);
        }
        break;
      }
    }
  }
  scope.bound.clear();
}

// Lets `variable`, whose scope ends, leave its value to the binding behind it. What a function has
// exported leaves that, too.
void Variables::hand_on(Name& name, Variable& variable) {
  const std::string value = *variable.text();
  const bool of_call = variable.has(kFromEnvironment);
  const Attributes marks = variable.attributes_ & (kExported | kReadonly);
  remove_binding(name, variable);
  if (!assign(name, value, AssignMode::replace) || !of_call) return;
  Variable& heir = *name.top;
  heir.attributes_ |= marks;
  if (heir.scope_ != 0) heir.attributes_ |= kKept | kFromEnvironment;
  environment_stale_ = true;
}

std::vector<Variable*> Variables::set_scope_aside() {
  std::vector<Variable*> bindings;
  const auto number = static_cast<u32>(scope_count_);
  for (Name* name : scopes_[number - 1].bound) {
    Variable* const variable = name->top;
    if (variable == nullptr || variable->scope_ != number) continue;
    name->top = variable->outer_;
    bindings.push_back(variable);
    notify(*name);
  }
  if (!bindings.empty()) environment_stale_ = true;
  return bindings;
}

void Variables::put_scope_back(std::span<Variable* const> bindings) {
  for (Variable* variable : bindings) {
    Name& name = *variable->name_;
    variable->outer_ = name.top;
    name.top = variable;
    notify(name);
  }
  if (!bindings.empty()) environment_stale_ = true;
}

void Variables::keep_value(std::string_view name) {
  const Name* entry = find_name(name);
  if (entry == nullptr || entry->top == nullptr || entry->top->scope_ == 0) return;
  if (scopes_[entry->top->scope_ - 1].kind != ScopeKind::function) entry->top->attributes_ |= kKept;
}

// Those that change what is assigned.
constexpr Attributes kOfValues = kInteger | kLower | kUpper | kCapital;

VariableResult<void> Variables::assign_temporary(std::string_view name, std::string_view value,
                                                 AssignMode mode) {
  // bash: what a reference refers to is what the command gets; an element counts for nothing.
  const auto target = resolve(name);
  const bool refers = target && !target->has_subscript && !target->unbound_reference;
  Name& entry = intern(refers ? std::string(target->name) : std::string(name));
  const auto number = static_cast<u32>(scope_count_);
  Variable* variable = entry.top;
  if (variable != nullptr) SWEBASH_TRY(check_writable(*variable));
  if (variable == nullptr || variable->scope_ != number) {
    const Variable* const outer = variable;
    variable = push_binding(entry, number);
    if (outer != nullptr) {
      // bash: the attributes count for what is appended, and are not the command's.
      if (mode == AssignMode::append && !outer->has(kNameref)) {
        variable->attributes_ = outer->attributes_ & kOfValues;
      }
      if (mode == AssignMode::append && outer->text() != nullptr) {
        variable->put_text(*outer->text());
      }
    }
  }
  SWEBASH_TRY(assign_to(*variable, value, mode));
  variable->attributes_ = (variable->attributes_ & ~kOfValues) | kExported;
  environment_stale_ = true;
  return {};
}

// Whether `variable` was assigned before the declaring command that runs now.
bool Variables::stands_before_command(const Variable& variable) const noexcept {
  return variable.scope_ != 0 && variable.scope_ == scope_count_ &&
         scopes_[variable.scope_ - 1].kind == ScopeKind::declaration;
}

// `x=1 local x`: the local variable has the value that stood before the command.
Variable* Variables::take_over(Name& entry, Variable& before, u32 scope) {
  const std::string value = before.text() != nullptr ? *before.text() : std::string();
  remove_binding(entry, before);
  Variable* made = entry.top;
  if (made == nullptr || made->scope_ != scope) {
    made = push_binding(entry, scope);
    made->attributes_ = kExported | kFromEnvironment;
  }
  made->put_text(value);
  touched(*made);
  return made;
}

void Variables::keep_temporary(const Variable& variable) {
  if (variable.scope_ != 0 && scopes_[variable.scope_ - 1].kind == ScopeKind::call) {
    variable.name_->top->attributes_ |= kKept | kFromEnvironment;
    return;
  }
  if (!stands_before_command(variable)) return;
  Name& entry = *variable.name_;
  const std::string value = variable.text() != nullptr ? *variable.text() : std::string();
  const Attributes attributes = variable.attributes_;
  remove_binding(entry, *entry.top);
  Variable* kept = entry.top;
  if (kept == nullptr) kept = push_binding(entry, 0);
  if (!assign_to(*kept, value)) return;
  kept->attributes_ |= attributes;
  environment_stale_ = true;
}

Variable* Variables::find_at(std::string_view name, Placement placement) {
  const Name* entry = find_name(name);
  if (entry == nullptr) return nullptr;
  Variable* variable = entry->top;
  if (placement == Placement::visible) return variable;
  const u32 scope = placement == Placement::local ? innermost_function() : 0;
  while (variable != nullptr && variable->scope_ > scope) variable = variable->outer_;
  return variable != nullptr && variable->scope_ == scope ? variable : nullptr;
}

std::string Variables::local_target(std::string_view name) {
  std::string target(name);
  for (int depth = 0; depth < kNamerefLimit; ++depth) {
    const Variable* reference = find_at(target, Placement::local);
    if (reference == nullptr || !reference->has(kNameref)) return target;
    const std::string* held = reference->text();
    if (held == nullptr || !is_valid_name(*held)) return target;
    target = *held;
  }
  return target;
}

VariableResult<Variable*> Variables::declare(std::string_view name, Placement placement) {
  Name& entry = intern(name);
  if (placement == Placement::visible) {
    if (entry.top != nullptr) return entry.top;
    return push_binding(entry, 0);
  }
  const u32 scope = placement == Placement::local ? innermost_function() : 0;
  Variable* outer = entry.top;
  if (placement == Placement::local && outer != nullptr && stands_before_command(*outer)) {
    return take_over(entry, *outer, scope);
  }
  // bash: within `x=1 eval ...` a local x is the one of the command's environment.
  if (placement == Placement::local && outer != nullptr && outer->scope_ > scope) {
    outer->attributes_ |= kMadeLocal;
    return outer;
  }
  while (outer != nullptr && outer->scope_ > scope) outer = outer->outer_;
  if (outer != nullptr && outer->scope_ == scope) return outer;
  if (scope == 0) return push_binding(entry, 0);
  if (outer != nullptr && outer->scope_ == 0 && outer->has(kReadonly)) {
    return readonly_error(name);
  }
  Variable* const made = push_binding(entry, scope);
  if (outer == nullptr) return made;
  made->attributes_ = outer->attributes_ & kExported;
  // bash: a local variable takes over what the call's own temporary environment gave it.
  const ScopeKind kind = outer->scope_ != 0 ? scopes_[outer->scope_ - 1].kind : ScopeKind::function;
  const bool temporary = kind == ScopeKind::temporary || kind == ScopeKind::call;
  if (temporary || local_inherit_) {
    made->attributes_ = outer->attributes_ & ~(kNameref | kReadonly);
    if (outer->has(kIndexed)) {
      *(made->indexed_ = std::make_unique<IndexedArray>()) = *outer->indexed_;
    } else if (outer->has(kAssociative)) {
      made->associative_ = std::make_unique<AssociativeArray>(*outer->associative_);
    } else if (const std::string* text = outer->text()) {
      made->put_text(*text);
    }
    made->assigned_ = outer->assigned_;
  }
  if (temporary) made->attributes_ |= kFromEnvironment;
  // The temporary environment of the call itself is one with its locals: unset uncovers neither.
  if (temporary && outer->scope_ + 1 == scope) {
    if (made->has(kExported)) environment_stale_ = true;
    remove_binding(entry, *outer);
    return made;
  }
  if (made->has(kExported) || outer->has(kExported)) environment_stale_ = true;
  notify(entry);
  return made;
}

VariableResult<void> Variables::unset_binding(Name& name) {
  Variable* const variable = name.top;
  if (variable == nullptr) return {};
  if (variable->has(kReadonly | kNoUnset)) {
    return variable->has(kReadonly) ? readonly_error(name.text, "cannot unset: readonly variable")
                                    : variable_error(name.text, "cannot unset");
  }
  const u32 scope = variable->scope_;
  const bool function_local =
      scope != 0 && (scopes_[scope - 1].kind == ScopeKind::function || variable->has(kMadeLocal));
  const bool own_local = function_local && (scope >= innermost_function() || local_unset_);
  if (!own_local) {
    remove_binding(name, *variable);
    return {};
  }
  // bash: it stays local, so that assigning to it again does not reach the outer one.
  if (variable->has(kExported)) environment_stale_ = true;
  variable->text_.clear();
  variable->indexed_.reset();
  variable->associative_.reset();
  // bash: what came of the call's environment stays exported, once.
  variable->attributes_ =
      variable->has(kFromEnvironment) ? variable->attributes_ & kExported : Attributes{0};
  variable->assigned_ = false;
  variable->text_stale_ = false;
  variable->number_state_ = 0;
  notify(name);
  return {};
}

VariableResult<void> Variables::unset(std::string_view name) {
  Name* entry = find_name(name);
  if (entry == nullptr || entry->top == nullptr) return {};
  if (!entry->top->has(kNameref)) return unset_binding(*entry);
  const auto found = resolve(name);
  if (!found) {
    // bash: what refers to itself is all there is to unset.
    if (warn_ != nullptr) warn_(warn_context_, found.error().message);
    return unset_binding(*entry);
  }
  const Target& target = *found;
  if (target.unbound_reference) return unset_binding(*entry);
  Name* const referred = find_name(target.name);
  if (referred == nullptr || referred->top == nullptr) return {};
  if (!target.has_subscript) return unset_binding(*referred);
  if (arithmetic_ == nullptr) return variable_error(name, "no arithmetic");
  const auto expanded = arithmetic_->subscript(target.subscript, referred->top->has(kAssociative));
  if (!expanded) return std::unexpected(VariableError{});
  const std::string& subscript = *expanded;
  if (referred->top == nullptr) return {};
  Variable& variable = *referred->top;
  if (variable.has(kAssociative)) return unset_element(variable, subscript);
  const auto index = arithmetic_->evaluate(subscript);
  if (!index) return std::unexpected(VariableError{});
  return unset_element(variable, *index);
}

void Variables::forget(std::string_view name) {
  Name* const entry = find_name(name);
  if (entry == nullptr || entry->top == nullptr) return;
  entry->top->attributes_ &= ~(kReadonly | kNoUnset);
  static_cast<void>(unset_binding(*entry));
}

VariableResult<void> Variables::unset_reference(std::string_view name) {
  Name* entry = find_name(name);
  // bash: what is no reference stays.
  if (entry == nullptr || entry->top == nullptr || !entry->top->has(kNameref)) return {};
  return unset_binding(*entry);
}

VariableResult<void> Variables::unset_element(Variable& variable, i64 index) {
  if (variable.has(kReadonly)) {
    return readonly_error(variable.name(), "cannot unset: readonly variable");
  }
  if (variable.has(kAssociative)) {
    std::string key;
    append_number(key, index);
    return unset_element(variable, key);
  }
  if (!variable.has(kIndexed)) {
    if (index == 0) return unset_binding(*variable.name_);
    return {};
  }
  const i64 place = index < 0 ? index + variable.indexed_->end_index() : index;
  if (place < 0) {
    std::string where = "[";
    append_number(where, index);
    where += ']';
    return variable_error(where, "bad array subscript");
  }
  variable.indexed_->erase(place);
  touched(variable);
  return {};
}

VariableResult<void> Variables::unset_element(Variable& variable, std::string_view key) {
  if (variable.has(kReadonly)) {
    return readonly_error(variable.name(), "cannot unset: readonly variable");
  }
  if (variable.dynamic_ && variable.name_->hooks != nullptr &&
      variable.name_->hooks->assign_element != nullptr) {
    variable.name_->hooks->assign_element(variable.name_->hooks->context, key, nullptr);
    return {};
  }
  if (variable.has(kAssociative)) variable.associative_->erase(key);
  touched(variable);
  return {};
}

}  // namespace swebash::engine
