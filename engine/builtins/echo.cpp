// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/escapes.hpp"
#include "engine/interpreter/builtin.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/system/output.hpp"

namespace swebash::engine::builtins {

ExitStatus echo(Invocation& invocation) {
  std::span<const std::string> arguments = invocation.arguments;
  bool newline = true;
  const bool xpg = invocation.shell.on(ShellOption::xpg_echo);
  bool escapes = xpg;
  const bool takes_options = !(xpg && invocation.shell.on(SetOption::posix));
  while (takes_options && !arguments.empty()) {
    const std::string_view option = arguments.front();
    // bash: an argument with any other letter is text.
    if (option.size() < 2 || option[0] != '-' ||
        option.find_first_not_of("neE", 1) != std::string_view::npos) {
      break;
    }
    for (const char letter : option.substr(1)) {
      if (letter == 'n') newline = false;
      if (letter == 'e') escapes = true;
      if (letter == 'E') escapes = false;
    }
    arguments = arguments.subspan(1);
  }
  Output& out = invocation.out;
  bool first = true;
  for (const std::string& argument : arguments) {
    if (!first) out.put(' ');
    first = false;
    if (!escapes) {
      out.put(argument);
      continue;
    }
    std::string decoded;
    const bool goes_on = append_decoded(argument, EscapeStyle::echo, decoded);
    out.put(decoded);
    if (!goes_on) return kSuccess;
  }
  if (newline) out.put('\n');
  return kSuccess;
}

}  // namespace swebash::engine::builtins
