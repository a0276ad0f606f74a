// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/builtins/declarations.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {
namespace {

void show(Invocation& invocation, std::string_view name, std::string_view text, bool reusable) {
  // POSIX has no `alias ` in front; neither has bash in posix mode, but with -p.
  if (reusable || !invocation.shell.posix()) invocation.out.put("alias ");
  invocation.out.put(name);
  invocation.out.put('=');
  put_line(invocation.out, quote_single_plain(text));
}

bool valid_name(std::string_view name) {
  return !name.empty() && name.find_first_of(" \t\n$`\"'\\/|&;()<>") == std::string_view::npos;
}

}  // namespace

ExitStatus alias(Invocation& invocation) {
  OptionParser options(invocation, "p");
  bool print = false;
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    print = true;
  }
  auto& aliases = invocation.shell.aliases();
  const auto operands = options.operands();
  if (operands.empty() || print) {
    std::vector<std::string_view> names;
    for (const auto& entry : aliases) names.push_back(entry.first);
    std::ranges::sort(names);
    for (const std::string_view name : names) {
      show(invocation, name, aliases.find(name)->second, print);
    }
  }
  ExitStatus status = kSuccess;
  if (!operands.empty()) invocation.out.set_failure(Output::Failure::unnoticed);
  for (const std::string& operand : operands) {
    const usize equals = operand.find('=');
    if (equals != std::string::npos && equals > 0) {
      const std::string name = operand.substr(0, equals);
      if (!valid_name(name)) {
        invocation.error("`" + name + "'", "invalid alias name");
        status = kFailure;
        continue;
      }
      aliases.insert_or_assign(name, operand.substr(equals + 1));
      continue;
    }
    const auto found = aliases.find(operand);
    if (found == aliases.end()) {
      invocation.error(operand, "not found");
      status = kFailure;
    } else {
      show(invocation, operand, found->second, print);
    }
  }
  return status;
}

ExitStatus unalias(Invocation& invocation) {
  OptionParser options(invocation, "a");
  bool all = false;
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    all = true;
  }
  auto& aliases = invocation.shell.aliases();
  if (all) {
    aliases.clear();
    return kSuccess;
  }
  if (options.operands().empty()) return invocation.usage();
  ExitStatus status = kSuccess;
  for (const std::string& name : options.operands()) {
    if (aliases.erase(name) == 0) {
      invocation.error(name, "not found");
      status = kFailure;
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
