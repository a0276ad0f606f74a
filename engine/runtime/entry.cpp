// SPDX-License-Identifier: Apache-2.0
//
// What the host calls in engine.wasm: the program itself, the beginning of a clone, a plain call;
// and for a session in a library, its beginning and each request (ADR 5).

#include <new>

#include "abi/guest.hpp"
#include "engine/program/main.hpp"
#include "engine/program/serve.hpp"
#include "engine/system/memory.hpp"

extern "C" {

void __wasm_call_ctors();  // NOLINT: the linker's name

int swebash_main() {
  __wasm_call_ctors();
  std::set_new_handler(swebash::engine::report_refused_memory);
  swebash::engine::run_main();
}

void swebash_open() {
  __wasm_call_ctors();
  std::set_new_handler(swebash::engine::report_refused_memory);
  swebash::engine::open_session();
}

void swebash_serve() { swebash::engine::serve_session(); }

void swebash_clone_entry(swebash::GuestFunction function, void* argument) {
  function(argument);
  swebash::sys::exit(0);
}

void swebash_call_entry(swebash::GuestFunction function, void* argument) { function(argument); }

}  // extern "C"
