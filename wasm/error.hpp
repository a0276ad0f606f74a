// SPDX-License-Identifier: Apache-2.0
//
// Why a module could not be made ready to run.
#pragma once

#include <string>

#include "base/integers.hpp"
#include "base/result.hpp"

namespace swebash::wasm {

enum class ErrorKind : u8 {
  configuration,  // this build or this CPU cannot serve the engine's configuration
  module,         // an import that is not provided, or an export that is missing or of another type
  memory,         // address space or memory ran out while an instance was made
};

struct Error {
  ErrorKind kind;
  std::string message;  // one line, without the module's name
};

template <class T>
using WasmResult = Result<T, Error>;

}  // namespace swebash::wasm
