// SPDX-License-Identifier: Apache-2.0
#include "wasm/linker.hpp"

#include <wasmtime.h>

#include <string>
#include <vector>

#include "modcache/wasmtime/engine.hpp"
#include "wasm/instance.hpp"

namespace swebash::wasm {
namespace {

static_assert(sizeof(RawValue) == sizeof(wasmtime_val_raw_t));
static_assert(alignof(RawValue) >= alignof(wasmtime_val_raw_t));

constexpr std::string_view kStopped = "stopped by the host";

wasm_trap_t* call_host(void* row, wasmtime_caller_t* caller, wasmtime_val_raw_t* values, size_t) {
  auto* context = wasmtime_caller_context(caller);
  auto& instance = *static_cast<Instance*>(wasmtime_context_get_data(context));
  const auto& function = *static_cast<const HostFunction*>(row);
  if (function.call(instance, reinterpret_cast<RawValue*>(values)) == AfterCall::proceed) {
    return nullptr;
  }
  return wasmtime_trap_new(kStopped.data(), kStopped.size());
}

// Function types by their parameters: making one registers it with the engine, which costs more
// than looking here, and the table of syscalls uses few.
class FunctionTypes {
 public:
  FunctionTypes() = default;
  FunctionTypes(const FunctionTypes&) = delete;
  FunctionTypes& operator=(const FunctionTypes&) = delete;
  ~FunctionTypes() {
    for (auto& entry : entries_) wasm_functype_delete(entry.type);
  }

  const wasm_functype_t* of(std::span<const ValueType> parameters) {
    u32 key = 1;
    for (const auto type : parameters) key = key << 1 | (type == ValueType::i64 ? 1u : 0u);
    for (const auto& entry : entries_) {
      if (entry.key == key) return entry.type;
    }
    wasm_valtype_vec_t params;
    wasm_valtype_vec_new_uninitialized(&params, parameters.size());
    for (usize i = 0; i < parameters.size(); ++i) {
      params.data[i] = wasm_valtype_new(parameters[i] == ValueType::i64 ? WASM_I64 : WASM_I32);
    }
    wasm_valtype_t* answer = wasm_valtype_new(WASM_I64);
    wasm_valtype_vec_t results;
    wasm_valtype_vec_new(&results, 1, &answer);
    entries_.push_back({key, wasm_functype_new(&params, &results)});
    return entries_.back().type;
  }

 private:
  struct Entry {
    u32 key;
    wasm_functype_t* type;
  };
  std::vector<Entry> entries_;
};

// Wasmtime's messages go on with a list of causes; the first line says what is wrong.
std::string first_line(std::string message) {
  if (const auto end = message.find('\n'); end != std::string::npos) message.resize(end);
  return message;
}

}  // namespace

WasmResult<Template> Template::create(const Engine& engine, Module module,
                                      std::span<const HostFunction> functions) {
  Template made(engine.get(), std::move(module));
  wasmtime_linker_t* linker = wasmtime_linker_new(engine.get());
  FunctionTypes types;
  for (const auto& row : functions) {
    wasmtime_error_t* error = wasmtime_linker_define_func_unchecked(
        linker, row.module.data(), row.module.size(), row.name.data(), row.name.size(),
        types.of(row.parameters), call_host, const_cast<HostFunction*>(&row), nullptr);
    if (error != nullptr) {
      wasmtime_linker_delete(linker);
      return std::unexpected(
          Error{ErrorKind::configuration, first_line(modcache::wasmtime::message_of(error))});
    }
  }
  wasmtime_error_t* error = wasmtime_linker_instantiate_pre(linker, made.module_.get(), &made.pre_);
  wasmtime_linker_delete(linker);
  if (error != nullptr)
    return std::unexpected(
        Error{ErrorKind::module, first_line(modcache::wasmtime::message_of(error))});
  return made;
}

Template::~Template() {
  if (pre_ != nullptr) wasmtime_instance_pre_delete(pre_);
}

}  // namespace swebash::wasm
