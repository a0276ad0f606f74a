// SPDX-License-Identifier: Apache-2.0
//
// The program `swebash`: the shell, with its engine by the first tier that has it.

#include <unistd.h>

#include "kernel/guest/engine_loader.hpp"
#include "shell/run.hpp"

int main(int argc, char** argv, char** envp) {
  const int status =
      swebash::shell::run_shell(argc, argv, envp, swebash::kernel::guest::load_engine);
  // Nothing that is left needs a destructor, and each would cost a start its share.
  _exit(status);
}
