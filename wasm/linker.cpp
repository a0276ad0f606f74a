// SPDX-License-Identifier: Apache-2.0
#include "wasm/linker.hpp"

#include <wasmtime.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_annotations.hpp"
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
  instance.stop();
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

std::unexpected<Error> failure(ErrorKind kind, wasmtime_error_t* error) {
  return std::unexpected(Error{kind, first_line(modcache::wasmtime::message_of(error))});
}

}  // namespace

// How instances get their imports. Binding all of them by a linker costs as much as some ten
// instances whose functions are made one by one, so the first few are made that way where the order
// of the imports is known, and a linker makes the rest.
class Template::Binding {
 public:
  explicit Binding(std::span<const HostFunction> functions) : functions_(functions) {}
  Binding(const Binding&) = delete;
  Binding& operator=(const Binding&) = delete;
  ~Binding() {
    if (wasmtime_instance_pre_t* pre = pre_.load(); pre != nullptr)
      wasmtime_instance_pre_delete(pre);
  }

  // Takes the module's imports for the rows of these numbers.
  void know(std::span<const u8> rows) {
    imports_.reserve(rows.size());
    for (const u8 number : rows) {
      const HostFunction& row = functions_[number];
      imports_.push_back({types_.of(row.parameters), const_cast<HostFunction*>(&row)});
    }
    left_.store(kOneByOne, std::memory_order_relaxed);
  }

  // Binds all rows, checking names and types.
  WasmResult<void> link(wasm_engine_t* engine, const wasmtime_module_t* module) {
    wasmtime_linker_t* linker = wasmtime_linker_new(engine);
    FunctionTypes types;  // Others may be reading types_.
    wasmtime_error_t* error = nullptr;
    ErrorKind kind = ErrorKind::configuration;
    for (const auto& row : functions_) {
      error = wasmtime_linker_define_func_unchecked(
          linker, row.module.data(), row.module.size(), row.name.data(), row.name.size(),
          types.of(row.parameters), call_host, const_cast<HostFunction*>(&row), nullptr);
      if (error != nullptr) break;
    }
    if (error == nullptr) {
      wasmtime_instance_pre_t* pre = nullptr;
      kind = ErrorKind::module;
      error = wasmtime_linker_instantiate_pre(linker, module, &pre);
      pre_.store(pre, std::memory_order_release);
    }
    wasmtime_linker_delete(linker);
    if (error != nullptr) return failure(kind, error);
    return {};
  }

  WasmResult<void> instantiate(wasm_engine_t* engine, const wasmtime_module_t* module,
                               wasmtime_context_t* context, wasmtime_instance_t* instance) {
    wasm_trap_t* trap = nullptr;
    wasmtime_error_t* error = nullptr;
    if (take_one()) {
      std::vector<wasmtime_extern_t> items(imports_.size());
      for (usize i = 0; i < items.size(); ++i) {
        items[i].kind = WASMTIME_EXTERN_FUNC;
        wasmtime_func_new_unchecked(context, imports_[i].type, call_host, imports_[i].row, nullptr,
                                    &items[i].of.func);
      }
      error = wasmtime_instance_new(context, module, items.data(), items.size(), instance, &trap);
    } else {
      if (pre_.load(std::memory_order_acquire) == nullptr) {
        MutexLock lock(mutex_);
        if (pre_.load(std::memory_order_relaxed) == nullptr) SWEBASH_TRY(link(engine, module));
      }
      error = wasmtime_instance_pre_instantiate(pre_.load(std::memory_order_acquire), context,
                                                instance, &trap);
    }
    if (error != nullptr) return failure(ErrorKind::memory, error);
    if (trap != nullptr) {
      wasm_trap_delete(trap);
      return std::unexpected(Error{ErrorKind::memory, "its start function trapped"});
    }
    return {};
  }

 private:
  static constexpr i32 kOneByOne = 4;

  struct Import {
    const wasm_functype_t* type;  // one of types_
    HostFunction* row;
  };

  [[nodiscard]] bool take_one() noexcept {
    return left_.load(std::memory_order_relaxed) > 0 &&
           left_.fetch_sub(1, std::memory_order_relaxed) > 0;
  }

  std::span<const HostFunction> functions_;
  FunctionTypes types_;
  std::vector<Import> imports_;  // in the module's order; empty: not known
  std::atomic<i32> left_ = 0;    // instances still to be made one by one
  Mutex mutex_;                  // held while pre_ is made
  std::atomic<wasmtime_instance_pre_t*> pre_ = nullptr;
};

Template::Template(const Engine& engine, Module module) noexcept
    : engine_(engine.get()), room_(engine.room()), module_(std::move(module)) {}
Template::Template(Template&& other) noexcept = default;
Template::~Template() = default;

WasmResult<Template> Template::create(const Engine& engine, Module module,
                                      std::span<const HostFunction> functions,
                                      std::span<const u8> imports) {
  Template made(engine, std::move(module));
  made.binding_ = std::make_unique<Binding>(functions);
  if (!imports.empty()) {
    made.binding_->know(imports);
  } else {
    SWEBASH_TRY(made.binding_->link(engine.get(), made.module_.get()));
  }
  return made;
}

WasmResult<void> Template::instantiate(wasmtime_context* context,
                                       wasmtime_instance* instance) const {
  return binding_->instantiate(engine_, module_.get(), context, instance);
}

}  // namespace swebash::wasm
