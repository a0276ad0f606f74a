// SPDX-License-Identifier: Apache-2.0
//
// Template: a module bound to the host functions it imports, from which instances are made.
//
// Made once; then any thread makes instances of it (create() of Instance). It owns the module and
// must outlive its instances; the rows of host functions must outlive it too.
#pragma once

#include <memory>
#include <span>

#include "wasm/engine.hpp"
#include "wasm/error.hpp"
#include "wasm/module.hpp"
#include "wasm/values.hpp"

struct wasmtime_context;
struct wasmtime_instance;

namespace swebash::wasm {

class Template {
 public:
  // Binds `module` to `functions`. Where it is known which of them it imports, `imports` has their
  // numbers in its order: then no name is looked at.
  // Errors: ErrorKind::module, naming an import that is not among `functions` or has another type.
  [[nodiscard]] static WasmResult<Template> create(const Engine& engine, Module module,
                                                   std::span<const HostFunction> functions,
                                                   std::span<const u8> imports = {});

  Template(Template&& other) noexcept;
  Template& operator=(Template&&) = delete;
  ~Template();

  [[nodiscard]] wasm_engine_t* engine() const noexcept { return engine_; }
  [[nodiscard]] Room room() const noexcept { return room_; }

  // Makes an instance in the store of `context`.
  // Errors: ErrorKind::memory.
  [[nodiscard]] WasmResult<void> instantiate(wasmtime_context* context,
                                             wasmtime_instance* instance) const;

 private:
  class Binding;

  Template(const Engine& engine, Module module) noexcept;

  wasm_engine_t* engine_;
  Room room_;
  Module module_;
  std::unique_ptr<Binding> binding_;
};

}  // namespace swebash::wasm
