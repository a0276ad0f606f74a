// SPDX-License-Identifier: Apache-2.0
//
// A module that answers 42, and the call that asks it. For tests.
#pragma once

#include <string_view>

#include "modcache/wasmtime/engine.hpp"

namespace modcache::testing {

// (module (func (export "f") (result i32) i32.const 42))
inline constexpr unsigned char kModule[] = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01,
                                            0x05, 0x01, 0x60, 0x00, 0x01, 0x7f, 0x03, 0x02, 0x01,
                                            0x00, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00, 0x0a,
                                            0x06, 0x01, 0x04, 0x00, 0x41, 0x2a, 0x0b};

inline std::string_view answering_module() {
  return {reinterpret_cast<const char*>(kModule), sizeof kModule};
}

// What its function gives; -1 where that fails.
inline int call_f(wasm_engine_t* engine, const wasmtime_module_t* module) {
  wasmtime_store_t* store = wasmtime_store_new(engine, nullptr, nullptr);
  wasmtime_context_t* context = wasmtime_store_context(store);
  wasmtime_instance_t instance;
  wasm_trap_t* trap = nullptr;
  wasmtime_extern_t function;
  wasmtime_val_t result{};
  int answer = -1;
  if (wasmtime_instance_new(context, module, nullptr, 0, &instance, &trap) == nullptr &&
      wasmtime_instance_export_get(context, &instance, "f", 1, &function) &&
      wasmtime_func_call(context, &function.of.func, nullptr, 0, &result, 1, &trap) == nullptr) {
    answer = result.of.i32;
  }
  wasmtime_store_delete(store);
  return answer;
}

}  // namespace modcache::testing
