// SPDX-License-Identifier: Apache-2.0
//
// Engine: a Wasmtime engine, and how the shell sets its own up.
//
// One Engine serves all threads of the process; it outlives what was made with it. shell_config()
// is the one place that says how engine.wasm is compiled and run; an artefact made for another
// configuration is refused when it is loaded.
#pragma once

#include "modcache/engine_config.hpp"
#include "wasm/error.hpp"

struct wasm_engine_t;

namespace swebash::wasm {

// What a thread that runs wasm code needs below its stack pointer when it enters: the engine's
// max_wasm_stack and room for the host's own frames.
// It is more than the engine uses before the limits of its own end it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr u64 kMaxWasmStack = 4u << 20;  // they keep to the stacks they know
#else
inline constexpr u64 kMaxWasmStack = 64u << 20;
#endif
inline constexpr u64 kHostStackReserve = 256u << 10;

// How much of the process's address space an instance's memory may reserve.
enum class Room : u8 {
  wide,    // all that 32 bits reach: no access need be checked, and the memory never moves
  narrow,  // little: each access is checked, and the memory moves when it grows out of it
};

// How a process with a limit on its address space shares that out.
struct MemoryPlan {
  Room room = Room::wide;
  u64 wasm_stack = kMaxWasmStack;  // native stack of one call into wasm
  u64 growth = 0;                  // narrow: what a memory reserves beyond its size

  // What a thread needs below its stack pointer when it enters wasm code.
  [[nodiscard]] constexpr u64 stack_need() const noexcept { return wasm_stack + kHostStackReserve; }
  // The stacks of the main thread and of a pooled one: with room for clones that run on them.
  [[nodiscard]] constexpr u64 main_stack() const noexcept {
    return (room == Room::wide ? 4 : 2) * stack_need();
  }
  [[nodiscard]] constexpr u64 thread_stack() const noexcept {
    return (room == Room::wide ? 2 : 1) * stack_need() + kHostStackReserve;
  }
};

// The plan for `address_space` bytes (RLIMIT_AS; ~0: no limit).
[[nodiscard]] MemoryPlan plan_memory(u64 address_space) noexcept;

// How engine.wasm is compiled and run: no epoch checks (the engine polls), copy-on-write images, no
// unwind information; code for the baseline CPU, which runs as fast as code for this one and need
// not be checked against it feature by feature.
[[nodiscard]] modcache::EngineConfig shell_config(const MemoryPlan& plan = {});

// The same for what is compiled on this machine, while somebody waits: without the optimiser, and
// code for its own CPU where that is below the baseline.
[[nodiscard]] modcache::EngineConfig local_shell_config(const MemoryPlan& plan = {});

class Engine {
 public:
  // Errors: ErrorKind::configuration.
  [[nodiscard]] static WasmResult<Engine> create(const modcache::EngineConfig& config);
  // Owns an engine that was made elsewhere.
  // Requires: its memories are wide.
  [[nodiscard]] static Engine adopt(wasm_engine_t* engine) noexcept {
    return Engine(engine, Room::wide);
  }

  Engine(Engine&& other) noexcept
      : engine_(std::exchange(other.engine_, nullptr)), room_(other.room_) {}
  Engine& operator=(Engine&& other) noexcept {
    std::swap(engine_, other.engine_);
    std::swap(room_, other.room_);
    return *this;
  }
  ~Engine();

  // The handle, owned by this Engine.
  [[nodiscard]] wasm_engine_t* get() const noexcept { return engine_; }
  [[nodiscard]] Room room() const noexcept { return room_; }

 private:
  Engine(wasm_engine_t* engine, Room room) noexcept : engine_(engine), room_(room) {}

  wasm_engine_t* engine_;
  Room room_;
};

}  // namespace swebash::wasm
