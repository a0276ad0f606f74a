// SPDX-License-Identifier: Apache-2.0
//
// The adapter: EngineConfig to Wasmtime's configuration, artefacts to modules.
//
// The only part of modcache that includes Wasmtime's headers. Links with either build of Wasmtime;
// with the one that has no compiler, the settings that only a compiler reads are left out. An
// Engine and a Module own their handle and may be used from many threads as Wasmtime allows.
#pragma once

#include <wasm.h>
#include <wasmtime.h>

#include <memory>
#include <string>
#include <string_view>

#include "modcache/cache.hpp"

namespace modcache::wasmtime {

struct ConfigDeleter {
  void operator()(wasm_config_t* config) const noexcept;
};
struct EngineDeleter {
  void operator()(wasm_engine_t* engine) const noexcept;
};
struct ModuleDeleter {
  void operator()(wasmtime_module_t* module) const noexcept;
};
using Config = std::unique_ptr<wasm_config_t, ConfigDeleter>;
using Engine = std::unique_ptr<wasm_engine_t, EngineDeleter>;
using Module = std::unique_ptr<wasmtime_module_t, ModuleDeleter>;

// The version of Wasmtime this is built with. Lives for ever.
[[nodiscard]] const char* version() noexcept;

// Takes the message out of `error`, which it deletes.
[[nodiscard]] std::string message_of(wasmtime_error_t* error);

// Makes Wasmtime's configuration of `config`.
// Errors: bad_config.
[[nodiscard]] Result<Config> make_config(const EngineConfig& config);

// Makes an engine. Where the address space or the CPU does not allow it, that is an error, not an
// abort.
// Errors: bad_config.
[[nodiscard]] Result<Engine> make_engine(const EngineConfig& config);

// What decides, besides the version, whether one Wasmtime takes what another has compiled: words
// such as "threads gc", in a fixed order, for what was chosen when it was built. Costs nothing.
[[nodiscard]] std::string build_features();

// What artefacts made under `config` with this Wasmtime are known by; or with another of its
// version that has `features`.
[[nodiscard]] CodeIdentity code_identity(const EngineConfig& config);
[[nodiscard]] CodeIdentity code_identity(const EngineConfig& config, std::string_view features);

// The same for an embedder that makes its own wasm_config_t and vouches that `fingerprint` changes
// whenever that configuration does; its compiler must compile in process.
[[nodiscard]] CodeIdentity code_identity(std::string_view fingerprint);

// Makes a module of `artefact`, mapping its file (and taking the descriptor) where there is one.
// Errors: load_failed.
[[nodiscard]] Result<Module> load_artefact(wasm_engine_t* engine, Artefact& artefact);

// Looks at a module before it is used or published: nothing, or why it is not wanted. `report`
// tells how it was had.
class ModuleCheck {
 public:
  virtual ~ModuleCheck() = default;
  [[nodiscard]] virtual bool accepts(const wasmtime_module_t* module, const Report& report,
                                     std::string& message) = 0;
};

struct Loaded {
  Module module;
  Report report;
};

// Loads `source` through `cache` into `engine`, which was made under `code`'s configuration. What
// `compiler` cannot do, or makes in a way that the engine refuses, is compiled in process where
// this Wasmtime has a compiler.
// Errors: as Cache::load().
[[nodiscard]] Result<Loaded> load_module(Cache& cache, wasm_engine_t* engine,
                                         const CodeIdentity& code, const ModuleSource& source,
                                         Compiler& compiler, ModuleCheck* check = nullptr,
                                         SlowCompileNotice* notice = nullptr);

// Says what load_module() would find, and why not, without compiling or counting.
// Errors: as Cache::explain().
[[nodiscard]] Result<Explanation> explain_module(Cache& cache, wasm_engine_t* engine,
                                                 const CodeIdentity& code,
                                                 const ModuleSource& source);

}  // namespace modcache::wasmtime
