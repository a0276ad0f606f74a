// SPDX-License-Identifier: Apache-2.0
//
// declare, typeset, local, export and readonly: attributes, values and listings of variables.
#include <algorithm>

#include "engine/builtins/declarations.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {
namespace {

struct Wanted {
  Attributes on = 0, off = 0;
  bool functions = false;       // -f
  bool function_names = false;  // -F
  bool global = false;          // -g
  bool print = false;           // -p
  bool inherit = false;         // -I
  bool dash = false;            // `local`, whose operand - keeps the options
  Placement placement = Placement::visible;
};

std::optional<Attributes> attribute_of(char letter) {
  switch (letter) {
    case 'a': return kIndexed;
    case 'A': return kAssociative;
    case 'i': return kInteger;
    case 'l': return kLower;
    case 'n': return kNameref;
    case 'r': return kReadonly;
    case 't': return kTrace;
    case 'u': return kUpper;
    case 'x': return kExported;
    case 'c': return kCapital;
    default: return std::nullopt;
  }
}

void show_function(Invocation& invocation, const Function& function) {
  put_line(invocation.out, Shell::function_text(function));
}

std::string function_letters(const Function& function) {
  std::string letters = "f";
  if (function.readonly) letters += 'r';
  if (function.traced) letters += 't';
  if (function.exported) letters += 'x';
  return letters;
}

ExitStatus list_functions(Invocation& invocation, const Wanted& wanted,
                          std::span<const std::string> names) {
  Shell& shell = invocation.shell;
  ExitStatus status = kSuccess;
  if (names.empty()) {
    for (const std::string& name : shell.functions().names()) {
      const Function& function = **shell.functions().find(name);
      if ((wanted.on & kExported) && !function.exported) continue;
      if ((wanted.on & kReadonly) && !function.readonly) continue;
      if (!wanted.function_names) show_function(invocation, function);
      const std::string letters = function_letters(function);
      if (wanted.function_names || letters.size() > 1) {
        put_line(invocation.out, "declare -" + letters + " " + name);
      }
    }
    return kSuccess;
  }
  for (const std::string& name : names) {
    const FunctionPtr* found = shell.functions().find(name);
    if (found == nullptr) {
      status = kFailure;
      if (wanted.print) invocation.error(name, "not found");
      continue;
    }
    Function& function = **found;
    const Attributes change = wanted.on & (kExported | kReadonly | kTrace);
    if (change != 0 || (wanted.off & (kExported | kTrace)) != 0) {
      if (wanted.on & kExported) function.exported = true;
      if (wanted.off & kExported) function.exported = false;
      if (wanted.on & kReadonly) function.readonly = true;
      if (wanted.on & kTrace) function.traced = true;
      if (wanted.off & kTrace) function.traced = false;
      shell.functions_changed();
      continue;
    }
    if (wanted.function_names) {
      if (shell.on(ShellOption::extdebug)) {
        put_line(invocation.out,
                 name + " " + std::to_string(function.line) + " " + function.source_file);
      } else if (wanted.print) {
        put_line(invocation.out, "declare -" + function_letters(function) + " " + name);
      } else {
        put_line(invocation.out, name);
      }
    } else {
      show_function(invocation, function);
    }
  }
  return status;
}

// `set` and `declare` without options: NAME=value lines, then functions.
void list_plain(Invocation& invocation) {
  Shell& shell = invocation.shell;
  list_variables_plain(shell, invocation.out);
  if (!shell.posix()) {
    for (const std::string& name : shell.functions().names()) {
      show_function(invocation, **shell.functions().find(name));
    }
  }
}

// Those with an attribute of `filter`; where `kinds` are given, arrays of those alone.
void list_declarations(Invocation& invocation, Attributes filter, bool local_only,
                       Attributes kinds = 0) {
  Shell& shell = invocation.shell;
  std::vector<std::string> names;
  for (const auto name : local_only ? shell.variables().local_names() : shell.variables().names()) {
    names.emplace_back(name);
  }
  for (const std::string& name : names) {
    Variable* variable = shell.variables().find_unresolved(name);
    if (variable == nullptr || (filter != 0 && !variable->has(filter))) continue;
    if (kinds != 0 && !variable->has(kinds)) continue;
    if (filter == 0 && !local_only && !variable->is_assigned() && variable->attributes() == 0) {
      continue;
    }
    put_line(invocation.out, Variables::declaration(*variable));
  }
}

ExitStatus print_named(Invocation& invocation, std::span<const std::string> names) {
  ExitStatus status = kSuccess;
  for (const std::string& name : names) {
    Variable* variable = invocation.shell.variables().find_unresolved(name);
    if (variable == nullptr) {
      invocation.error(name, "not found");
      status = kFailure;
    } else {
      put_line(invocation.out, Variables::declaration(*variable));
    }
  }
  return status;
}

struct Operand {
  std::string_view name;
  std::string_view subscript;
  bool has_subscript = false;
  bool has_value = false;
  bool append = false;
  std::string_view value;
};

std::optional<Operand> split(std::string_view text) {
  Operand operand;
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

bool report(Invocation& invocation, const VariableError& error) {
  if (error.message.empty()) {
    // An expression that is wrong has said so; bash abandons the line.
    invocation.shell.request(Flow::discard, 0);
    return false;
  }
  invocation.error(error.message);
  invocation.shell.note_failure();
  return false;
}

// Makes, marks and assigns one operand; false when that failed (reported).
bool apply(Invocation& invocation, const Wanted& wanted, const std::string& text,
           const Assignment* tree) {
  Shell& shell = invocation.shell;
  Variables& variables = shell.variables();
  if (text == "-" && wanted.dash) {
    shell.keep_set_options();
    return true;
  }
  const auto operand = split(text);
  if (!operand || (tree == nullptr && !Variables::is_valid_name(operand->name))) {
    invocation.error("`" + text + "'", "not a valid identifier");
    return false;
  }
  std::string name(operand->name);
  if ((wanted.on & kNameref) != 0 && operand->has_subscript) {
    invocation.error(text.substr(0, text.find('=')), "reference variable cannot be an array");
    return false;
  }

  // The value is computed before the variable is made: `local x=$x`.
  std::optional<AssignmentValue> value;
  if (tree != nullptr) {
    const Variable* present = variables.find(name);
    const bool associative =
        (wanted.on & kAssociative) != 0 ||
        (present != nullptr && present->has(kAssociative) && wanted.placement != Placement::local);
    auto computed = shell.expander().evaluate(*tree, associative);
    if (!computed) {
      if (computed.error().reach != FailureReach::command) {
        shell.request(computed.error().reach == FailureReach::shell ? Flow::exit : Flow::discard,
                      0);
      }
      return false;
    }
    value = std::move(*computed);
  }

  // Without -n an attribute given to a reference goes to what it refers to.
  if ((wanted.on & kNameref) == 0 && (wanted.off & kNameref) == 0 &&
      wanted.placement != Placement::local) {
    const Variable* reference = variables.find_unresolved(name);
    if (reference != nullptr && reference->has(kNameref)) {
      auto target = variables.resolve(name);
      if (!target) return report(invocation, target.error());
      if (!target->unbound_reference) name = std::string(target->name);
    }
  }
  if ((wanted.on & kNameref) != 0 && !operand->has_value && tree == nullptr) {
    // What a variable holds becomes what it refers to.
    const Variable* present = variables.find_unresolved(name);
    const std::string* held =
        present == nullptr || wanted.placement == Placement::local ? nullptr : present->text();
    if (held != nullptr && !held->empty() && !Expander::parse_reference(*held)) {
      invocation.error("`" + *held + "'", "invalid variable name for name reference");
      return false;
    }
  }
  if ((wanted.on & kNameref) != 0 && operand->has_value) {
    const auto target = Expander::parse_reference(operand->value);
    if (!target) {
      invocation.error("`" + std::string(operand->value) + "'",
                       "invalid variable name for name reference");
      return false;
    }
    if (operand->value == name && shell.variables().function_depth() == 0) {
      invocation.error(name, "nameref variable self references not allowed");
      return false;
    }
    if (operand->value == name) invocation.error("warning: " + name, "circular name reference");
  }

  // A readonly variable may be named again without a value.
  Variable* existing = variables.find_unresolved(name);
  const bool assigns = tree != nullptr || operand->has_value;
  if (existing != nullptr && existing->has(kReadonly) && wanted.placement != Placement::local &&
      assigns) {
    // bash: export and readonly assign as a plain assignment does, whose message stands alone.
    if (invocation.name == "export" || invocation.name == "readonly") {
      invocation.shell.report_at(invocation.shell.line(), name + ": readonly variable");
    } else {
      invocation.error(name, "readonly variable");
    }
    invocation.shell.note_failure();
    return false;
  }
  auto made = variables.declare(name, wanted.placement);
  if (!made) return report(invocation, made.error());
  Variable& variable = **made;

  Attributes on = wanted.on;
  const bool array_value = tree != nullptr && tree->is_array;
  if ((array_value || operand->has_subscript) && !variable.is_array() && (on & kAssociative) == 0) {
    on |= kIndexed;
  }
  const Attributes late = on & (kReadonly | kNameref);
  if (auto set = variables.set_attributes(variable, on & ~late, wanted.off); !set) {
    return report(invocation, set.error());
  }
  if (tree != nullptr) {
    if (auto stored = shell.expander().store(*tree, std::move(*value), variable); !stored) {
      if (stored.error().reach == FailureReach::shell) shell.request(Flow::exit, 0);
      return false;
    }
  } else if (operand->has_value) {
    const AssignMode mode = operand->append ? AssignMode::append : AssignMode::replace;
    if (operand->has_subscript) {
      if (!shell.expander().assign_reference(
              text.substr(0, static_cast<usize>(operand->value.data() - text.data()) - 1 -
                                 (operand->append ? 1 : 0)),
              operand->value, mode)) {
        return false;
      }
    } else if (variable.is_array() && operand->value.starts_with('(') &&
               operand->value.ends_with(')')) {
      if (!shell.expander().store_compound_text(operand->value, variable, mode)) return false;
    } else if (auto stored = variables.assign_to(variable, operand->value, mode); !stored) {
      return report(invocation, stored.error());
    }
  }
  if (late != 0) {
    if (auto set = variables.set_attributes(variable, late, 0); !set) {
      return report(invocation, set.error());
    }
  }
  return true;
}

ExitStatus apply_all(Invocation& invocation, const Wanted& wanted,
                     std::span<const std::string> operands) {
  const usize skipped = invocation.arguments.size() - operands.size();
  ExitStatus status = kSuccess;
  for (usize i = 0; i < operands.size(); ++i) {
    const Assignment* tree =
        invocation.assignments.empty() ? nullptr : invocation.assignments[skipped + i];
    if (!apply(invocation, wanted, operands[i], tree)) status = kFailure;
  }
  return status;
}

ExitStatus run_declare(Invocation& invocation, bool local) {
  Shell& shell = invocation.shell;
  Wanted wanted;
  bool options_given = false;
  OptionParser options(invocation, "aAcfFgiIlnprtux");
  options.plus_allowed();
  while (const char letter = options.next()) {
    options_given = true;
    if (letter == '?') return kUsage;
    if (letter == 'f') {
      wanted.functions = true;
    } else if (letter == 'F') {
      wanted.functions = wanted.function_names = true;
    } else if (letter == 'g') {
      wanted.global = true;
    } else if (letter == 'p') {
      wanted.print = true;
    } else if (letter == 'I') {
      wanted.inherit = true;
    } else {
      (options.plus() ? wanted.off : wanted.on) |= *attribute_of(letter);
    }
  }
  auto operands = options.operands();
  wanted.dash = local;
  const bool in_function = shell.variables().function_depth() > 0;
  wanted.placement = wanted.global                                          ? Placement::global
                     : local || (in_function && shell.function_depth() > 0) ? Placement::local
                                                                            : Placement::visible;
  if (wanted.functions) {
    if (operands.empty()) invocation.out.set_failure(Output::Failure::told);
    return list_functions(invocation, wanted, operands);
  }
  if (operands.empty()) {
    if (options_given) invocation.out.set_failure(Output::Failure::told);
    if (!options_given) {
      if (local) {
        list_declarations(invocation, 0, true);
      } else {
        list_plain(invocation);
      }
    } else {
      list_declarations(invocation, wanted.on, local);
    }
    return kSuccess;
  }
  if (wanted.print && local) {
    const auto names = shell.variables().local_names();
    for (const std::string& name : operands) {
      if (std::ranges::find(names, std::string_view(name)) == names.end()) continue;
      print_named(invocation, std::span(&name, 1));
    }
    return kSuccess;
  }
  if (wanted.print) return print_named(invocation, operands);
  if (wanted.off & (kIndexed | kAssociative)) {
    for (const std::string& name : operands) {
      const Variable* variable = shell.variables().find(name);
      if (variable != nullptr && variable->is_array()) {
        invocation.error(name, "cannot destroy array variables in this way");
        return kFailure;
      }
    }
    wanted.off &= ~(kIndexed | kAssociative);
  }
  if (wanted.inherit) shell.variables().set_local_inherit(true);
  const ExitStatus status = apply_all(invocation, wanted, operands);
  if (wanted.inherit) {
    shell.variables().set_local_inherit(shell.on(ShellOption::localvar_inherit));
  }
  return status;
}

ExitStatus mark(Invocation& invocation, Attributes attribute, std::string_view letters) {
  Shell& shell = invocation.shell;
  Wanted wanted;
  wanted.on = attribute;
  bool remove = false;
  OptionParser options(invocation, letters);
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'f': wanted.functions = true; break;
      case 'n': remove = true; break;
      case 'p': wanted.print = true; break;
      case 'a': wanted.on |= kIndexed; break;
      default: wanted.on |= kAssociative;
    }
  }
  if (remove) {
    wanted.off = attribute;
    wanted.on &= ~attribute;
  }
  const auto operands = options.operands();
  if (operands.empty()) {
    if (wanted.functions) {
      wanted.function_names = false;
      return list_functions(invocation, wanted, {});
    }
    if (shell.posix()) {
      const std::string_view word = attribute == kExported ? "export " : "readonly ";
      std::vector<std::string> names;
      for (const auto name : shell.variables().names()) names.emplace_back(name);
      for (const std::string& name : names) {
        const Variable* variable = shell.variables().find_unresolved(name);
        if (variable == nullptr || !variable->has(attribute)) continue;
        invocation.out.put(word);
        invocation.out.put(name);
        if (const std::string* text = variable->text()) {
          invocation.out.put('=');
          invocation.out.put(quote_double(*text));
        }
        invocation.out.put('\n');
      }
    } else {
      list_declarations(invocation, attribute, false, wanted.on & (kIndexed | kAssociative));
    }
    return kSuccess;
  }
  if (wanted.functions) {
    ExitStatus status = kSuccess;
    for (const std::string& name : operands) {
      if (shell.functions().find(name) == nullptr) {
        invocation.error(name, "not a function");
        status = kFailure;
      } else {
        status |= list_functions(invocation, wanted, std::span(&name, 1));
      }
    }
    return status;
  }
  const usize skipped = invocation.arguments.size() - operands.size();
  ExitStatus status = kSuccess;
  for (usize i = 0; i < operands.size(); ++i) {
    const Assignment* tree =
        invocation.assignments.empty() ? nullptr : invocation.assignments[skipped + i];
    const auto written = split(operands[i]);
    if ((tree != nullptr && tree->subscript != nullptr) ||
        (tree == nullptr && written && written->has_subscript)) {
      const std::string shown =
          tree != nullptr ? operands[i] : operands[i].substr(0, operands[i].find('='));
      invocation.error("`" + shown + "'", "not a valid identifier");
      status = kFailure;
      continue;
    }
    Wanted one = wanted;
    // bash: -a and -A count only for an operand with a value.
    if (operands[i].find('=') == std::string::npos) one.on &= ~(kIndexed | kAssociative);
    if (!apply(invocation, one, operands[i], tree)) status = kFailure;
  }
  return status;
}

}  // namespace

void list_variables_plain(Shell& shell, Output& out) {
  std::vector<std::string> names;
  for (const auto name : shell.variables().names()) names.emplace_back(name);
  for (const std::string& name : names) {
    Variable* variable = shell.variables().find_unresolved(name);
    if (variable == nullptr || !variable->is_assigned()) continue;
    out.put(name);
    out.put('=');
    if (variable->is_array()) {
      out.put(Variables::array_text(*variable));
    } else if (const std::string* text = variable->text()) {
      out.put(shell.posix() ? quote_value_posix(*text) : quote_value(*text));
    }
    out.put('\n');
  }
}

ExitStatus declare(Invocation& invocation) { return run_declare(invocation, false); }

ExitStatus local(Invocation& invocation) {
  if (invocation.shell.function_depth() == 0) {
    invocation.error("can only be used in a function");
    return kFailure;
  }
  return run_declare(invocation, true);
}

ExitStatus export_(Invocation& invocation) { return mark(invocation, kExported, "fnp"); }
ExitStatus readonly(Invocation& invocation) { return mark(invocation, kReadonly, "aAfp"); }

}  // namespace swebash::engine::builtins
