// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"
#include "engine/pattern.hpp"
#include "engine/version.hpp"

namespace swebash::engine::builtins {

ExitStatus help(Invocation& invocation) {
  bool summary_only = false, synopsis_only = false;
  OptionParser options(invocation, "dms");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'd': summary_only = true; break;
      case 's': synopsis_only = true; break;
      default: break;
    }
  }
  Output& out = invocation.out;
  const auto operands = options.operands();
  if (operands.empty()) {
    put_line(out, "swebash, version " + std::string(kVersion));
    put_line(out, "These commands are part of the shell. `help NAME' says more about NAME.");
    put_line(out, "");
    for (const Builtin& row : builtin_table()) put_line(out, " " + std::string(row.synopsis));
    return kSuccess;
  }
  ExitStatus status = kSuccess;
  for (const std::string& operand : operands) {
    bool found = false;
    const auto show = [&](const Builtin& row) {
      found = true;
      const std::string name(row.name);
      if (summary_only) {
        put_line(out, name + " - " + std::string(row.summary));
      } else {
        put_line(out, name + ": " + std::string(row.synopsis));
        if (!synopsis_only) put_line(out, "    " + std::string(row.summary));
      }
    };
    if (const Builtin* row = find_builtin(operand)) {
      show(*row);
      continue;
    }
    // bash: a word without pattern characters names what begins with it.
    const Pattern pattern(has_pattern(operand, true) ? operand : operand + "*", {.extglob = true});
    for (const Builtin& row : builtin_table()) {
      if (pattern.matches(row.name)) show(row);
    }
    if (!found) {
      invocation.error("no help topics match `" + operand + "'.  Try `help help' or `man -k " +
                       operand + "' or `info " + operand + "'.");
      status = kFailure;
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
