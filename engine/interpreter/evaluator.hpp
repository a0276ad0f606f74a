// SPDX-License-Identifier: Apache-2.0
//
// Evaluator: what runs trees, as those see it that stand below: the Shell, whose words have
// substitutions in them, and the TextRunner, which reads commands. The Executor (exec.hpp) is one.
#pragma once

#include <string>

#include "engine/expansion/expand.hpp"
#include "engine/interpreter/flow.hpp"
#include "engine/syntax/ast.hpp"

namespace swebash::engine {

// How a command is run, by what stands around it. Each step passes on what holds for its parts.
struct Mode {
  bool final = false;          // nothing comes after it: a program may take the task's place
  bool is_all = false;         // all that the task does: its redirections stay
  bool debugged = false;       // the DEBUG trap has run, in the parent
  bool wants_program = false;  // in the background: no utility stands for a program
  bool apart = false;          // in a task of its own already: its redirections are made here
};

class Evaluator {
 public:
  virtual Flow run(const Unit& unit, Mode mode) = 0;
  // Makes the function that `command` defines, which is of the shell's current unit.
  virtual Flow define(const FunctionCommand& command) = 0;
  // A new command was read where the shell reads its own input.
  virtual void forget_input() noexcept = 0;
  // Whether a failure of what runs now would be for `set -e` to see.
  [[nodiscard]] virtual bool is_checked() const noexcept = 0;
  // What $( ) or <( ) of `part` stands for.
  virtual Expanded<std::string> substitute_command(const Part& part) = 0;
  virtual Expanded<std::string> substitute_process(const Part& part) = 0;

 protected:
  ~Evaluator() = default;
};

}  // namespace swebash::engine
