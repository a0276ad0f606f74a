// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {

ExitStatus enable(Invocation& invocation) {
  bool all = false, off = false, special_only = false;
  OptionParser options(invocation, "adnpsf:");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'a': all = true; break;
      case 'n': off = true; break;
      case 's': special_only = true; break;
      case 'f':
      case 'd':
        if (invocation.shell.restricted()) {
          invocation.error("restricted");
          return kFailure;
        }
        invocation.error("dynamic loading not available");
        return kFailure;
      default: break;
    }
  }
  Shell& shell = invocation.shell;
  const auto operands = options.operands();
  if (operands.empty()) {
    for (const Builtin& row : builtin_table()) {
      if (row.kind == BuiltinKind::utility) continue;
      if (special_only && row.kind != BuiltinKind::special) continue;
      const bool disabled = shell.builtins().is_disabled(row.name);
      if (!all && disabled != off) continue;
      invocation.out.put(disabled ? "enable -n " : "enable ");
      put_line(invocation.out, row.name);
    }
    return kSuccess;
  }
  ExitStatus status = kSuccess;
  for (const std::string& name : operands) {
    const Builtin* row = find_builtin(name);
    if (row == nullptr || row->kind == BuiltinKind::utility) {
      invocation.error(name, "not a shell builtin");
      status = kFailure;
    } else if (off) {
      shell.builtins().disabled().insert_or_assign(name, true);
    } else {
      shell.builtins().disabled().erase(name);
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
