// SPDX-License-Identifier: Apache-2.0
//
// Executor: walks the tree of a script and runs it (POSIX XCU 2.9).
//
// It keeps no state of the script: that is the Shell's. Each step answers with a Flow and leaves the
// exit status in the Shell. Trees are walked as they are, never copied or parsed again. Nesting is
// bounded by the stack: beyond a limit the command fails with a message. Not thread-safe; reentrant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ast.hpp"
#include "engine/builtin.hpp"
#include "engine/expand.hpp"
#include "engine/functions.hpp"
#include "engine/redir.hpp"
#include "engine/shell.hpp"

namespace swebash::engine {

// What a command name stands for, in the order in which it is looked for.
struct CommandTarget {
  FunctionPtr function;
  const Builtin* builtin = nullptr;  // a utility only where PATH leads to it
  std::string path;                  // a program; empty when there is none
};

enum class FunctionLookup : u8 { with, without };

class Executor {
 public:
  explicit Executor(Shell& shell) noexcept;

  Flow run(const Unit& unit);
  Flow list(const List& list);
  // As a condition: a failure does not trigger `set -e`.
  Flow condition(const List& list);
  Flow and_or(const AndOr& and_or);
  Flow pipeline(const Pipeline& pipeline);
  Flow command(const Command& command);

  // Calls a function with arguments ("$1" and on).
  Flow call(const FunctionPtr& function, std::span<const std::string> arguments);
  // Runs a builtin with redirections already made; flushes its output.
  // `handled` becomes false when a utility leaves the work to the native program.
  Flow run_builtin(const Builtin& builtin, std::span<const std::string> arguments,
                   std::span<const Assignment* const> assignments, bool& handled);
  // Runs words as a simple command: builtins `command`, `builtin`, `env`, compgen -C and so on.
  Flow run_words(std::span<const std::string> words, FunctionLookup functions, bool standard_path);
  // Finds what `name` stands for.
  [[nodiscard]] CommandTarget find(std::string_view name, FunctionLookup functions,
                                   bool standard_path = false);
  // Starts a native program and waits for it. Requires: words is not empty.
  Flow run_program(const std::string& path, std::span<const std::string> words);
  // Replaces the task by a program; comes back only with a status when that failed (reported).
  ExitStatus replace(const std::string& path, std::span<const std::string> words,
                     const EnvironmentBlock& environment, std::string_view name);

  // $( ) of `part` and <( ).
  Expanded<std::string> substitute_command(const Part& part);
  Expanded<std::string> substitute_process(const Part& part);

  // What stands after -c and runs last may take the task's place.
  void set_final(bool final) noexcept { final_ = final; }

  // Whether another level of nesting fits on the stack; says so when it does not.
  [[nodiscard]] bool deep_enough_left();

 private:
  struct Stage;
  struct Prepared;

  Flow simple(const SimpleCommand& command);
  Flow assignments_only(const SimpleCommand& command);
  Flow dispatch(const SimpleCommand& command, std::vector<std::string>& words,
                std::span<const Assignment* const> assignments);
  Flow compound(const Command& command);
  Flow body(const Command& command);
  Flow subshell(const SubshellCommand& command);
  Flow if_clause(const IfCommand& command);
  Flow while_loop(const WhileCommand& command);
  Flow for_loop(const ForCommand& command);
  Flow arith_for(const ArithForCommand& command);
  Flow select_loop(const ForCommand& command);
  Flow case_clause(const CaseCommand& command);
  Flow define(const FunctionCommand& command);
  Flow arith(const ArithCommand& command);
  Flow conditional(const ConditionalCommand& command);
  Flow coproc(const CoprocCommand& command);
  Flow pipe(const Pipeline& pipeline);
  Flow background(const AndOr& and_or);
  Flow timed(const Pipeline& pipeline);
  Flow run_pipeline(const Pipeline& pipeline);

  // The Flow of a loop body's end, or nothing when the loop goes on.
  bool loop_ends(Flow& flow);
  Flow after(const Command& command, Flow flow);
  Flow failed(const ExpansionError& error);
  Flow failed(FailureReach reach, ExitStatus status);
  Flow debug_trap(const Command& command);
  Flow check_error();
  void trace(std::span<const std::string> words, std::span<const Assignment* const> assignments);
  void trace_text(std::string_view text);

  Expanded<bool> test(const Condition& condition);
  Expanded<bool> test_unary(const Condition& condition);
  Expanded<bool> test_binary(const Condition& condition);
  Expanded<bool> match_regex(const std::string& subject, const std::string& expression);

  [[nodiscard]] bool spawns_directly(const Command& command, std::string& path,
                                     const Builtin** builtin);
  SysResult<i32> spawn(const std::string& path, std::span<const std::string> words, i32 group,
                       u32 flags);
  i32 start_stage(const Command& command, i32 group, bool foreground, bool asynchronous,
                  std::span<const i32> close_in_child);
  ExitStatus program_error(Errno error, std::string_view name, const std::string& path);
  Flow run_script(const std::string& path, std::span<const std::string> words);
  Flow not_found(std::span<const std::string> words);
  void finish_clone(Flow flow);

  Shell& shell_;
  const char* stack_limit_ = nullptr;
  bool final_ = false;
  u32 depth_ = 0;
};

// Writes the value of `text` quoted as xtrace and `set` do.
[[nodiscard]] bool has_side_effects(const Word& word);

}  // namespace swebash::engine
