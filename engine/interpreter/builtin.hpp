// SPDX-License-Identifier: Apache-2.0
//
// What a builtin is: a function of this shape in engine/builtins/NAME.cpp and a row in
// engine/builtins/builtins.def, from which prototype, lookup table, `help` and `type` are derived
// (builtin_table.hpp).
//
// A builtin writes its output to `out` (descriptor 1, buffered: the evaluator flushes it after the
// builtin and reports a write that failed) and its complaints with error(). It changes the shell
// through `shell`, and runs commands through `executor`. It answers with an exit status; break,
// continue, return and exit are asked of the shell (flow.hpp) and happen after the builtin has
// returned.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "engine/interpreter/builtin_table.hpp"
#include "engine/system/exit_status.hpp"

namespace swebash::engine {

class Executor;
class Shell;
class Output;
struct Assignment;

// A utility's answer to options or operands that it leaves to the native program: nothing was done,
// nothing was written; the evaluator runs the program from PATH with the same arguments.
inline constexpr ExitStatus kRunNative = -1;

struct Invocation {
  Shell& shell;
  Executor& executor;                      // for those that run something
  std::string_view name;                   // the builtin's own
  std::span<const std::string> arguments;  // without the name
  Output& out;
  // Parallel to `arguments` (or empty): where an argument was written as name=( ... ) or
  // name[subscript]=value of a declaration builtin, its tree, not yet expanded; else null.
  std::span<const Assignment* const> assignments = {};

  // The same with other arguments, none of which is an assignment.
  [[nodiscard]] Invocation with(std::span<const std::string> others) const {
    return {shell, executor, name, others, out};
  }
  // Writes "SHELL: line N: NAME: message" to standard error (without the line in an interactive
  // session), as bash does.
  void error(std::string_view message);
  // error(), for an operand that a syscall failed on: "NAME: operand: message of `error`".
  void error(std::string_view operand, std::string_view message);
  // Writes "NAME: usage: SYNOPSIS" to standard error; answers kUsage.
  ExitStatus usage();
};

// Walks the options of an invocation as bash's internal_getopt does: clusters, "--", arguments that
// stick or follow. At an error the message and the usage line have been written.
class OptionParser {
 public:
  // `options`: the letters, each followed by ':' when it takes an argument, by ';' when it may: the
  // rest of its word, or the next if that is no option.
  OptionParser(Invocation& invocation, std::string_view options) noexcept
      : invocation_(invocation), options_(options) {}

  // The next option letter; 0 after the last; '?' for one that is not allowed or lacks its
  // argument.
  [[nodiscard]] char next();
  // Empty where an argument that may be there is not.
  [[nodiscard]] std::string_view argument() const noexcept { return argument_; }
  // Whether the option was written with + (when plus_allowed() was called).
  [[nodiscard]] bool plus() const noexcept { return plus_; }
  OptionParser& plus_allowed() noexcept {
    plus_allowed_ = true;
    return *this;
  }
  // The operands after the options.
  [[nodiscard]] std::span<const std::string> operands() const noexcept {
    return invocation_.arguments.subspan(index_);
  }

 private:
  Invocation& invocation_;
  std::string_view options_;
  std::string_view argument_;
  usize index_ = 0;
  usize offset_ = 0;
  bool plus_ = false;
  bool plus_allowed_ = false;
};

}  // namespace swebash::engine
