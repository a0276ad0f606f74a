// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

// Whether operand `index` of the arguments was written as name[...]: its subscript has been
// expanded then, and is taken as it is.
bool written_as_element(const Invocation& invocation, usize index, std::string_view name) {
  const Command* command = invocation.shell.running().command();
  if (command == nullptr || command->kind != CommandKind::simple) return false;
  const auto& words = static_cast<const SimpleCommand*>(command)->words;
  if (words.size() != invocation.arguments.size() + 1) return false;
  const std::string_view source = words[index + 1]->source;
  return source.size() > name.size() + 2 && source.starts_with(name) &&
         source[name.size()] == '[' && source.ends_with(']');
}

// Whether `reference` stands for an array and not for its elements: so it was before bash 5.2.
bool is_whole_array(Shell& shell, const Reference& reference) {
  constexpr u32 kLast = 51;
  if (!reference.has_subscript || shell.compatibility() > kLast) return false;
  const Variable* const variable = shell.variables().find(reference.name);
  return variable != nullptr && variable->is_array() &&
         (reference.subscript == "@" || reference.subscript == "*");
}

}  // namespace

ExitStatus unset(Invocation& invocation) {
  bool functions = false, variables = false, references = false;
  OptionParser options(invocation, "fnv");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'f': functions = true; break;
      case 'n': references = true; break;
      default: variables = true;
    }
  }
  if (functions && variables) {
    invocation.error("cannot simultaneously unset a function and a variable");
    return kFailure;
  }
  Shell& shell = invocation.shell;
  ExitStatus status = kSuccess;
  const auto remove_function = [&](const std::string& name) {
    const FunctionPtr* function = shell.functions().find(name);
    if (function == nullptr) return;
    if ((*function)->readonly) {
      invocation.error(name, "cannot unset: readonly function");
      status = kFailure;
      return;
    }
    if ((*function)->exported) shell.environment().functions_changed();
    shell.functions().remove(name);
  };
  const auto remove_variable = [&](const std::string& name) {
    const auto done =
        references ? shell.variables().unset_reference(name) : shell.variables().unset(name);
    if (done) return;
    const auto target = shell.variables().resolve(name);
    const std::string shown =
        target && !references && !target->has_subscript ? std::string(target->name) : name;
    invocation.error(shown, "cannot unset: " + done.error().message.substr(
                                                   std::min(done.error().message.size(),
                                                            done.error().message.rfind(": ") + 2)));
    status = kFailure;
  };
  const usize skipped = invocation.arguments.size() - options.operands().size();
  for (usize i = 0; i < options.operands().size(); ++i) {
    const std::string& operand = options.operands()[i];
    if (functions) {
      remove_function(operand);
      continue;
    }
    if (const auto element = Expander::parse_reference(operand, Brackets::any);
        element && element->has_subscript &&
        written_as_element(invocation, skipped + i, element->name)) {
      if (is_whole_array(shell, *element)) {
        remove_variable(std::string(element->name));
        continue;
      }
      Variable* array = shell.variables().find(element->name);
      if (array != nullptr && array->has(kAssociative)) {
        if (const auto done = shell.variables().unset_element(*array, element->subscript); !done) {
          invocation.error(done.error().message);
          status = kFailure;
        }
        continue;
      }
    }
    const auto reference = shell.expander().operand_reference(operand);
    if (!reference) {
      // bash: what is no name may still be a function.
      if (!variables && !references) {
        remove_function(operand);
        continue;
      }
      invocation.error("`" + operand + "'", "not a valid identifier");
      status = kFailure;
      continue;
    }
    if (is_whole_array(shell, *reference)) {
      remove_variable(std::string(reference->name));
      continue;
    }
    if (reference->has_subscript) {
      if (!shell.expander().unset_reference(*reference)) status = kFailure;
      continue;
    }
    Variable* variable = shell.variables().find_unresolved(operand);
    if (variable == nullptr) {
      if (!variables && !references) remove_function(operand);
      continue;
    }
    remove_variable(operand);
  }
  return status;
}

}  // namespace swebash::engine::builtins
