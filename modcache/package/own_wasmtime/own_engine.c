/* SPDX-License-Identifier: Apache-2.0 */
/* Loads a module into an engine that modcache did not make, compiled in process. The second
 * argument is the engine's one setting, and so its fingerprint. */
#include <modcache/modcache.h>
#include <stdio.h>
#include <string.h>
#include <wasmtime.h>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  wasm_config_t* config = wasm_config_new();
  wasmtime_config_consume_fuel_set(config, strcmp(argv[2], "fuel") == 0);
  wasm_engine_t* engine = wasm_engine_new_with_config(config);
  modcache_error_t* error = NULL;
  modcache_report_t report;
  modcache_t* cache = modcache_open(NULL, NULL);
  wasmtime_module_t* module =
      modcache_load_file_with_engine(cache, engine, argv[2], argv[1], &report, &error);
  if (module == NULL) return puts(modcache_error_message(error)), 1;
  printf("%s, %s: loaded\n", report.tier == MODCACHE_TIER_CACHE ? "cache" : "jit", report.miss);
  wasmtime_module_delete(module);
  modcache_close(cache);
  wasm_engine_delete(engine);
  return 0;
}
