// SPDX-License-Identifier: Apache-2.0
//
// InProcessCompiler: compiles in the caller's own process, with a Wasmtime that has a compiler.
//
// For embedders whose program links a compiler anyway. Thread-safe. It cannot be limited or ended:
// see helper_compiler.hpp for the one that can.
#pragma once

#include "modcache/compiler.hpp"
#include "modcache/wasmtime/engine.hpp"

namespace modcache::wasmtime {

class InProcessCompiler final : public Compiler {
 public:
  // Compiles under the configuration that each request carries.
  InProcessCompiler() noexcept = default;
  // Compiles with `engine`, which outlives this; for an embedder's own wasm_config_t.
  explicit InProcessCompiler(wasm_engine_t* engine) noexcept : engine_(engine) {}

  [[nodiscard]] Result<std::vector<std::byte>> compile(const CompileRequest& request) override;

 private:
  wasm_engine_t* engine_ = nullptr;
};

}  // namespace modcache::wasmtime
