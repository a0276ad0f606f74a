// SPDX-License-Identifier: Apache-2.0
//
// engine_native: the engine as an ordinary program, over POSIX.
#include <cstdlib>

#include "engine/native/start.hpp"
#include "engine/program/main.hpp"

extern char** environ;

int main(int argc, char** argv) {
  swebash::native::set_start(argc, argv, environ);
  swebash::engine::run_main();
}
