// SPDX-License-Identifier: Apache-2.0
#include "wasm/engine.hpp"

#include <wasmtime.h>

#include "modcache/wasmtime/engine.hpp"

namespace swebash::wasm {
namespace {

#if defined(__x86_64__)
constexpr const char* kBaseline = "x86-64-v2";
#else
constexpr const char* kBaseline = "armv8-a";
#endif

}  // namespace

modcache::EngineConfig shell_config() {
  modcache::EngineConfig config;
  config.max_wasm_stack = kMaxWasmStack;
  config.memory_may_move = false;
  config.wasm_memory64 = false;
  config.wasm_multi_memory = false;
  config.wasm_relaxed_simd = false;
  config.backtrace_frames = 0;
  config.cpu = kBaseline;
  return config;
}

modcache::EngineConfig local_shell_config() {
  auto config = shell_config();
  if (!modcache::cpu_runs(config.cpu)) config.cpu.clear();
  return config;
}

WasmResult<Engine> Engine::create(const modcache::EngineConfig& config) {
  auto engine = modcache::wasmtime::make_engine(config);
  if (!engine.has_value()) {
    return std::unexpected(Error{ErrorKind::configuration, modcache::describe(engine.error())});
  }
  return Engine(engine->release());
}

Engine::~Engine() {
  if (engine_ != nullptr) wasm_engine_delete(engine_);
}

}  // namespace swebash::wasm
