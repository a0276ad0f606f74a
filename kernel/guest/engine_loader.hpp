// SPDX-License-Identifier: Apache-2.0
//
// load_engine(): the shell's engine, by the first tier that has it
// (ADR 1), ready to make instances of.
//
// Called once, at start, on the main thread. What is wrong with a tier is told in the story and is
// no error as long as another has the module; what is wrong with an engine that the user named is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "modcache/artefact.hpp"
#include "wasm/linker.hpp"

namespace swebash::kernel::guest {

enum class EngineTier : u8 {
  automatic,  // ahead of time, else the cache, else a compile
  aot,        // ahead of time only
  cache,      // the cache, filled by a compile on a miss
  jit,        // a compile at every start
};

struct EngineRequest {
  EngineTier tier = EngineTier::automatic;
  std::string file;       // another engine's module; empty: the program's own
  std::string directory;  // where the program's companions are
  wasm::MemoryPlan plan;
};

// What happened on the way; durations in microseconds.
struct EngineStory {
  wasm::Room room = wasm::Room::wide;
  modcache::Tier tier = modcache::Tier::compiled;
  // Why the ahead-of-time artefact was not used; none when it was, or was not looked for.
  modcache::MissReason not_ahead_of_time = modcache::MissReason::none;
  modcache::Report report;
  i64 engine_us = 0;    // making the Wasmtime engine
  i64 module_us = 0;    // looking up and loading the module
  i64 template_us = 0;  // binding it to the syscalls
};

struct LoadedEngine {
  wasm::Engine engine;
  wasm::Template origin;
  EngineStory story;
};

// Why there is no engine: one sentence, and the status to exit with.
struct EngineFault {
  i32 status;
  std::string message;
};

// What the engine that this program was built with is known by.
[[nodiscard]] std::string_view engine_build() noexcept;

// Errors: status 127 for a file that is not there, 126 for anything else.
[[nodiscard]] Result<LoadedEngine, EngineFault> load_engine(const EngineRequest& request);

}  // namespace swebash::kernel::guest
