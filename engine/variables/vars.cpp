// SPDX-License-Identifier: Apache-2.0
#include "engine/variables/vars.hpp"

#include <algorithm>
#include <cstring>

#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

namespace {

constexpr bool is_name_start(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_name_char(char c) noexcept { return is_name_start(c) || (c >= '0' && c <= '9'); }

// Names are short: a loop in place takes less than a call of memcmp.
bool is_same(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (usize i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

u32 hash_name(std::string_view name) noexcept {
  u32 hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<u8>(c)) * 16777619U;
  return hash ^ (hash >> 15);
}

}  // namespace

void append_number(std::string& out, i64 number) {
  char digits[24];
  char* end = digits + sizeof digits;
  char* p = end;
  const bool negative = number < 0;
  u64 rest = negative ? ~static_cast<u64>(number) + 1 : static_cast<u64>(number);
  do {
    *--p = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (negative) *--p = '-';
  out.append(p, static_cast<usize>(end - p));
}

// --- Variable --------------------------------------------------------------------------------

std::string_view Variable::name() const noexcept { return name_->text; }

const std::string* Variable::text() const {
  if (is_array()) {
    if (indexed_ != nullptr) return indexed_->find(0);
    return associative_ != nullptr ? associative_->find("0") : nullptr;
  }
  if (!assigned_) return nullptr;
  if (text_stale_) {
    text_.clear();
    append_number(text_, number_);
    text_stale_ = false;
  }
  return &text_;
}

bool Variable::is_set() const noexcept {
  if (is_array()) return text() != nullptr;
  return assigned_;
}

std::optional<i64> Variable::number() const {
  if (is_array()) {
    return std::nullopt;
  }
  if (!assigned_) return std::nullopt;
  if (number_state_ == 0) {
    number_state_ = 2;
    const std::string& text = text_;
    const bool negative = !text.empty() && text[0] == '-';
    const usize first = negative ? 1 : 0;
    const usize digits = text.size() - first;
    // A leading zero would be octal, and 18 digits cannot overflow.
    if (digits >= 1 && digits <= 18 && (text[first] != '0' || digits == 1)) {
      i64 value = 0;
      usize i = first;
      for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
        value = value * 10 + (text[i] - '0');
      }
      if (i == text.size()) {
        number_ = negative ? -value : value;
        number_state_ = 1;
      }
    }
  }
  if (number_state_ != 1) return std::nullopt;
  return number_;
}

void Variable::put_text(std::string_view text) {
  text_.assign(text);
  text_stale_ = false;
  number_state_ = 0;
  assigned_ = true;
}

void Variable::put_number(i64 number) {
  number_ = number;
  number_state_ = 1;
  text_stale_ = true;
  assigned_ = true;
}

IndexedArray& Variable::put_indexed() {
  associative_.reset();
  if (indexed_ == nullptr) {
    indexed_ = std::make_unique<IndexedArray>();
  } else {
    indexed_->clear();
  }
  attributes_ = (attributes_ | kIndexed) & ~kAssociative;
  assigned_ = true;
  return *indexed_;
}

void Variable::put_unassigned() {
  indexed_.reset();
  associative_.reset();
  attributes_ &= ~(kIndexed | kAssociative);
  assigned_ = false;
}

void Variable::put_unassigned_indexed() {
  put_indexed();
  assigned_ = false;
}

AssociativeArray& Variable::put_associative() {
  indexed_.reset();
  if (associative_ == nullptr) {
    associative_ = std::make_unique<AssociativeArray>();
  } else {
    associative_->clear();
  }
  attributes_ = (attributes_ | kAssociative) & ~kIndexed;
  assigned_ = true;
  return *associative_;
}

// --- Variables: names ------------------------------------------------------------------------

Variables::Variables() : table_(256) {}

Variables::~Variables() {
  for (Name* name : names_) {
    for (Variable* v = name->top; v != nullptr;) delete std::exchange(v, v->outer_);
    delete name;
  }
  for (Variable* v = free_variables_; v != nullptr;) delete std::exchange(v, v->outer_);
}

bool Variables::is_valid_name(std::string_view text) noexcept {
  if (text.empty() || !is_name_start(text[0])) return false;
  return std::all_of(text.begin() + 1, text.end(), is_name_char);
}

Name* Variables::find_name(std::string_view name) const noexcept {
  const u32 hash = hash_name(name);
  const usize mask = table_.size() - 1;
  for (usize i = hash & mask; table_[i] != nullptr; i = (i + 1) & mask) {
    Name* const candidate = table_[i];
    if (candidate->hash == hash && is_same(candidate->text, name)) return candidate;
  }
  return nullptr;
}

Name& Variables::intern(std::string_view name) {
  if (Name* known = find_name(name)) return *known;
  if ((names_.size() + 1) * 2 > table_.size()) grow_table();
  auto* made = new Name;
  made->text = name;
  made->hash = hash_name(name);
  names_.push_back(made);
  const usize mask = table_.size() - 1;
  usize i = made->hash & mask;
  while (table_[i] != nullptr) i = (i + 1) & mask;
  table_[i] = made;
  return *made;
}

void Variables::grow_table() {
  table_.assign(table_.size() * 2, nullptr);
  const usize mask = table_.size() - 1;
  for (Name* name : names_) {
    usize i = name->hash & mask;
    while (table_[i] != nullptr) i = (i + 1) & mask;
    table_[i] = name;
  }
}

bool Variable::is_on_demand() const noexcept {
  return dynamic_ && name_->hooks != nullptr && name_->hooks->on_demand;
}

void Variables::set_hooks(std::string_view name, const VariableHooks& hooks) {
  Name& entry = intern(name);
  entry.hooks = std::make_unique<VariableHooks>(hooks);
  if (hooks.refresh == nullptr && hooks.assign == nullptr) return;
  if (entry.top == nullptr) push_binding(entry, 0);
  entry.top->dynamic_ = true;
  entry.top->assigned_ = !hooks.on_demand;
}

// --- lookup ----------------------------------------------------------------------------------

void Variables::refresh(Variable& variable) {
  const VariableHooks* hooks = variable.name_->hooks.get();
  if (hooks != nullptr && hooks->refresh != nullptr) hooks->refresh(hooks->context, variable);
}

Variable* Variables::find_unresolved(std::string_view name) {
  const Name* entry = find_name(name);
  if (entry == nullptr || entry->top == nullptr) return nullptr;
  if (entry->top->dynamic_) refresh(*entry->top);
  return entry->top;
}

Variable* Variables::find_unresolved(std::string_view name, Name*& known) {
  if (known == nullptr) known = find_name(name);
  if (known == nullptr) return nullptr;
  Variable* const variable = known->top;
  if (variable != nullptr && variable->dynamic_) refresh(*variable);
  return variable;
}

Variable* Variables::find(std::string_view name) {
  Variable* variable = find_unresolved(name);
  if (variable == nullptr || !variable->has(kNameref)) return variable;
  const auto target = resolve(name);
  if (!target) {
    if (warn_ != nullptr) warn_(warn_context_, target.error().message);
    return find_behind(name);
  }
  if (target->has_subscript || target->unbound_reference) return nullptr;
  return find_unresolved(target->name);
}

// Whether `variable`, the visible binding of `name`, is a local reference that leads to itself.
bool Variables::is_circle(const Variable* variable, std::string_view name) {
  return variable != nullptr && variable->scope_ != 0 && variable->has(kNameref) && !resolve(name);
}

Variable* Variables::find_behind(std::string_view name) {
  Variable* variable = find_unresolved(name);
  if (!is_circle(variable, name)) return nullptr;
  while (variable != nullptr && variable->scope_ != 0) variable = variable->outer_;
  return variable == nullptr || variable->has(kNameref) ? nullptr : variable;
}

Variable* Variables::reach_behind(std::string_view name) {
  Variable* const behind = find_behind(name);
  if (behind != nullptr) return behind;
  const Variable* const variable = find_unresolved(name);
  if (!is_circle(variable, name) || find_at(name, Placement::global) != nullptr) return nullptr;
  return push_binding(*variable->name_, 0);
}

const std::string* Variables::get(std::string_view name) {
  const Variable* variable = find(name);
  return variable == nullptr ? nullptr : variable->text();
}

VariableResult<Variables::Target> Variables::resolve(std::string_view name) {
  std::string_view current = name;
  for (int depth = 0; depth <= kNamerefLimit; ++depth) {
    // Not refreshed: to ask whether RANDOM is a reference does not draw a number.
    const Variable* variable = find_at(current, Placement::visible);
    if (variable == nullptr || !variable->has(kNameref)) return Target{current, {}, false, false};
    const std::string* text = variable->text();
    if (text == nullptr || text->empty()) return Target{current, {}, false, true};
    const std::string_view target = *text;
    if (target.back() == ']') {
      const usize open = target.find('[');
      if (open != std::string_view::npos) {
        return Target{target.substr(0, open), target.substr(open + 1, target.size() - open - 2),
                      true, false};
      }
    }
    if (target == current) break;
    current = target;
  }
  std::string message = "warning: ";
  message += name;
  message += ": circular name reference";
  return std::unexpected(VariableError{std::move(message)});
}

// --- listing ---------------------------------------------------------------------------------

Variable* Variables::find_listed(std::string_view name) {
  const Name* entry = find_name(name);
  if (entry == nullptr || entry->top == nullptr) return nullptr;
  if (entry->top->dynamic_ && !entry->hooks->on_demand) refresh(*entry->top);
  return entry->top;
}

std::vector<std::string_view> Variables::names(std::string_view prefix) const {
  std::vector<std::string_view> out;
  for (const Name* name : names_) {
    if (name->top != nullptr && name->text.starts_with(prefix)) out.emplace_back(name->text);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string_view> Variables::local_names() const {
  std::vector<std::string_view> out;
  const u32 scope = innermost_function();
  if (scope == 0) return out;
  for (const Name* name : scopes_[scope - 1].bound) {
    for (const Variable* v = name->top; v != nullptr; v = v->outer_) {
      if (v->scope_ == scope && (v->assigned_ || v->attributes_ != 0)) {
        out.emplace_back(name->text);
      }
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void Variables::set_environment_tail(std::string bytes, u32 count) {
  environment_tail_ = std::move(bytes);
  environment_tail_count_ = count;
  environment_stale_ = true;
}

const EnvironmentBlock& Variables::environment() {
  if (!environment_stale_) return environment_;
  environment_stale_ = false;
  environment_.bytes.clear();
  environment_.count = 0;
  struct Entry {
    Variable* variable;
    u32 bucket;
    usize made;
  };
  std::vector<Entry> entries;
  entries.reserve(names_.size());
  // bash: scope by scope from the innermost, each in the order of its table, last made first.
  for (usize i = 0; i < names_.size(); ++i) {
    // bash: a local variable that is not exported, or has no value, hides none that is.
    Variable* variable = names_[i]->top;
    while (variable != nullptr && !(variable->has(kExported) && variable->assigned_)) {
      variable = variable->outer_;
    }
    if (variable == nullptr || variable->is_array()) continue;
    u32 buckets = 1024;
    if (variable->scope_ != 0) {
      buckets = 4;
      while (scopes_[variable->scope_ - 1].bound.size() > usize{buckets} * 2) buckets *= 4;
    }
    entries.push_back({variable, hash_key(names_[i]->text) & (buckets - 1), i});
  }
  std::ranges::sort(entries, [](const Entry& left, const Entry& right) {
    const u32 one = left.variable->scope_, other = right.variable->scope_;
    if (one != other) return one > other;
    return left.bucket != right.bucket ? left.bucket < right.bucket : left.made > right.made;
  });
  for (const Entry& entry : entries) {
    Variable* const variable = entry.variable;
    if (variable->dynamic_) {
      // Its value is another at each look: so is the block.
      refresh(*variable);
      environment_stale_ = true;
    }
    const std::string* text = variable->text();
    if (text == nullptr) continue;
    environment_.bytes += variable->name_->text;
    environment_.bytes += '=';
    environment_.bytes += *text;
    environment_.bytes += '\0';
    ++environment_.count;
  }
  environment_.bytes += environment_tail_;
  environment_.count += environment_tail_count_;
  return environment_;
}

}  // namespace swebash::engine
