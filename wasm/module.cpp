// SPDX-License-Identifier: Apache-2.0
#include "wasm/module.hpp"

#include <wasmtime.h>

#include <algorithm>
#include <string>

#include "modcache/wasmtime/engine.hpp"

namespace swebash::wasm {
namespace {

std::string_view view_of(const wasm_name_t* name) { return {name->data, name->size}; }

class ShapeCheck final : public modcache::wasmtime::ModuleCheck {
 public:
  explicit ShapeCheck(const ModuleShape& shape) noexcept : shape_(shape) {}

  bool accepts(const wasmtime_module_t* module, const modcache::Report& report,
               std::string& message) override {
    if (report.module == shape_.fitting) return true;
    return imports_fit(module, message) && exports_fit(module, message);
  }

 private:
  bool imports_fit(const wasmtime_module_t* module, std::string& message) const {
    wasm_importtype_vec_t imports;
    wasmtime_module_imports(module, &imports);
    for (usize i = 0; i < imports.size && message.empty(); ++i) {
      const auto from = view_of(wasm_importtype_module(imports.data[i]));
      const auto name = view_of(wasm_importtype_name(imports.data[i]));
      const bool known = std::ranges::any_of(shape_.provided, [&](const HostFunction& row) {
        return row.module == from && row.name == name;
      });
      if (!known) {
        message =
            "it imports " + std::string(from) + "." + std::string(name) + ", which is not provided";
      }
    }
    wasm_importtype_vec_delete(&imports);
    return message.empty();
  }

  bool exports_fit(const wasmtime_module_t* module, std::string& message) const {
    wasm_exporttype_vec_t exports;
    wasmtime_module_exports(module, &exports);
    for (const auto name : shape_.required) {
      bool found = false;
      for (usize i = 0; i < exports.size && !found; ++i) {
        found = view_of(wasm_exporttype_name(exports.data[i])) == name;
      }
      if (!found) {
        message = "it does not export " + std::string(name);
        break;
      }
    }
    wasm_exporttype_vec_delete(&exports);
    return message.empty();
  }

  const ModuleShape& shape_;
};

}  // namespace

Module::~Module() {
  if (module_ != nullptr) wasmtime_module_delete(module_);
}

modcache::Result<Module> Module::from_artefact(const Engine& engine, modcache::Artefact& artefact) {
  auto module = SWEBASH_TRY(modcache::wasmtime::load_artefact(engine.get(), artefact));
  return Module(module.release());
}

modcache::Result<Module::Loaded> Module::load(modcache::Cache& cache, const Engine& engine,
                                              const modcache::EngineConfig& config,
                                              const modcache::ModuleSource& source,
                                              modcache::Compiler& compiler,
                                              const ModuleShape& shape,
                                              modcache::SlowCompileNotice* notice) {
  ShapeCheck check(shape);
  auto loaded = SWEBASH_TRY(modcache::wasmtime::load_module(
      cache, engine.get(), modcache::wasmtime::code_identity(config), source, compiler, &check,
      notice));
  return Loaded{Module(loaded.module.release()), loaded.report};
}

std::string_view runtime_version() noexcept { return modcache::wasmtime::version(); }

}  // namespace swebash::wasm
