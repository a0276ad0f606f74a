/* SPDX-License-Identifier: Apache-2.0 */
/* Loads a module through the cache and calls its function `f`. */
#include <modcache/modcache.h>
#include <stdio.h>
#include <wasmtime.h>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  modcache_error_t* error = NULL;
  modcache_report_t report;
  modcache_t* cache = modcache_open(NULL, NULL);
  wasm_engine_t* engine = modcache_engine_new(NULL, &error);
  wasmtime_module_t* module =
      engine ? modcache_load_file(cache, engine, NULL, argv[1], &report, &error) : NULL;
  if (module == NULL) return puts(modcache_error_message(error)), 1;

  wasmtime_store_t* store = wasmtime_store_new(engine, NULL, NULL);
  wasmtime_context_t* context = wasmtime_store_context(store);
  wasmtime_instance_t instance;
  wasm_trap_t* trap = NULL;
  wasmtime_extern_t f;
  wasmtime_val_t result;
  if (wasmtime_instance_new(context, module, NULL, 0, &instance, &trap) ||
      !wasmtime_instance_export_get(context, &instance, "f", 1, &f) ||
      wasmtime_func_call(context, &f.of.func, NULL, 0, &result, 1, &trap)) {
    return 1;
  }
  printf("%s, %s: %d\n", report.tier == MODCACHE_TIER_CACHE ? "cache" : "jit", report.miss,
         result.of.i32);
  wasmtime_store_delete(store);
  wasmtime_module_delete(module);
  wasm_engine_delete(engine);
  modcache_close(cache);
  return 0;
}
