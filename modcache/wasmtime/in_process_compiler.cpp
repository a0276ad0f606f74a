// SPDX-License-Identifier: Apache-2.0
#include "modcache/wasmtime/in_process_compiler.hpp"

#include <cstring>

// Nothing is left of this file over a Wasmtime that compiles nothing.
#ifdef WASMTIME_FEATURE_COMPILER

namespace modcache::wasmtime {
namespace {

std::unexpected<Error> failed(std::string message) {
  return std::unexpected(Error{ErrorCode::compile_failed, {}, 0, std::move(message)});
}

}  // namespace

Result<std::vector<std::byte>> InProcessCompiler::compile(const CompileRequest& request) {
  Engine own;
  wasm_engine_t* engine = engine_;
  if (engine == nullptr) {
    EngineConfig config = SWEBASH_TRY(parse_engine_config(request.config));
    // The host's part: a compiler instantiates nothing.
    config.pooling.enabled = false;
    own = SWEBASH_TRY(make_engine(config));
    engine = own.get();
  }
  wasmtime_module_t* raw = nullptr;
  if (wasmtime_error_t* error =
          wasmtime_module_new(engine, reinterpret_cast<const uint8_t*>(request.module.data()),
                              request.module.size(), &raw)) {
    return failed(message_of(error));
  }
  const Module module(raw);
  wasm_byte_vec_t bytes;
  if (wasmtime_error_t* error = wasmtime_module_serialize(module.get(), &bytes)) {
    return failed(message_of(error));
  }
  std::vector<std::byte> artefact(bytes.size);
  std::memcpy(artefact.data(), bytes.data, bytes.size);
  wasm_byte_vec_delete(&bytes);
  return artefact;
}

}  // namespace modcache::wasmtime

#endif
