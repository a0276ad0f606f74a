// SPDX-License-Identifier: Apache-2.0
// Loads a module through the cache and calls its function `f`.
#include <modcache/helper_compiler.hpp>
#include <modcache/stores/file_system.hpp>
#include <modcache/wasmtime/engine.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const modcache::EngineConfig config;
  modcache::Cache cache(modcache::load_settings(modcache::host_files()));
  modcache::HelperCompiler compiler(modcache::helper_options(cache.settings()));

  auto engine = modcache::wasmtime::make_engine(config);
  if (!engine) return std::puts(describe(engine.error()).c_str()), 1;
  auto loaded = modcache::wasmtime::load_module(cache, engine->get(),
                                                modcache::wasmtime::code_identity(config),
                                                modcache::ModuleSource::file(argv[1]), compiler);
  if (!loaded) return std::puts(describe(loaded.error()).c_str()), 1;

  wasmtime_store_t* store = wasmtime_store_new(engine->get(), nullptr, nullptr);
  wasmtime_context_t* context = wasmtime_store_context(store);
  wasmtime_instance_t instance;
  wasm_trap_t* trap = nullptr;
  wasmtime_extern_t f;
  wasmtime_val_t result;
  if (wasmtime_instance_new(context, loaded->module.get(), nullptr, 0, &instance, &trap) ||
      !wasmtime_instance_export_get(context, &instance, "f", 1, &f) ||
      wasmtime_func_call(context, &f.of.func, nullptr, 0, &result, 1, &trap)) {
    return 1;
  }
  std::printf("%s, %s: %d\n", name_of(loaded->report.tier), name_of(loaded->report.miss),
              result.of.i32);
  wasmtime_store_delete(store);
}
