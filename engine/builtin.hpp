// SPDX-License-Identifier: Apache-2.0
//
// What a builtin is: a function of this shape in engine/builtins/NAME.cpp and a row in
// engine/builtins/builtins.def, from which prototype, lookup table, `help` and `type` are derived.
//
// A builtin writes its output to `out` (descriptor 1, buffered: the evaluator flushes it after the
// builtin and reports a write that failed) and its complaints with error(). It changes the shell only
// through `shell`. It answers with an exit status; break, continue, return and exit are asked of the
// shell (shell.hpp) and happen after the builtin has returned.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

class Shell;
class Output;

// 0 to 255.
using ExitStatus = i32;
inline constexpr ExitStatus kSuccess = 0, kFailure = 1, kUsage = 2;

struct Invocation {
  Shell& shell;
  std::string_view name;                   // the builtin's own
  std::span<const std::string> arguments;  // without the name
  Output& out;

  // Writes "SHELL: line N: NAME: message" to standard error (without the line in an interactive
  // session), as bash does.
  void error(std::string_view message);
  // error(), for an operand that a syscall failed on: "NAME: operand: message of `error`".
  void error(std::string_view operand, std::string_view message);
};

using BuiltinFunction = ExitStatus (*)(Invocation&);

}  // namespace swebash::engine
