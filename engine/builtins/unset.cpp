// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {

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
    if ((*function)->exported) shell.functions_changed();
    shell.functions().remove(name);
  };
  for (const std::string& operand : options.operands()) {
    if (functions) {
      remove_function(operand);
      continue;
    }
    const auto reference = Expander::parse_reference(operand);
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
    if (reference->has_subscript) {
      if (!shell.expander().unset_reference(*reference)) status = kFailure;
      continue;
    }
    Variable* variable = shell.variables().find_unresolved(operand);
    if (variable == nullptr) {
      if (!variables && !references) remove_function(operand);
      continue;
    }
    const auto done =
        references ? shell.variables().unset_reference(operand) : shell.variables().unset(operand);
    if (!done) {
      invocation.error(operand, "cannot unset: " + done.error().message.substr(std::min(
                                                       done.error().message.size(),
                                                       done.error().message.rfind(": ") + 2)));
      status = kFailure;
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
