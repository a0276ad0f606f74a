// SPDX-License-Identifier: Apache-2.0
//
// Error: what a call of modcache can fail with.
//
// A fault of the cache is never one: it is a miss, counted. What is left is what the caller asked
// for and cannot have: a module that is not there or does not compile, a configuration that cannot
// be served. A plain value.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace modcache {

enum class ErrorCode : std::uint8_t {
  bad_config,        // the engine's configuration or a setting is not valid
  cannot_read,       // the module's file cannot be read; os_error says why
  not_wasm,          // the bytes are not a WebAssembly module
  compile_failed,    // the compiler refused the module; message is its own
  compiler_missing,  // there is no compiler to call; os_error says why
  compiler_died,     // the compiler crashed, was killed or gave no artefact
  compiler_hung,     // the compiler passed its time limit and was ended
  load_failed,       // Wasmtime refuses a freshly made artefact
  rejected,          // the embedder's own check refuses the module
  not_cached,        // mode=require, and there is no entry
  cache_unusable,    // an operation on the cache itself (list, prune, …) cannot be done
};

struct Error {
  ErrorCode code{};
  std::string path;     // the file or directory concerned; may be empty
  int os_error = 0;     // errno, or 0
  std::string message;  // one sentence without a full stop; may be empty
};

template <class T>
using Result = swebash::Result<T, Error>;

// The name of `code`, such as "compile_failed". Lives for ever.
[[nodiscard]] const char* name_of(ErrorCode code) noexcept;

// Says `error` as one sentence, path first, without a full stop.
[[nodiscard]] std::string describe(const Error& error);

}  // namespace modcache
