// SPDX-License-Identifier: Apache-2.0
//
// The commands of `swebash overlay`, and what is done where a session with one ends.
#pragma once

#include <span>
#include <string>

namespace swebash::overlay::program {

// What the command line says besides the command.
struct Wanted {
  std::string shell;  // the program swebash
  bool colour_always = false;
  bool colour_never = false;
  std::span<char* const> operands;
};

// The command `name`, to its exit status: 0; 1 where changes cannot be taken; 2 for a wrong word.
[[nodiscard]] int run_command(const std::string& name, const Wanted& wanted);

}  // namespace swebash::overlay::program
