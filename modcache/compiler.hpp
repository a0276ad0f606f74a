// SPDX-License-Identifier: Apache-2.0
//
// Compiler: what a miss calls to turn a module into an artefact.
//
// Two implementations: helper_compiler.hpp starts the program `modcache-compile`, and
// wasmtime/in_process_compiler.hpp compiles in the caller's own process. Implementations are
// thread-safe. A compiler knows nothing of the cache: what it makes is checked and published by the
// caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "modcache/error.hpp"

namespace modcache {

// Told, once, when a compile turns out to be slow.
class SlowCompileNotice {
 public:
  virtual ~SlowCompileNotice() = default;
  virtual void slow_compile(std::string_view name) = 0;
};

struct CompileRequest {
  std::span<const std::byte> module;
  std::string_view config;   // as to_text(EngineConfig) writes it
  std::string_view runtime;  // the version of Wasmtime the artefact is for
  std::string_view name;     // for messages
  SlowCompileNotice* notice = nullptr;
  std::uint32_t slow_after_ms = 150;
};

class Compiler {
 public:
  virtual ~Compiler() = default;

  // Compiles `request.module`.
  // Errors: not_wasm, compile_failed, compiler_missing, compiler_died, compiler_hung, bad_config.
  [[nodiscard]] virtual Result<std::vector<std::byte>> compile(const CompileRequest& request) = 0;
};

}  // namespace modcache
