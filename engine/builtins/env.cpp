// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "engine/builtins/declarations.hpp"
#include "engine/interpreter/exec.hpp"

namespace swebash::engine::builtins {
namespace {

void show_environment(Invocation& invocation, char end) {
  const EnvironmentBlock& block = invocation.shell.environment().block();
  const char* at = block.bytes.data();
  for (u32 i = 0; i < block.count; ++i) {
    const std::string_view entry(at);
    invocation.out.put(entry);
    invocation.out.put(end);
    at += entry.size() + 1;
  }
  invocation.out.put("_=/usr/bin/env");
  invocation.out.put(end);
}

}  // namespace

ExitStatus env(Invocation& invocation) {
  // What only shows the environment, or sets variables for one program, is done here; the rest (-i,
  // -u, -C, -S and long options) is the native program's.
  usize at = 0;
  char end = '\n';
  const auto arguments = invocation.arguments;
  for (; at < arguments.size(); ++at) {
    if (arguments[at] == "-0") {
      end = '\0';
    } else if (arguments[at] == "--") {
      ++at;
      break;
    } else if (arguments[at].starts_with('-')) {
      return kRunNative;
    } else {
      break;
    }
  }
  if (at < arguments.size()) return kRunNative;
  show_environment(invocation, end);
  return kSuccess;
}

}  // namespace swebash::engine::builtins
