// SPDX-License-Identifier: Apache-2.0
//
// The values that cross between host and wasm code, and host functions as a table of them.
//
// Plain data; pure; thread-safe. RawValue has the layout of `wasmtime_val_raw_t` (linker.cpp holds
// that by static_assert), so that no Wasmtime header is needed to write a host function.
#pragma once

#include <span>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::wasm {

class Instance;

enum class ValueType : u8 { i32, i64 };

// One parameter or result slot of a call.
union alignas(16) RawValue {
  i32 as_i32;
  i64 as_i64;
  u8 bytes[16];
};

// What happens in the calling wasm code after a host function.
enum class AfterCall : u8 {
  proceed,  // go on with the result
  stop,     // unwind to whoever called into the instance, which is told CallEnd::stopped
};

// A host function: reads its parameters from `values` and leaves its result, an i64, in values[0].
using HostCall = AfterCall (*)(Instance& caller, RawValue* values);

// A row of the imports a host provides. Every function answers with one i64.
struct HostFunction {
  std::string_view module;
  std::string_view name;
  std::span<const ValueType> parameters;
  HostCall call;
};

}  // namespace swebash::wasm
