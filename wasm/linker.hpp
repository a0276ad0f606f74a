// SPDX-License-Identifier: Apache-2.0
//
// Template: a module bound to the host functions it imports, from which instances are made.
//
// Made once; then any thread makes instances of it (create() of Instance). It owns the module and
// must outlive its instances; the rows of host functions must outlive it too.
#pragma once

#include <span>

#include "wasm/engine.hpp"
#include "wasm/error.hpp"
#include "wasm/module.hpp"
#include "wasm/values.hpp"

struct wasmtime_instance_pre;

namespace swebash::wasm {

class Template {
 public:
  // Binds `module` to `functions`.
  // Errors: ErrorKind::module, naming an import that is not among them or has another type.
  [[nodiscard]] static WasmResult<Template> create(const Engine& engine, Module module,
                                                   std::span<const HostFunction> functions);

  Template(Template&& other) noexcept
      : engine_(other.engine_),
        module_(std::move(other.module_)),
        pre_(std::exchange(other.pre_, nullptr)) {}
  Template& operator=(Template&&) = delete;
  ~Template();

  [[nodiscard]] wasm_engine_t* engine() const noexcept { return engine_; }
  [[nodiscard]] wasmtime_instance_pre* pre() const noexcept { return pre_; }

 private:
  Template(wasm_engine_t* engine, Module module) noexcept
      : engine_(engine), module_(std::move(module)) {}

  wasm_engine_t* engine_;
  Module module_;
  wasmtime_instance_pre* pre_ = nullptr;
};

}  // namespace swebash::wasm
