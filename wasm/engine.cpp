// SPDX-License-Identifier: Apache-2.0
#include "wasm/engine.hpp"

#include <wasmtime.h>

#include <algorithm>

#include "modcache/wasmtime/engine.hpp"

namespace swebash::wasm {
namespace {

#if defined(__x86_64__)
constexpr const char* kBaseline = "x86-64-v2";
#else
constexpr const char* kBaseline = "armv8-a";
#endif

}  // namespace

MemoryPlan plan_memory(u64 address_space) noexcept {
  // Each instance of a pipeline is 4 GiB of addresses when there is room.
  constexpr u64 kEnough = u64{512} << 30;
  if (address_space >= kEnough) return {};
  MemoryPlan plan;
  plan.room = Room::narrow;
  // The shares are such that subshells in subshells fit into 90 MB; a stage of a pipeline has as
  // much of its own.
  constexpr u64 kWhole = ~u64{0xffff};
  plan.wasm_stack = std::clamp<u64>(address_space / 32 & kWhole, u64{2} << 20, kMaxWasmStack);
  plan.growth = std::clamp<u64>(address_space / 256 & kWhole, u64{512} << 10, u64{64} << 20);
  return plan;
}

modcache::EngineConfig shell_config(const MemoryPlan& plan) {
  modcache::EngineConfig config;
  config.max_wasm_stack = plan.wasm_stack;
  config.memory_may_move = plan.room == Room::narrow;
  if (plan.room == Room::narrow) {
    config.memory_reservation = 0;
    config.memory_guard_size = 0;
    config.memory_reservation_for_growth = plan.growth;
  }
  config.wasm_memory64 = false;
  config.wasm_multi_memory = false;
  config.wasm_relaxed_simd = false;
  config.backtrace_frames = 0;
  config.cpu = kBaseline;
  return config;
}

modcache::EngineConfig local_shell_config(const MemoryPlan& plan) {
  auto config = shell_config(plan);
  if (!modcache::cpu_runs(config.cpu)) config.cpu.clear();
  // A quarter less time to compile; LLVM has optimised the engine before, so it runs as well but
  // for a twentieth. The installed one, compiled once, is spared that.
  config.opt_level = modcache::OptLevel::none;
  return config;
}

WasmResult<Engine> Engine::create(const modcache::EngineConfig& config) {
  auto engine = modcache::wasmtime::make_engine(config);
  if (!engine.has_value()) {
    return std::unexpected(Error{ErrorKind::configuration, modcache::describe(engine.error())});
  }
  return Engine(engine->release(), config.memory_may_move ? Room::narrow : Room::wide);
}

Engine::~Engine() {
  if (engine_ != nullptr) wasm_engine_delete(engine_);
}

}  // namespace swebash::wasm
