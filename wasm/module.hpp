// SPDX-License-Identifier: Apache-2.0
//
// Module: a compiled module of an Engine, and the ways to one.
//
// Owns its handle. Made once; any thread may use it. How it came about is in the Report beside it.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "modcache/cache.hpp"
#include "wasm/engine.hpp"
#include "wasm/error.hpp"
#include "wasm/values.hpp"

struct wasmtime_module;

namespace swebash::wasm {

// What a module must fit: the functions a host provides, and the exported functions it needs. The
// module with the content `fitting` is known to.
struct ModuleShape {
  std::span<const HostFunction> provided;
  std::span<const std::string_view> required;
  modcache::Hash fitting;
};

class Module {
 public:
  struct Loaded;

  // Makes a module of a checked artefact.
  // Errors: modcache::ErrorCode::load_failed.
  [[nodiscard]] static modcache::Result<Module> from_artefact(const Engine& engine,
                                                              modcache::Artefact& artefact);

  // Loads `source` through `cache`; a module that does not fit `shape` is an error and is not
  // published.
  // Errors: as modcache::Cache::load().
  [[nodiscard]] static modcache::Result<Loaded> load(modcache::Cache& cache, const Engine& engine,
                                                     const modcache::EngineConfig& config,
                                                     const modcache::ModuleSource& source,
                                                     modcache::Compiler& compiler,
                                                     const ModuleShape& shape,
                                                     modcache::SlowCompileNotice* notice);

  // Owns a module that was made elsewhere.
  [[nodiscard]] static Module adopt(wasmtime_module* module) noexcept { return Module(module); }

  Module(Module&& other) noexcept : module_(std::exchange(other.module_, nullptr)) {}
  Module& operator=(Module&& other) noexcept {
    std::swap(module_, other.module_);
    return *this;
  }
  ~Module();

  // The handle, owned by this Module.
  [[nodiscard]] wasmtime_module* get() const noexcept { return module_; }

 private:
  explicit Module(wasmtime_module* module) noexcept : module_(module) {}

  wasmtime_module* module_;
};

struct Module::Loaded {
  Module module;
  modcache::Report report;
};

// The version of Wasmtime in this program.
[[nodiscard]] std::string_view runtime_version() noexcept;

}  // namespace swebash::wasm
