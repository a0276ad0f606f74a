// SPDX-License-Identifier: Apache-2.0
//
// Operands of declare: references are followed, the variable is made, marked and assigned. The
// order of the checks is bash's, since scripts see which of two faults is told.
#include "engine/builtins/declare_operand.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace swebash::engine::builtins {

std::optional<DeclareOperand> split_operand(std::string_view text) {
  DeclareOperand operand;
  usize at = 0;
  while (at < text.size() &&
         (text[at] == '_' || (text[at] >= 'a' && text[at] <= 'z') ||
          (text[at] >= 'A' && text[at] <= 'Z') || (at > 0 && text[at] >= '0' && text[at] <= '9'))) {
    ++at;
  }
  if (at == 0) return std::nullopt;
  operand.name = text.substr(0, at);
  if (at < text.size() && text[at] == '[') {
    int depth = 0;
    const usize open = at;
    for (; at < text.size(); ++at) {
      if (text[at] == '[') ++depth;
      if (text[at] == ']' && --depth == 0) break;
    }
    if (at >= text.size()) return std::nullopt;
    operand.has_subscript = true;
    operand.subscript = text.substr(open + 1, at - open - 1);
    ++at;
  }
  if (at < text.size() && text[at] == '+' && at + 1 < text.size() && text[at + 1] == '=') {
    operand.append = true;
    ++at;
  }
  if (at < text.size()) {
    if (text[at] != '=') return std::nullopt;
    operand.has_value = true;
    operand.value = text.substr(at + 1);
  }
  return operand;
}

bool report_invalid_name(Invocation& invocation, std::string_view text) {
  invocation.error("`" + std::string(text) + "'", "not a valid identifier");
  return false;
}

namespace {

bool report(Invocation& invocation, const VariableError& error) {
  if (error.message.empty()) {
    // An expression that is wrong has said so; bash abandons the line.
    invocation.shell.flow().ask_discard();
    return false;
  }
  invocation.error(error.message);
  invocation.shell.builtins().note_failure();
  return false;
}

// One operand of declare and its relatives on its way: what was written, and the variable it leads
// to.
struct Declared {
  const std::string& text;
  DeclareOperand operand;
  const Assignment* tree = nullptr;      // null for an operand that was no assignment to the parser
  std::optional<AssignmentValue> value;  // of `tree`
  std::string name;                      // after namerefs
  // The subscript of the element that a reference leads to; `text` has its own.
  std::optional<std::string> element;
  Variable* reference = nullptr;  // the nameref that +n is about
  bool is_new = false;

  [[nodiscard]] bool assigns() const noexcept { return tree != nullptr || operand.has_value; }
  [[nodiscard]] bool has_subscript() const noexcept {
    return element.has_value() ||
           (tree != nullptr ? tree->subscript != nullptr : operand.has_subscript);
  }
  [[nodiscard]] bool is_list() const noexcept { return tree != nullptr && tree->is_array; }
  [[nodiscard]] AssignMode mode() const noexcept {
    return (tree != nullptr ? tree->append : operand.append) ? AssignMode::append
                                                             : AssignMode::replace;
  }
};

// Whether what -n is given can be a reference.
bool check_reference(Invocation& invocation, const Declaration& wanted, const Declared& declared) {
  const DeclareOperand& operand = declared.operand;
  const std::string& name = declared.name;
  if (declared.is_list()) {
    // bash: it has become an array before the builtin has its turn.
    Variables& variables = invocation.shell.variables();
    const std::string_view builtin = invocation.shell.builtins().set_running({});
    const bool assigned = variables.declare(name, wanted.placement).has_value() &&
                          invocation.shell.expander().assign(*declared.tree).has_value();
    invocation.shell.builtins().set_running(builtin);
    if (assigned) invocation.error(name, "reference variable cannot be an array");
    return false;
  }
  if (operand.has_subscript) {
    invocation.error(declared.text.substr(0, declared.text.find('=')),
                     "reference variable cannot be an array");
    return false;
  }
  if (!operand.has_value || operand.append) return true;
  const auto target = Expander::parse_reference(operand.value);
  if (!target && !operand.value.empty()) {
    invocation.error("`" + std::string(operand.value) + "'",
                     "invalid variable name for name reference");
    return false;
  }
  if (!target || target->name != name) return true;
  if (invocation.shell.variables().function_depth() == 0) {
    invocation.error(name, "nameref variable self references not allowed");
    return false;
  }
  // bash: once for the builtin's look at the name, once for the assignment's.
  invocation.error("warning: " + name, "circular name reference");
  invocation.shell.report_message("warning: " + name + ": circular name reference");
  return true;
}

// Follows the namerefs that `declared` names; false when that failed, or was all there is to do.
bool follow_references(Invocation& invocation, const Declaration& wanted, Declared& declared,
                       bool& done) {
  Variables& variables = invocation.shell.variables();
  Variable* const reference = variables.find_at(declared.name, wanted.placement);
  if ((wanted.on & kNameref) != 0 || reference == nullptr || !reference->has(kNameref)) return true;
  const std::string* held = reference->text();
  const bool has_target = held != nullptr && !held->empty();
  if ((wanted.off & kNameref) != 0) {
    if (reference->has(kReadonly) && has_target) {
      invocation.error(declared.name, "readonly variable");
      return false;
    }
    declared.reference = reference;
    if (wanted.on == 0 && wanted.off == kNameref && !declared.assigns()) {
      done = true;
      return true;
    }
  } else if (declared.assigns() &&
             (declared.has_subscript() || (declared.is_list() && !has_target))) {
    // bash: a reference that is given an element becomes an array itself.
    invocation.shell.report_message("warning: " + declared.name + ": removing nameref attribute");
    variables.drop_reference(*reference);
    return true;
  }
  if (wanted.placement == Placement::global) {
    // A local variable of the name does not count.
    if (has_target && Variables::is_valid_name(*held)) declared.name = *held;
    return true;
  }
  const auto target = variables.resolve(declared.name);
  if (!target) return report(invocation, target.error());
  if (target->unbound_reference) return true;
  if (target->has_subscript) declared.element = std::string(target->subscript);
  declared.name = std::string(target->name);
  return true;
}

// The value of a declared array or element, before the variable is made: `local x=$x`.
bool compute_value(Invocation& invocation, const Declaration& wanted, Declared& declared) {
  if (declared.tree == nullptr) return true;
  Shell& shell = invocation.shell;
  const Variable* present = shell.variables().find(declared.name);
  const bool associative =
      (wanted.on & kAssociative) != 0 ||
      (present != nullptr && present->has(kAssociative) && wanted.placement != Placement::local);
  const std::string_view builtin = shell.builtins().set_running({});
  // bash: what is assigned before the command (`IFS=: declare -a x=($y)`) is not seen there.
  std::vector<Variable*> hidden;
  if (shell.variables().in_declaration()) hidden = shell.variables().set_scope_aside();
  auto computed = shell.expander().evaluate(*declared.tree, associative);
  shell.variables().put_scope_back(hidden);
  shell.builtins().set_running(builtin);
  if (!computed) {
    if (computed.error().reach != FailureReach::command) {
      shell.flow().ask(computed.error().reach == FailureReach::shell ? Flow::exit : Flow::discard);
    }
    return false;
  }
  declared.value = std::move(*computed);
  if (!declared.value->subscript || declared.value->subscript->empty()) return true;
  // bash: the builtin is given an operand that has been expanded, and reads that.
  std::string shown = declared.name + "[" + *declared.value->subscript + "]";
  // bash: with assoc_expand_once the first ] ends the subscript.
  const bool ends_once = shell.on(ShellOption::assoc_expand_once) &&
                         declared.value->subscript->find(']') == std::string::npos;
  if (ends_once || Expander::parse_reference(shown)) return true;
  shown += declared.tree->append ? "+=" : "=";
  return report_invalid_name(invocation, shown + declared.value->text);
}

// Whether export or readonly runs, which mark what others assign.
bool marks(const Invocation& invocation) {
  return find_builtin(invocation.name)->has(trait::marks);
}

// What forbids to change `variable` as wanted; false when something does (reported).
bool check_change(Invocation& invocation, const Declaration& wanted, const Declared& declared,
                  const Variable& variable) {
  Shell& shell = invocation.shell;
  const std::string& name = declared.name;
  if (variable.is_array() && (wanted.on & kNameref) != 0) {
    invocation.error(name, "reference variable cannot be an array");
    return false;
  }
  if ((wanted.on & kNameref) != 0 && !declared.assigns() && !declared.is_new &&
      !variable.has(kNameref)) {
    // What a variable holds becomes what it refers to.
    const std::string* held = variable.text();
    if (held != nullptr && !Expander::parse_reference(*held)) {
      invocation.error("`" + *held + "'", "invalid variable name for name reference");
      return false;
    }
  }
  if (!variable.has(kReadonly)) return true;
  if ((wanted.off & kReadonly) != 0) {
    invocation.error(name, "readonly variable");
    return false;
  }
  // A readonly variable may be named again without a value.
  if (!declared.assigns()) return true;
  shell.builtins().note_failure();
  // bash: export, readonly and arrays assign as a plain assignment does, whose message stands
  // alone.
  const bool plain = marks(invocation) && (wanted.on & (kIndexed | kAssociative)) == 0;
  if (plain || declared.is_list()) {
    const std::string_view shown = declared.is_list() ? declared.operand.name : name;
    shell.report_at(shell.line(), std::string(shown) + ": readonly variable");
    if (declared.is_list()) shell.flow().ask(Flow::discard);
  } else {
    invocation.error(name, "readonly variable");
  }
  return false;
}

bool store_value(Invocation& invocation, const Declaration& wanted, Declared& declared,
                 Variable& variable, bool was_array) {
  Shell& shell = invocation.shell;
  Variables& variables = shell.variables();
  Expander& expander = shell.expander();
  const AssignMode mode = declared.mode();
  const auto stored_well = [&](const Expanded<void>& stored) {
    if (!stored && stored.error().reach == FailureReach::shell) shell.flow().ask(Flow::exit);
    if (!stored && stored.error().arithmetic) shell.flow().ask_discard();
    return stored.has_value();
  };
  if (declared.is_list()) {
    // bash: lists are assigned before the builtin has its turn.
    const std::string_view builtin = shell.builtins().set_running({});
    const auto stored = expander.store(*declared.tree, std::move(*declared.value), variable);
    shell.builtins().set_running(builtin);
    if (!stored && stored.error().reach == FailureReach::top_level) {
      shell.flow().ask(Flow::discard);
    }
    return stored_well(stored);
  }
  // Text that looks like a list is one, where an array is declared.
  const std::string_view value =
      declared.tree != nullptr ? std::string_view(declared.value->text) : declared.operand.value;
  if (value.starts_with('(') && value.ends_with(')') && variable.is_array()) {
    const bool of_array = was_array && !declared.has_subscript() && !marks(invocation);
    if (of_array || (wanted.on & (kIndexed | kAssociative)) != 0) {
      return stored_well(expander.store_compound_text(value, variable, mode));
    }
    if (!was_array) {
      std::string shown = declared.text;
      if (declared.value && declared.value->subscript) {
        shown = declared.name + "[" + *declared.value->subscript + "]=" + std::string(value);
      }
      shell.report_message("warning: " + shown + ": quoted compound array assignment deprecated");
    }
  }
  if (declared.element) {
    return stored_well(
        expander.assign_reference(declared.name + "[" + *declared.element + "]", value, mode));
  }
  if (declared.tree != nullptr) {
    return stored_well(expander.store(*declared.tree, std::move(*declared.value), variable));
  }
  if (declared.operand.has_subscript) {
    const std::string_view text = declared.text;
    const auto end = static_cast<usize>(value.data() - text.data());
    return stored_well(expander.assign_reference(
        text.substr(0, end - (mode == AssignMode::append ? 2 : 1)), value, mode));
  }
  const bool refers = (wanted.on & kNameref) != 0 || variable.has(kNameref);
  const auto stored =
      refers ? variables.refer(variable, value, mode) : variables.assign_to(variable, value, mode);
  return stored ? true : report(invocation, stored.error());
}

// Whether the variable may be declared with a value, or a local one of its name be made. bash: what
// the shell keeps of its calls may not.
bool may_be_assigned(Invocation& invocation, const Declaration& wanted, const Declared& declared) {
  constexpr std::string_view kOfShell[] = {"BASH_ARGC",   "BASH_ARGV", "BASH_LINENO",
                                           "BASH_SOURCE", "FUNCNAME",  "GROUPS"};
  Shell& shell = invocation.shell;
  if (std::ranges::find(kOfShell, declared.name) == std::end(kOfShell) || marks(invocation)) {
    return true;
  }
  const Variable* const variable = shell.variables().find_listed(declared.name);
  if (variable == nullptr || !variable->is_dynamic()) return true;
  if (wanted.placement != Placement::local) return !declared.assigns();
  constexpr std::string_view kRefusal = "variable may not be assigned value";
  if (declared.is_list()) {
    shell.report_at(shell.line(), declared.name + ": " + std::string(kRefusal));
  }
  invocation.error(declared.name, kRefusal);
  return false;
}

// Says that an array of one kind does not become one of the other. bash: tells of a list when it
// expands it, which gives up the line, but in a function tells again as the builtin.
void report_conversion(Invocation& invocation, const Declared& declared,
                       const VariableError& error) {
  Shell& shell = invocation.shell;
  std::string message = error.message;
  message.replace(0, message.find(':'), declared.operand.name);
  if (!declared.is_list()) {
    invocation.error(message);
  } else if (shell.calls().functions() == 0) {
    shell.report_at(shell.line(), message);
    shell.flow().ask(Flow::discard);
  } else {
    shell.report_at(shell.line(), std::string(shell.calls().innermost().name) + ": " + message);
    invocation.error(message);
  }
}

// The parts of an operand: an element's subscript is not read before it is expanded.
std::optional<DeclareOperand> operand_of(const std::string& text, const Assignment* tree) {
  if (tree == nullptr || tree->subscript == nullptr) return split_operand(text);
  DeclareOperand operand;
  operand.name = tree->name;
  operand.subscript = tree->subscript->source;
  operand.has_subscript = operand.has_value = true;
  operand.append = tree->append;
  return operand;
}

// Makes, marks and assigns the variable, once it is known which one.
bool make_variable(Invocation& invocation, const Declaration& wanted, Declared& declared) {
  Shell& shell = invocation.shell;
  Variables& variables = shell.variables();
  declared.is_new = variables.find_at(declared.name, wanted.placement) == nullptr;
  auto made = variables.declare(declared.name, wanted.placement);
  if (!made) {
    // bash: tells of a list when it expands it, and again when the builtin has its turn.
    if (declared.is_list()) shell.report_at(shell.line(), made.error().message);
    return report(invocation, made.error());
  }
  Variable& variable = **made;
  if (!check_change(invocation, wanted, declared, variable)) {
    // bash: export marks what it could not assign.
    if (marks(invocation)) {
      const Attributes on = wanted.on & (kExported | kReadonly);
      static_cast<void>(variables.set_attributes(variable, on, 0));
    }
    return false;
  }

  const bool refers = (wanted.on & kNameref) != 0;
  Attributes on = wanted.on;
  if ((declared.is_list() || declared.has_subscript()) && !variable.is_array() &&
      (on & kAssociative) == 0) {
    on |= kIndexed;
  }
  const bool was_array = variable.is_array();
  // A reference is text: what it was before does not count.
  const Attributes converting = refers ? (kInteger | kLower | kUpper | kCapital) & ~on : 0;
  const Attributes late = on & (kReadonly | kNameref);
  if (auto set =
          variables.set_attributes(variable, on & ~late, (wanted.off & ~kNameref) | converting);
      !set) {
    report_conversion(invocation, declared, set.error());
    return false;
  }
  // bash: an element is assigned when the array is readonly already, which is no failure.
  const bool too_late = (late & kReadonly) != 0 && declared.has_subscript() && declared.assigns();
  if (too_late) {
    if (!variable.is_assigned() && wanted.placement != Placement::local) {
      static_cast<void>(variables.clear_array(variable));
    }
    const bool no_subscript =
        declared.value && declared.value->subscript && declared.value->subscript->empty();
    shell.report(declared.name + (no_subscript ? "[]: bad array subscript" : ": readonly variable"),
                 ExpansionHost::Complaint::unnamed);
  } else if (declared.assigns() &&
             !store_value(invocation, wanted, declared, variable, was_array)) {
    if (refers && declared.is_new) static_cast<void>(variables.unset(declared.name));
    return false;
  }
  if (late != 0) {
    if (auto set = variables.set_attributes(variable, late, 0); !set) {
      return report(invocation, set.error());
    }
  }
  if ((on & (kExported | kReadonly)) != 0) variables.keep_temporary(variable);
  return true;
}

}  // namespace

bool declare_operand(Invocation& invocation, Declaration wanted, const std::string& text,
                     const Assignment* tree) {
  Shell& shell = invocation.shell;
  Variables& variables = shell.variables();
  // bash: an array is no reference, and -A counts before -a.
  constexpr Attributes kKinds = kIndexed | kAssociative;
  const bool both = (wanted.on & kKinds) == kKinds && !marks(invocation);
  if ((wanted.on & kKinds) == kKinds) wanted.on &= ~kIndexed;
  if (text == "-" && wanted.dash) {
    shell.keep_set_options();
    return true;
  }
  const auto operand = operand_of(text, tree);
  if (!operand) return report_invalid_name(invocation, text);
  if (tree == nullptr && operand->has_subscript && operand->subscript.empty() &&
      !operand->has_value) {
    return report_invalid_name(invocation, text);
  }
  if (tree == nullptr && operand->has_subscript && operand->subscript.empty()) {
    shell.report_message(std::string(operand->name) + "[]: bad array subscript");
    return false;
  }
  Declared declared{.text = text, .operand = *operand, .tree = tree};
  declared.name = operand->name;
  // bash: what is to be an array is made one, and is said to be no reference.
  const bool array = (wanted.on & kKinds) != 0;
  bool refused = false;
  if ((wanted.on & kNameref) != 0) {
    refused = array && (declared.is_list() || wanted.placement == Placement::local);
    if (refused) {
      invocation.error(declared.name, "reference variable cannot be an array");
    } else if (!check_reference(invocation, wanted, declared)) {
      return false;
    }
  }
  if (array) wanted.on &= ~kNameref;
  const bool refers = (wanted.on & kNameref) != 0;
  if (!may_be_assigned(invocation, wanted, declared)) return false;
  if (!compute_value(invocation, wanted, declared)) return false;

  bool done = false;
  if (wanted.placement != Placement::local) {
    if (!follow_references(invocation, wanted, declared, done)) return false;
  } else if (!refers && (wanted.off & kNameref) == 0) {
    // bash: `local` of a reference of the same function makes what it refers to local.
    declared.name = variables.local_target(declared.name);
    // One to an element stays as it is.
    const Variable* const local = variables.find_at(declared.name, Placement::local);
    if (local != nullptr && local->has(kNameref) && local->is_set()) return true;
  } else if ((wanted.off & kNameref) != 0) {
    Variable* const local = variables.find_at(declared.name, Placement::local);
    if (local != nullptr && local->has(kNameref)) declared.reference = local;
  }
  if (!done && !make_variable(invocation, wanted, declared)) return false;
  if (both) {
    invocation.error(declared.name, "cannot convert associative to indexed array");
    return false;
  }
  if (declared.reference != nullptr) {
    static_cast<void>(variables.set_attributes(*declared.reference, 0, kNameref));
  }
  return !refused;
}

}  // namespace swebash::engine::builtins
