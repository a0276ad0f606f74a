/* SPDX-License-Identifier: Apache-2.0 */
/*
 * modcache.h: the cache of compiled WebAssembly modules, for C.
 *
 * The same functions as cache.hpp and wasmtime/engine.hpp. A modcache_t may be used from many
 * threads at once. Nothing is printed, nothing is thrown, and nothing that is wrong with the cache
 * makes a load fail. Strings are UTF-8 or bytes, ended by NUL; NULL stands for the default wherever
 * a default is named. Functions that can fail take a modcache_error_t**, which may be NULL; where
 * they fail they store an error there, which the caller frees.
 */
#ifndef MODCACHE_H
#define MODCACHE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As in wasm.h and wasmtime.h. */
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasmtime_module wasmtime_module_t;

typedef struct modcache_handle modcache_t;
typedef struct modcache_error modcache_error_t;

typedef enum modcache_tier {
  MODCACHE_TIER_AHEAD_OF_TIME = 0,
  MODCACHE_TIER_CACHE = 1,
  MODCACHE_TIER_COMPILED = 2
} modcache_tier_t;

typedef struct modcache_report {
  modcache_tier_t tier;
  const char* miss;    /* why it was no hit, such as "absent"; "none" for a hit. Lives for ever. */
  const char* checked; /* "in_full", "by_stamp" or "by_trust". Lives for ever. */
  uint32_t lookup_us;
  uint32_t compile_us; /* 0 where nothing was compiled */
  int published;       /* the compiled artefact is in the cache now */
  char key[65];        /* the entry's key in hexadecimal */
} modcache_report_t;

typedef struct modcache_stats {
  uint64_t hits, misses, corrupt, compiled, compile_failed, published, evicted, compile_ms,
      saved_ms;
} modcache_stats_t;

/* Opens a cache. `env_prefix` (default "MODCACHE_") begins the names of its environment variables;
 * `options` (default: none) is name, value, name, value, …, NULL, as in settings.def. An option
 * that is not valid is passed over. Never NULL; free with modcache_close(). */
modcache_t* modcache_open(const char* env_prefix, const char* const* options);
void modcache_close(modcache_t* cache);

/* Makes an engine from `config`, words such as "epoch_interruption=1 max_wasm_stack=1048576"
 * (default: Wasmtime's defaults). NULL where that fails; delete with wasm_engine_delete(). */
wasm_engine_t* modcache_engine_new(const char* config, modcache_error_t** error);

/* Loads the module in the file `path`, or of `size` bytes at `bytes`, into `engine`, which was made
 * by modcache_engine_new() of the same `config`. `name` (default: none) is for messages and lists.
 * `report` may be NULL. NULL where it fails; delete with wasmtime_module_delete(). */
wasmtime_module_t* modcache_load_file(modcache_t* cache, wasm_engine_t* engine, const char* config,
                                      const char* path, modcache_report_t* report,
                                      modcache_error_t** error);
wasmtime_module_t* modcache_load_bytes(modcache_t* cache, wasm_engine_t* engine, const char* config,
                                       const void* bytes, size_t size, const char* name,
                                       modcache_report_t* report, modcache_error_t** error);

/* The same with an engine of the embedder's own making, which compiles in process; `fingerprint`
 * changes whenever that engine's configuration does, for which the embedder vouches. Fails where
 * the Wasmtime that is linked has no compiler. */
wasmtime_module_t* modcache_load_file_with_engine(modcache_t* cache, wasm_engine_t* engine,
                                                  const char* fingerprint, const char* path,
                                                  modcache_report_t* report,
                                                  modcache_error_t** error);

/* Puts the module in the file `path` into the cache; 0, or -1 with an error. */
int modcache_warm(modcache_t* cache, const char* config, const char* path,
                  modcache_report_t* report, modcache_error_t** error);

/* Says whether modcache_load_file() would hit: 1, or 0 with `miss` (may be NULL) set to the reason,
 * or -1 with an error. */
int modcache_explain(modcache_t* cache, const char* config, const char* path, const char** miss,
                     modcache_error_t** error);

/* Reads all entries in full and, where `repair` is not 0, removes those that are corrupt; how many
 * are, or -1 with an error. */
int64_t modcache_verify(modcache_t* cache, int repair, modcache_error_t** error);

/* Evicts beyond `max_size` bytes and what was unused for `max_age_ms`, 0 being no bound; or removes
 * all. How many entries are gone, or -1 with an error. */
int64_t modcache_prune(modcache_t* cache, uint64_t max_size, uint64_t max_age_ms,
                       modcache_error_t** error);
int64_t modcache_clear(modcache_t* cache, modcache_error_t** error);

void modcache_get_stats(modcache_t* cache, modcache_stats_t* stats);

/* Calls `visit` with each directory the cache reads or writes, the one it writes first. */
void modcache_directories(modcache_t* cache, void (*visit)(const char* path, void* data),
                          void* data);

/* One sentence, which lives as long as `error`; its kind, such as "compile_failed", lives for ever.
 */
const char* modcache_error_message(const modcache_error_t* error);
const char* modcache_error_kind(const modcache_error_t* error);
void modcache_error_delete(modcache_error_t* error);

#ifdef __cplusplus
}
#endif

#endif
