// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {

ExitStatus caller(Invocation& invocation) {
  OptionParser options(invocation, "");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
  }
  invocation.out.set_failure(Output::Failure::unnoticed);
  const auto& frames = invocation.shell.calls().frames();
  const bool in_script = invocation.shell.reading() == 0;
  if (frames.empty()) {
    // bash: the top of a script is called by nobody.
    if (!in_script || !options.operands().empty()) return kFailure;
    put_line(invocation.out, "0 NULL");
    return kSuccess;
  }
  const auto source_above = [&](usize depth) -> std::string {
    if (depth < frames.size()) {
      return std::string(frames[frames.size() - 1 - depth].source_file);
    }
    return in_script ? std::string(invocation.shell.script_name()) : "NULL";
  };
  if (options.operands().empty()) {
    invocation.out.put_number(frames.back().call_line);
    put_line(invocation.out, " " + source_above(1));
    return kSuccess;
  }
  const auto number = parse_integer(options.operands()[0]);
  if (!number || *number < 0) {
    invocation.error(options.operands()[0], "invalid number");
    return invocation.usage();
  }
  const usize depth = static_cast<usize>(*number);
  if (depth >= frames.size()) return kFailure;
  const usize index = frames.size() - 1 - depth;
  if (index == 0 && !in_script) return kFailure;
  invocation.out.put_number(frames[index].call_line);
  invocation.out.put(' ');
  invocation.out.put(index > 0 ? frames[index - 1].name : "main");
  put_line(invocation.out, " " + source_above(depth + 1));
  return kSuccess;
}

}  // namespace swebash::engine::builtins
