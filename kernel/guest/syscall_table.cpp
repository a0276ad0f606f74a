// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/syscall_table.hpp"

#include <array>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kernel/guest/syscall.hpp"
#include "kernel/guest/wasm_task.hpp"
#include "wasm/instance.hpp"

namespace swebash::kernel::guest {
namespace {

template <class T>
constexpr wasm::ValueType wire_type() {
  return std::is_same_v<T, i64> || std::is_same_v<T, u64> ? wasm::ValueType::i64
                                                          : wasm::ValueType::i32;
}

template <class T>
T decode(const wasm::RawValue& value) noexcept {
  if constexpr (std::is_same_v<T, i64> || std::is_same_v<T, u64>) {
    return static_cast<T>(value.as_i64);
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(value.as_i32);
  } else {
    // GuestPtr and GuestFunction: one u32.
    return T{static_cast<u32>(value.as_i32)};
  }
}

template <auto kHandler>
struct Entry;

template <class... Parameters, SyscallResult (*kHandler)(Call&, Parameters...)>
struct Entry<kHandler> {
  static constexpr std::array<wasm::ValueType, sizeof...(Parameters)> kParameters{
      wire_type<Parameters>()...};

  static wasm::AfterCall call(wasm::Instance& instance, wasm::RawValue* values) {
    auto& self = *static_cast<WasmTask*>(instance.user());
    Call context{self, self.task(), GuestMemory(instance.memory())};
    const SyscallResult answer = [&]<usize... kIndex>(std::index_sequence<kIndex...>) {
      return kHandler(context, decode<Parameters>(values[kIndex])...);
    }(std::index_sequence_for<Parameters...>{});
    if (answer.has_value()) {
      values[0].as_i64 = *answer;
    } else {
      if (answer.error().ended) return wasm::AfterCall::stop;
      values[0].as_i64 = -static_cast<i64>(answer.error().error);
    }
    return self.task().doomed() ? wasm::AfterCall::stop : wasm::AfterCall::proceed;
  }
};

constexpr wasm::HostFunction kRows[] = {
#define SWEBASH_SYSCALL(family, name, summary, ...) \
  {"swebash", #name, Entry<&handle_##name>::kParameters, Entry<&handle_##name>::call},
#include "abi/syscalls.def"
#undef SWEBASH_SYSCALL
};

// A name that is no row's ends the build.
consteval u8 row_of(std::string_view name) {
  for (usize row = 0; row < std::size(kRows); ++row) {
    if (kRows[row].name == name) return static_cast<u8>(row);
  }
  throw "no such syscall";
}

constexpr u8 kEngineImports[] = {
#define SWEBASH_IMPORT(name) row_of(#name),
#include "engine_imports.def"
#undef SWEBASH_IMPORT
};

}  // namespace

std::span<const wasm::HostFunction> syscall_rows() noexcept { return kRows; }

std::span<const u8> engine_imports() noexcept { return kEngineImports; }

}  // namespace swebash::kernel::guest
