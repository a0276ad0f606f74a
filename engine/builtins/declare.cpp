// SPDX-License-Identifier: Apache-2.0
//
// declare, typeset, local, export and readonly: their options, and listings of variables.
#include <algorithm>

#include "engine/builtins/declarations.hpp"
#include "engine/builtins/declare_operand.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {
namespace {

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

void show_function(Invocation& invocation, Function& function) {
  put_line(invocation.out, definition_text(function));
}

std::string function_letters(const Function& function) {
  std::string letters = "f";
  if (function.readonly) letters += 'r';
  if (function.traced) letters += 't';
  if (function.exported) letters += 'x';
  return letters;
}

ExitStatus list_functions(Invocation& invocation, const Declaration& wanted,
                          std::span<const std::string> names) {
  Shell& shell = invocation.shell;
  ExitStatus status = kSuccess;
  if (names.empty()) {
    for (const std::string& name : shell.functions().names()) {
      Function& function = **shell.functions().find(name);
      if ((wanted.on & kExported) && !function.exported) continue;
      if ((wanted.on & kReadonly) && !function.readonly) continue;
      if ((wanted.on & kTrace) && !function.traced) continue;
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
    if (function.readonly && (wanted.off & kReadonly) != 0) {
      invocation.error(name, "readonly function");
      status = kFailure;
      continue;
    }
    const Attributes change = wanted.on & (kExported | kReadonly | kTrace);
    if (change != 0 || wanted.on != 0 || wanted.off != 0) {
      if (wanted.on & kExported) function.exported = true;
      if (wanted.off & kExported) function.exported = false;
      if (wanted.on & kReadonly) function.readonly = true;
      if (wanted.on & kTrace) function.traced = true;
      if (wanted.off & kTrace) function.traced = false;
      shell.environment().functions_changed();
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
    const Variable* variable = shell.variables().find_listed(name);
    if (variable == nullptr || (filter != 0 && !variable->has(filter))) continue;
    if (kinds != 0 && !variable->has(kinds)) continue;
    // What is dynamic and has no value now is not there.
    if (variable->is_dynamic() && !variable->is_assigned() && !variable->is_on_demand() &&
        variable->attributes() == 0) {
      continue;
    }
    put_line(invocation.out, Variables::declaration(*variable));
  }
}

// Assigns what is declared as NAME=( ... ), for a builtin that does nothing with it; false where
// that failed. bash: the lists are assigned before the builtin has its turn, whatever it says then.
bool assign_lists(Invocation& invocation, Attributes kind) {
  Shell& shell = invocation.shell;
  const bool local = shell.variables().function_depth() > 0 && shell.calls().functions() > 0 &&
                     !find_builtin(invocation.name)->has(trait::marks);
  for (const Assignment* tree : invocation.assignments) {
    if (tree == nullptr || !tree->is_array) continue;
    const std::string_view builtin = shell.builtins().set_running({});
    bool done = true;
    auto made =
        shell.variables().declare(tree->name, local ? Placement::local : Placement::visible);
    if (made && (kind & kAssociative) != 0) {
      done = shell.variables().set_attributes(**made, kAssociative, 0).has_value();
    }
    if (done) {
      const auto assigned = shell.expander().assign(*tree);
      done = assigned.has_value();
      if (!done) shell.flow().ask(Flow::discard);
    }
    shell.builtins().set_running(builtin);
    if (!done) return false;
  }
  return true;
}

ExitStatus print_named(Invocation& invocation, std::span<const std::string> names) {
  ExitStatus status = kSuccess;
  const usize skipped = invocation.arguments.size() - names.size();
  for (usize i = 0; i < names.size(); ++i) {
    const Assignment* tree =
        invocation.assignments.empty() ? nullptr : invocation.assignments[skipped + i];
    const bool is_list = tree != nullptr && tree->is_array;
    const std::string name(is_list ? tree->name : std::string_view(names[i]));
    // bash: a list has been assigned before the builtin has its turn.
    if (is_list && !invocation.shell.expander().assign(*tree)) return kFailure;
    Variable* variable = invocation.shell.variables().find_unresolved(name);
    if (variable == nullptr) {
      std::string shown = name;
      if (tree != nullptr && tree->subscript != nullptr && tree->value != nullptr) {
        auto value = invocation.shell.expander().string(*tree->value);
        if (!value) return kFailure;
        shown.replace(shown.size() - tree->value->source.size(), std::string::npos, *value);
      }
      invocation.error(shown, "not found");
      status = kFailure;
    } else {
      put_line(invocation.out, Variables::declaration(*variable));
    }
  }
  return status;
}

ExitStatus apply_all(Invocation& invocation, const Declaration& wanted,
                     std::span<const std::string> operands) {
  const usize skipped = invocation.arguments.size() - operands.size();
  ExitStatus status = kSuccess;
  for (usize i = 0; i < operands.size(); ++i) {
    const Assignment* tree =
        invocation.assignments.empty() ? nullptr : invocation.assignments[skipped + i];
    if (!declare_operand(invocation, wanted, operands[i], tree)) status = kFailure;
    if (invocation.shell.flow().gives_up_line()) break;
  }
  return status;
}

// `declare -f` and -F, which show functions and mark them, but make none.
ExitStatus declare_functions(Invocation& invocation, const Declaration& wanted,
                             std::span<const std::string> operands) {
  constexpr std::pair<Attributes, std::string_view> kForVariables[] = {
      {kAssociative, "-A"}, {kIndexed, "-a"}, {kInteger, "-i"}, {kNameref, "-n"}};
  for (const auto& [attribute, option] : kForVariables) {
    if ((wanted.on & attribute) == 0) continue;
    if (operands.empty()) return kSuccess;
    if (assign_lists(invocation, wanted.on)) invocation.error(option, "invalid option");
    return kFailure;
  }
  const usize skipped = invocation.arguments.size() - operands.size();
  for (usize i = 0; i < operands.size(); ++i) {
    const Assignment* tree =
        invocation.assignments.empty() ? nullptr : invocation.assignments[skipped + i];
    if (tree != nullptr && tree->is_array) {
      static_cast<void>(assign_lists(invocation, 0));  // bash: nothing is said
      return kFailure;
    }
    if (const auto operand = split_operand(operands[i]); operand && operand->has_value) {
      invocation.error("cannot use `-f' to make functions");
      return kFailure;
    }
  }
  return list_functions(invocation, wanted, operands);
}

ExitStatus run_declare(Invocation& invocation, bool local) {
  Shell& shell = invocation.shell;
  Declaration wanted;
  bool options_given = false;
  bool takes_away = true;  // all options were written with +, which list what no options do
  OptionParser options(invocation, "aAcfFgiIlnprtux");
  options.plus_allowed();
  while (const char letter = options.next()) {
    options_given = true;
    if (letter == '?') {
      static_cast<void>(assign_lists(invocation, wanted.on));
      return kUsage;
    }
    takes_away &= letter == 'g' || letter == 'I' || (options.plus() && letter != 'p');
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
  wanted.placement = wanted.global                                             ? Placement::global
                     : local || (in_function && shell.calls().functions() > 0) ? Placement::local
                                                                               : Placement::visible;
  if (operands.empty() && takes_away) wanted.functions = options_given = false;
  if (wanted.functions) {
    if (operands.empty()) invocation.out.set_failure(Output::Failure::told);
    return declare_functions(invocation, wanted, operands);
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
      constexpr Attributes kKinds = kIndexed | kAssociative;
      if (local) wanted.on = 0;
      list_declarations(invocation, wanted.on & ~kKinds, local, wanted.on & kKinds);
    }
    return kSuccess;
  }
  if (wanted.print && local) {
    const auto names = shell.variables().local_names();
    ExitStatus status = kSuccess;
    for (const std::string& name : operands) {
      if (std::ranges::find(names, std::string_view(name)) == names.end()) {
        invocation.error(name, "not found");
        status = kFailure;
      } else {
        status |= print_named(invocation, std::span(&name, 1));
      }
    }
    return status;
  }
  if (wanted.print) return print_named(invocation, operands);
  const bool unmakes_arrays = (wanted.off & (kIndexed | kAssociative)) != 0;
  if (unmakes_arrays) {
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
  ExitStatus status = apply_all(invocation, wanted, operands);
  for (const Assignment* tree : invocation.assignments) {
    if (!unmakes_arrays || tree == nullptr || !tree->is_array) continue;
    invocation.error(tree->name, "cannot destroy array variables in this way");
    status = kFailure;
  }
  if (wanted.inherit) {
    shell.variables().set_local_inherit(shell.on(ShellOption::localvar_inherit));
  }
  return status;
}

// `export` and `readonly` without operands.
ExitStatus list_marked(Invocation& invocation, Attributes attribute, const Declaration& wanted) {
  if (wanted.functions) return list_functions(invocation, wanted, {});
  Variables& variables = invocation.shell.variables();
  if (!invocation.shell.posix()) {
    list_declarations(invocation, attribute, false, wanted.on & (kIndexed | kAssociative));
    return kSuccess;
  }
  std::vector<std::string> names;
  for (const auto name : variables.names()) names.emplace_back(name);
  for (const std::string& name : names) {
    const Variable* variable = variables.find_unresolved(name);
    if (variable == nullptr || !variable->has(attribute)) continue;
    const Attributes kinds = wanted.on & (kIndexed | kAssociative);
    if (kinds != 0 && !variable->has(kinds)) continue;
    invocation.out.put(attribute == kExported ? "export " : "readonly ");
    if (variable->is_array()) invocation.out.put(variable->has(kIndexed) ? "-a " : "-A ");
    invocation.out.put(name);
    if (variable->is_array() && variable->is_assigned()) {
      invocation.out.put('=');
      invocation.out.put(Variables::array_text(*variable));
    } else if (const std::string* text = variable->text()) {
      invocation.out.put('=');
      invocation.out.put(quote_double(*text));
    }
    invocation.out.put('\n');
  }
  return kSuccess;
}

ExitStatus mark_functions(Invocation& invocation, const Declaration& wanted,
                          std::span<const std::string> operands) {
  ExitStatus status = kSuccess;
  if (!assign_lists(invocation, 0)) return kFailure;
  const usize skipped = invocation.arguments.size() - operands.size();
  for (usize i = 0; i < operands.size(); ++i) {
    const Assignment* tree =
        invocation.assignments.empty() ? nullptr : invocation.assignments[skipped + i];
    const std::string name(tree != nullptr && tree->is_array ? tree->name
                                                             : std::string_view(operands[i]));
    if (invocation.shell.functions().find(name) == nullptr) {
      invocation.error(name, "not a function");
      status = kFailure;
    } else if ((wanted.on & kExported) != 0 && name.find_first_of("/=") != std::string::npos) {
      invocation.error(name, "cannot export");
      status = kFailure;
    } else {
      status |= list_functions(invocation, wanted, std::span(&name, 1));
    }
  }
  return status;
}

// bash: what refers to an element is not marked, though assigned; nor what refers to nothing. False
// where the operand is an ordinary one; else `status` says how it went.
bool mark_reference(Invocation& invocation, const DeclareOperand& written, bool remove,
                    ExitStatus& status) {
  Variables& variables = invocation.shell.variables();
  const auto target = variables.resolve(written.name);
  if (!target ||
      (!target->has_subscript && (!target->unbound_reference || written.has_value || remove))) {
    return false;
  }
  std::string shown;
  if (target->has_subscript) {
    shown = std::string(target->name) + "[" + std::string(target->subscript) + "]";
  }
  if (written.has_value) {
    const AssignMode mode = written.append ? AssignMode::append : AssignMode::replace;
    if (!variables.assign(written.name, written.value, mode)) status = kFailure;
  }
  if (!remove) report_invalid_name(invocation, shown);
  return true;
}

// bash: an element cannot be marked; it is named as it has been expanded, and a list for it was
// refused before.
ExitStatus refuse_element(Invocation& invocation, const Assignment& tree) {
  Shell& shell = invocation.shell;
  Expanded<std::string> subscript = shell.expander().string(*tree.subscript);
  Expanded<void> value;
  if (tree.is_array) {
    const std::string_view builtin = shell.builtins().set_running({});
    value = shell.expander().assign(tree);
    shell.builtins().set_running(builtin);
  } else if (subscript && tree.value != nullptr) {
    std::string unused;
    value = shell.expander().append_string(*tree.value, unused);
  }
  if (!subscript || !value) {
    const ExpansionError& error = subscript ? value.error() : subscript.error();
    shell.flow().ask(error.reach == FailureReach::shell ? Flow::exit : Flow::discard);
    return kFailure;
  }
  report_invalid_name(invocation, std::string(tree.name) + "[" + *subscript + "]");
  return kFailure;
}

// Marks what one operand of `export` or `readonly` names; `tree` as Invocation::assignments.
ExitStatus mark_operand(Invocation& invocation, Declaration wanted, const std::string& operand,
                        const Assignment* tree, bool remove) {
  const auto written = split_operand(operand);
  if (tree != nullptr && tree->subscript != nullptr) return refuse_element(invocation, *tree);
  if (tree == nullptr && written && written->has_subscript) {
    report_invalid_name(invocation, operand.substr(0, operand.find('=')));
    return kFailure;
  }
  if (tree == nullptr && written) {
    ExitStatus status = kSuccess;
    if (mark_reference(invocation, *written, remove, status)) return status;
    if (remove && !written->has_value &&
        invocation.shell.variables().find_unresolved(written->name) == nullptr) {
      return kSuccess;
    }
  }
  // bash: -a and -A count only for an operand with a value.
  if (operand.find('=') == std::string::npos) wanted.on &= ~(kIndexed | kAssociative);
  return declare_operand(invocation, wanted, operand, tree) ? kSuccess : kFailure;
}

ExitStatus mark(Invocation& invocation, Attributes attribute, std::string_view letters) {
  Declaration wanted;
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
    // bash: takes -n of readonly too, where it takes nothing away.
    wanted.off = attribute & ~kReadonly;
    wanted.on &= ~attribute;
  }
  const auto operands = options.operands();
  if (operands.empty()) return list_marked(invocation, attribute, wanted);
  if (wanted.functions) return mark_functions(invocation, wanted, operands);
  const usize skipped = invocation.arguments.size() - operands.size();
  ExitStatus status = kSuccess;
  for (usize i = 0; i < operands.size(); ++i) {
    const Assignment* tree =
        invocation.assignments.empty() ? nullptr : invocation.assignments[skipped + i];
    if (mark_operand(invocation, wanted, operands[i], tree, remove) != kSuccess) status = kFailure;
    if (invocation.shell.flow().gives_up_line()) break;
  }
  return status;
}

}  // namespace

void list_variables_plain(Shell& shell, Output& out) {
  std::vector<std::string> names;
  for (const auto name : shell.variables().names()) names.emplace_back(name);
  for (const std::string& name : names) {
    const Variable* variable = shell.variables().find_listed(name);
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
  if (invocation.shell.calls().functions() == 0) {
    if (assign_lists(invocation, 0)) invocation.error("can only be used in a function");
    return kFailure;
  }
  return run_declare(invocation, true);
}

ExitStatus export_(Invocation& invocation) { return mark(invocation, kExported, "aAfnp"); }
ExitStatus readonly(Invocation& invocation) { return mark(invocation, kReadonly, "aAfnp"); }

}  // namespace swebash::engine::builtins
