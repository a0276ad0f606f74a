// SPDX-License-Identifier: Apache-2.0
//
// What the host calls in engine.wasm: the program itself, the beginning of a clone, and a plain
// call.

#include <new>

#include "abi/guest.hpp"
#include "engine/program/main.hpp"
#include "engine/system/memory.hpp"

extern "C" {

void __wasm_call_ctors();  // NOLINT: the linker's name

int swebash_main() {
  __wasm_call_ctors();
  std::set_new_handler(swebash::engine::report_refused_memory);
  swebash::engine::run_main();
}

void swebash_clone_entry(swebash::GuestFunction function, void* argument) {
  function(argument);
  swebash::sys::exit(0);
}

void swebash_call_entry(swebash::GuestFunction function, void* argument) { function(argument); }

}  // extern "C"
