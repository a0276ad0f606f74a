// SPDX-License-Identifier: Apache-2.0
//
// Variables: the variables of a shell, with bash's attributes and dynamic scoping.
//
// A name is interned once and points at its visible binding; a function call or a temporary
// environment (`X=1 command`) opens a scope, a local binding shadows the one before it, and closing
// the scope uncovers that again. A lookup is one hash probe, whatever the depth. References to a
// Variable stay valid until it is unset or its scope is closed. Not thread-safe.
//
// This is storage and rules: it parses no subscripts and runs no expansions (expand.hpp does).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"
#include "base/result.hpp"
#include "engine/variables/value.hpp"

namespace swebash::engine {

// Attributes of a variable, as `declare` sets them; a set of bits.
using Attributes = u32;
inline constexpr Attributes kExported = 1u << 0;     // -x
inline constexpr Attributes kReadonly = 1u << 1;     // -r
inline constexpr Attributes kInteger = 1u << 2;      // -i
inline constexpr Attributes kLower = 1u << 3;        // -l
inline constexpr Attributes kUpper = 1u << 4;        // -u
inline constexpr Attributes kNameref = 1u << 5;      // -n
inline constexpr Attributes kIndexed = 1u << 6;      // -a
inline constexpr Attributes kAssociative = 1u << 7;  // -A
inline constexpr Attributes kTrace = 1u << 8;        // -t
inline constexpr Attributes kCapital = 1u << 9;      // -c
// Not shown: `unset` refuses it (BASH_VERSINFO and friends are readonly instead).
inline constexpr Attributes kNoUnset = 1u << 16;
// Not shown: a binding of a command's environment that `local` has taken over.
inline constexpr Attributes kMadeLocal = 1u << 17;
// Not shown: a binding of a command's environment whose value is kept when that ends.
inline constexpr Attributes kKept = 1u << 18;
// Not shown: a local binding that came of the call's own environment.
inline constexpr Attributes kFromEnvironment = 1u << 19;

// Why a variable could not be changed, in bash's words without the shell's prefix:
// "x: readonly variable". Empty when the reason has been reported already (arithmetic).
struct VariableError {
  enum class Reason : u8 { other, readonly };
  std::string message;
  Reason reason = Reason::other;
};

template <class T>
using VariableResult = Result<T, VariableError>;

class Variable;

// What a special variable does when it is used. A null function means: as any other variable.
struct VariableHooks {
  void* context = nullptr;
  // Puts the current value into the variable before it is read (RANDOM, SECONDS, FUNCNAME ...).
  void (*refresh)(void* context, Variable& variable) = nullptr;
  // Takes a scalar assignment instead of the variable; false lets it be stored as usual.
  bool (*assign)(void* context, Variable& variable, std::string_view value) = nullptr;
  // Takes an assignment to an element of an array, or (no value) its removal.
  void (*assign_element)(void* context, std::string_view key,
                         const std::string_view* value) = nullptr;
  // Listings show the value that was last asked for, and none before that.
  bool on_demand = false;
  // Told after the visible binding of the name has changed: assigned, unset, shadowed, uncovered.
  // `variable` is null when the name has no value now.
  void (*changed)(void* context, std::string_view name, const Variable* variable) = nullptr;
};

// Evaluates arithmetic for variables with the integer attribute and for subscripts.
class VariableArithmetic {
 public:
  virtual ~VariableArithmetic() = default;
  // The value of expression `text`; empty when it failed and the failure has been reported.
  virtual std::optional<i64> evaluate(std::string_view text) = 0;
  // The subscript of a nameref's target ("a[$i]"), expanded; empty as above.
  virtual std::optional<std::string> subscript(std::string_view text, bool associative) {
    static_cast<void>(associative);
    return std::string(text);
  }
};

class Variable {
 public:
  [[nodiscard]] std::string_view name() const noexcept;
  [[nodiscard]] Attributes attributes() const noexcept { return attributes_; }
  [[nodiscard]] bool has(Attributes bits) const noexcept { return (attributes_ & bits) != 0; }
  [[nodiscard]] bool is_array() const noexcept { return has(kIndexed | kAssociative); }

  // Whether anything was ever assigned (for an array: `a=()` counts).
  [[nodiscard]] bool is_assigned() const noexcept { return assigned_; }
  // Whether hooks say what its value is.
  [[nodiscard]] bool is_dynamic() const noexcept { return dynamic_; }
  // Whether it is made when it is asked for, and listed without a value before that.
  [[nodiscard]] bool is_on_demand() const noexcept;
  // Whether `$name` is set: the text, or for an array the element "0".
  [[nodiscard]] bool is_set() const noexcept;

  // What `$name` means: the text, or element 0 of an array; null when not set.
  [[nodiscard]] const std::string* text() const;
  // The text as an integer, when it is plain decimal digits; the answer is kept.
  [[nodiscard]] std::optional<i64> number() const;

  // Requires: the attribute says so.
  [[nodiscard]] const IndexedArray& indexed() const noexcept { return *indexed_; }
  [[nodiscard]] IndexedArray& indexed() noexcept { return *indexed_; }
  [[nodiscard]] const AssociativeArray& associative() const noexcept { return *associative_; }
  [[nodiscard]] AssociativeArray& associative() noexcept { return *associative_; }

  // For hooks and set-up: store without any rule (no readonly, no -i -l -u, no notification).
  void put_text(std::string_view text);
  void put_number(i64 number);
  IndexedArray& put_indexed();          // an empty indexed array
  AssociativeArray& put_associative();  // an empty associative array
  void put_unassigned();                // as if there were none
  void put_unassigned_indexed();        // an indexed array that was given no elements yet

  // The number of the scope the binding belongs to: 0 is global.
  [[nodiscard]] u32 scope() const noexcept { return scope_; }

 private:
  friend class Variables;

  Attributes attributes_ = 0;
  bool assigned_ = false;
  bool dynamic_ = false;             // its name's refresh and assign hooks apply
  mutable bool text_stale_ = false;  // number_ is newer than text_
  mutable u8 number_state_ = 0;      // 0 unknown, 1 number_ is right, 2 no plain integer
  mutable i64 number_ = 0;
  mutable std::string text_;
  std::unique_ptr<IndexedArray> indexed_;
  std::unique_ptr<AssociativeArray> associative_;
  u32 scope_ = 0;
  struct Name* name_ = nullptr;
  Variable* outer_ = nullptr;  // the binding this one shadows
};

struct Name;

// A scope: a function call, the assignments written before one command, those before a call, or
// those before a command that declares variables and takes them over (`x=1 local x`).
enum class ScopeKind : u8 { function, temporary, call, declaration };

// How an assignment joins what is there.
enum class AssignMode : u8 { replace, append };

// Where `declare` and friends make a variable.
enum class Placement : u8 { visible, local, global };

// The environment as a native program gets it: NUL-terminated strings one after the other.
struct EnvironmentBlock {
  std::string bytes;
  u32 count = 0;
};

class Variables {
 public:
  Variables();
  ~Variables();
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

  // --- set-up ---
  // Evaluates for -i variables and subscripts; must outlive the variables.
  void set_arithmetic(VariableArithmetic* arithmetic) noexcept { arithmetic_ = arithmetic; }
  // Receives warnings such as "warning: x: circular name reference".
  void set_warning(void (*warn)(void* context, std::string_view message), void* context) noexcept {
    warn_ = warn;
    warn_context_ = context;
  }
  // Makes `name` special. `hooks` are copied. With refresh or assign the variable exists from now
  // on; `unset` takes refresh and assign away from it, as bash does.
  void set_hooks(std::string_view name, const VariableHooks& hooks);

  // --- lookup ---
  // The visible binding of `name` after namerefs, refreshed; null when there is none or a reference
  // is circular or names an array element (see resolve()).
  [[nodiscard]] Variable* find(std::string_view name);
  // The visible binding itself, namerefs not followed.
  [[nodiscard]] Variable* find_unresolved(std::string_view name);
  // The same for a name that stands in a tree: `known`, kept there, spares all but the first
  // search.
  [[nodiscard]] Variable* find_unresolved(std::string_view name, Name*& known);
  // bash: a local nameref that leads back to its own name means the global variable. Null when the
  // visible binding is none, or there is no such variable.
  [[nodiscard]] Variable* find_behind(std::string_view name);
  // The same for an assignment: the global variable is made when there is none.
  [[nodiscard]] Variable* reach_behind(std::string_view name);
  // The value of `$name`, or null when it is not set.
  [[nodiscard]] const std::string* get(std::string_view name);

  // Where a chain of namerefs from `name` ends: the name, and the text of a subscript when the last
  // reference names an array element ("a[1]"). The views live until a variable changes.
  // Errors: circular.
  struct Target {
    std::string_view name;
    std::string_view subscript;
    bool has_subscript = false;
    // The reference has no target yet: an assignment sets what it refers to.
    bool unbound_reference = false;
  };
  [[nodiscard]] VariableResult<Target> resolve(std::string_view name);

  // --- change ---
  // What `for` does with its variable: as assign(), but a nameref is made to refer to `value`.
  VariableResult<void> assign_loop_variable(std::string_view name, Name*& known,
                                            std::string_view value);
  // Assigns `$name=value` by all rules: namerefs, readonly, -i -l -u, hooks, `set -a`; element 0 of
  // an array. Makes a global variable when there is none.
  // Errors: readonly; a circular reference; arithmetic.
  VariableResult<void> assign(std::string_view name, std::string_view value,
                              AssignMode mode = AssignMode::replace);
  VariableResult<void> assign(std::string_view name, Name*& known, std::string_view value,
                              AssignMode mode);
  // assign() of an integer, without a detour through text.
  VariableResult<void> assign_number(std::string_view name, Name*& known, i64 value);
  // Assigns to a given binding.
  VariableResult<void> assign_to(Variable& variable, std::string_view value,
                                 AssignMode mode = AssignMode::replace);
  VariableResult<void> assign_number_to(Variable& variable, i64 value);
  // Assigns an element; a variable that is no array becomes an indexed one, its text element 0. A
  // negative index counts from the end. Errors: readonly, "name[-9]: bad array subscript".
  VariableResult<void> assign_element(Variable& variable, i64 index, std::string_view value,
                                      AssignMode mode = AssignMode::replace);
  VariableResult<void> assign_element(Variable& variable, std::string_view key,
                                      std::string_view value,
                                      AssignMode mode = AssignMode::replace);
  // The element, or null. A negative index counts from the end; a scalar is its own element 0.
  [[nodiscard]] static const std::string* find_element(const Variable& variable, i64 index);

  // The binding of `name` at `placement`, made if it is not there; namerefs are not followed. A new
  // local binding right above a temporary one of the same name takes its value over.
  // Errors: a global readonly variable cannot be shadowed.
  VariableResult<Variable*> declare(std::string_view name, Placement placement);
  // The binding of `name` that declare() would find at `placement`, or null; not refreshed.
  [[nodiscard]] Variable* find_at(std::string_view name, Placement placement);
  // The name that `local NAME` makes local: what a reference of the running function refers to, or
  // `name` itself.
  [[nodiscard]] std::string local_target(std::string_view name);
  // Assigns what the reference `variable` refers to, by the rules of its attributes.
  // Errors: no name; the name of a global reference itself.
  VariableResult<void> refer(Variable& variable, std::string_view value, AssignMode mode);
  // Makes a reference an ordinary variable without a value.
  void drop_reference(Variable& variable);
  // Lets the visible binding, if it is one of a command's environment, leave its value to what it
  // shadows: what POSIX's special builtins were given stays.
  void keep_value(std::string_view name);
  // Keeps a variable that stands before a declaring command beyond it, as `x=1 export x` does; or
  // what stands before a call beyond that, where the function exports it.
  void keep_temporary(const Variable& variable);
  // Turns attributes on and off; arrays convert.
  // Errors: readonly; "cannot convert associative to indexed array" and the like.
  VariableResult<void> set_attributes(Variable& variable, Attributes on, Attributes off);
  // Makes `variable` an empty array of its kind (indexed unless it is associative): `a=( ... )`.
  // Errors: readonly.
  VariableResult<void> clear_array(Variable& variable);

  // Unsets the visible binding, namerefs followed unless `unset -n` (unset_reference). A local one
  // of the running function stays as an unset local. Errors: readonly.
  VariableResult<void> unset(std::string_view name);
  VariableResult<void> unset_reference(std::string_view name);
  // Unsets the visible binding of `name`, a reference itself, whatever its attributes.
  void forget(std::string_view name);
  // Removes one element. Errors: readonly, bad subscript.
  VariableResult<void> unset_element(Variable& variable, i64 index);
  VariableResult<void> unset_element(Variable& variable, std::string_view key);

  // --- scopes ---
  void push_scope(ScopeKind kind);
  // Closes the innermost scope. Requires: there is one.
  void pop_scope();
  // Takes the bindings of the innermost scope out of sight until they are put back: redirections do
  // not see what is assigned before their command. Requires: scopes that are opened in between have
  // been closed again.
  [[nodiscard]] std::vector<Variable*> set_scope_aside();
  void put_scope_back(std::span<Variable* const> bindings);
  // Whether the innermost scope holds what stands before a declaring command.
  [[nodiscard]] bool in_declaration() const noexcept {
    return scope_count_ > 0 && scopes_[scope_count_ - 1].kind == ScopeKind::declaration;
  }
  // Function scopes open now: 0 outside functions.
  [[nodiscard]] u32 function_depth() const noexcept { return function_depth_; }
  // Binds `name` in the innermost scope, which is temporary, exported. Errors: readonly.
  VariableResult<void> assign_temporary(std::string_view name, std::string_view value,
                                        AssignMode mode = AssignMode::replace);
  // `set -a`: what is assigned is exported.
  void set_export_all(bool on) noexcept { export_all_ = on; }
  // shopt localvar_inherit, localvar_unset.
  void set_local_inherit(bool on) noexcept { local_inherit_ = on; }
  void set_local_unset(bool on) noexcept { local_unset_ = on; }

  // --- listing ---
  // The visible binding of `name` as a listing shows it: what comes on demand is not asked.
  [[nodiscard]] Variable* find_listed(std::string_view name);
  // Names with a binding, sorted; those that start with `prefix`.
  [[nodiscard]] std::vector<std::string_view> names(std::string_view prefix = {}) const;
  // Names bound in the innermost function scope, sorted: `local` without operands.
  [[nodiscard]] std::vector<std::string_view> local_names() const;
  // The exported variables; rebuilt only when one has changed since.
  [[nodiscard]] const EnvironmentBlock& environment();
  // "NAME=value" strings, NUL-terminated, that environment() adds (exported functions).
  void set_environment_tail(std::string bytes, u32 count);

  // --- printing (vars_print.cpp) ---
  // The letters of the attributes in bash's order: "air".
  [[nodiscard]] static std::string attribute_letters(const Variable& variable);
  // The value of an array as `declare -p` prints it: ([0]="a" [1]="b").
  [[nodiscard]] static std::string array_text(const Variable& variable);
  // The line of `declare -p`: declare -ix n="5".
  [[nodiscard]] static std::string declaration(const Variable& variable);

  [[nodiscard]] static bool is_valid_name(std::string_view text) noexcept;

 private:
  struct Scope {
    ScopeKind kind = ScopeKind::function;
    std::vector<Name*> bound;
  };

  Name* find_name(std::string_view name) const noexcept;
  Name& intern(std::string_view name);
  VariableResult<void> assign(Name& entry, std::string_view value, AssignMode mode);
  [[nodiscard]] bool is_circle(const Variable* variable, std::string_view name);
  Variable* push_binding(Name& name, u32 scope);
  void remove_binding(Name& name, Variable& variable);
  void grow_table();
  Variable* new_variable();
  void release(Variable* variable);
  [[nodiscard]] u32 innermost_function() const noexcept;
  [[nodiscard]] bool stands_before_command(const Variable& variable) const noexcept;
  Variable* take_over(Name& entry, Variable& before, u32 scope);
  static void refresh(Variable& variable);
  void touched(Variable& variable);
  static void notify(const Name& name);
  VariableResult<void> check_writable(const Variable& variable) const;
  VariableResult<void> assign_through(const Target& target, std::string_view value,
                                      AssignMode mode);
  VariableResult<void> assign_nameref(Variable& variable, std::string_view value);
  static VariableResult<void> refuse_self_reference(const Variable& variable,
                                                    std::string_view value);
  VariableResult<void> store(Variable& variable, std::string& slot, std::string_view value,
                             AssignMode mode);
  VariableResult<void> unset_binding(Name& name);
  void hand_on(Name& name, Variable& variable);

  std::vector<Name*> table_;   // open addressing, a power of two
  std::vector<Name*> names_;   // all, in the order of creation; owned
  std::vector<Scope> scopes_;  // open ones first; the rest keep their memory
  usize scope_count_ = 0;
  Variable* free_variables_ = nullptr;
  u32 function_depth_ = 0;
  bool export_all_ = false;
  bool local_inherit_ = false;
  bool local_unset_ = false;
  bool environment_stale_ = true;
  EnvironmentBlock environment_;
  std::string environment_tail_;
  u32 environment_tail_count_ = 0;
  VariableArithmetic* arithmetic_ = nullptr;
  void (*warn_)(void*, std::string_view) = nullptr;
  void* warn_context_ = nullptr;
};

}  // namespace swebash::engine
