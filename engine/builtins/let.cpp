// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {

ExitStatus let(Invocation& invocation) {
  auto arguments = invocation.arguments;
  if (!arguments.empty() && arguments[0] == "--") arguments = arguments.subspan(1);
  if (arguments.empty()) {
    invocation.error("expression expected");
    return kFailure;
  }
  i64 value = 0;
  for (const std::string& expression : arguments) {
    auto result = invocation.shell.expander().let_text(expression);
    if (!result) {
      if (result.error().reach == FailureReach::shell && invocation.shell.on(SetOption::nounset)) {
        invocation.shell.flow().ask_exit();
      }
      return kFailure;
    }
    value = *result;
  }
  return value == 0 ? kFailure : kSuccess;
}

}  // namespace swebash::engine::builtins
