// SPDX-License-Identifier: Apache-2.0
//
// EngineConfig: how a Wasmtime engine is set up, as plain data.
//
// From one EngineConfig come the `wasm_config_t` of the program that runs a module, that of the
// program that compiles it, and the part of the cache key that says how it was compiled: an
// artefact made by one build of Wasmtime loads in another of the same version only where these
// agree. A plain value; copies are independent. It knows no Wasmtime header (see
// wasmtime/engine.hpp for that).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "modcache/error.hpp"

namespace modcache {

enum class OptLevel : std::uint8_t { none, speed, speed_and_size };

// The pooling allocator's shape; used by the host alone, where `enabled`.
struct PoolingConfig {
  bool enabled = false;
  std::uint32_t instances = 16;
  std::uint64_t max_memory_size = 4ULL << 30;
  std::uint32_t max_unused_warm_slots = 16;
  std::uint64_t linear_memory_keep_resident = 0;
  std::uint64_t table_elements = 20000;

  bool operator==(const PoolingConfig&) const = default;
};

struct EngineConfig {
  // How much the compiler optimises.
  OptLevel opt_level = OptLevel::speed;
  // Every NaN is made the canonical one.
  bool nan_canonicalization = false;
  // The CPU the code is for: empty is the CPU this runs on; else one of cpu_baseline_names().
  std::string cpu;

#define MODCACHE_FLAG(name, value, scope) bool name = value;
#define MODCACHE_NUMBER(name, value, scope) std::uint64_t name = value;
#include "modcache/engine_config.def"
#undef MODCACHE_FLAG
#undef MODCACHE_NUMBER

  // How many frames a trap's backtrace holds at most; 0: none.
  std::uint32_t backtrace_frames = 20;
  PoolingConfig pooling;

  bool operator==(const EngineConfig&) const = default;
};

// Writes the settings that decide the code, in canonical form: `name=value`, in the order of
// engine_config.def, separated by one space. This text is part of the key.
[[nodiscard]] std::string code_text(const EngineConfig& config);

// Writes all settings, the host's too; parse_engine_config() reads it back.
[[nodiscard]] std::string to_text(const EngineConfig& config);

// Reads `text`, settings separated by spaces or line ends; what is not named keeps its default.
// Errors: bad_config, whose message names the word.
[[nodiscard]] Result<EngineConfig> parse_engine_config(std::string_view text);

// The features of `cpu` as Cranelift's flags, separated by spaces, or nullptr where `cpu` is not a
// baseline for the architecture this is built for. Lives for ever.
[[nodiscard]] const char* cpu_baseline_flags(std::string_view cpu) noexcept;

// The names that cpu_baseline_flags() knows, separated by spaces. Lives for ever.
[[nodiscard]] const char* cpu_baseline_names() noexcept;

// Whether this CPU runs code for `cpu`, one of cpu_baseline_names(); false for any other name.
[[nodiscard]] bool cpu_runs(std::string_view cpu) noexcept;

// What the code is compiled for: architecture and system, such as "x86_64-linux". Lives for ever.
[[nodiscard]] const char* target_name() noexcept;

// The CPU of `config` as it stands in the key: the baseline's name, or "host" and the features of
// this CPU that a compiler may use.
[[nodiscard]] std::string cpu_text(const EngineConfig& config);

}  // namespace modcache
