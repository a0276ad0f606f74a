// SPDX-License-Identifier: Apache-2.0
// modcache.h over the C++ functions.
#include <algorithm>

#include "modcache/helper_compiler.hpp"
#include "modcache/modcache.h"
#include "modcache/stores/file_system.hpp"
#include "modcache/wasmtime/engine.hpp"
#ifdef WASMTIME_FEATURE_COMPILER
#include "modcache/wasmtime/in_process_compiler.hpp"
#endif

using modcache::Error;
using modcache::Result;

struct modcache_handle {
  explicit modcache_handle(modcache::Settings settings)
      : compiler(modcache::helper_options(settings)), cache(std::move(settings)) {}
  modcache::HelperCompiler compiler;
  modcache::Cache cache;
};

struct modcache_error {
  std::string message;
  const char* kind;
};

namespace {

void store(modcache_error_t** where, const Error& error) {
  if (where != nullptr) {
    *where = new modcache_error{modcache::describe(error), modcache::name_of(error.code)};
  }
}

void fill(modcache_report_t* into, const modcache::Report& report) {
  if (into == nullptr) return;
  *into = {};
  into->tier = static_cast<modcache_tier_t>(report.tier);
  into->miss = modcache::name_of(report.miss);
  into->checked = modcache::name_of(report.checked);
  into->lookup_us = report.lookup_us;
  into->compile_us = report.compile_us;
  into->published = report.published ? 1 : 0;
  to_hex(report.key).copy(into->key, sizeof into->key - 1);
}

std::string_view text_or_empty(const char* text) { return text != nullptr ? text : ""; }

Result<modcache::CodeIdentity> identity_of(const char* config) {
  return modcache::wasmtime::code_identity(
      SWEBASH_TRY(modcache::parse_engine_config(text_or_empty(config))));
}

wasmtime_module_t* load(modcache_t* cache, wasm_engine_t* engine,
                        const Result<modcache::CodeIdentity>& code,
                        const modcache::ModuleSource& source, modcache::Compiler& compiler,
                        modcache_report_t* report, modcache_error_t** error) {
  if (!code) {
    store(error, code.error());
    return nullptr;
  }
  auto loaded = modcache::wasmtime::load_module(cache->cache, engine, *code, source, compiler);
  if (!loaded) {
    store(error, loaded.error());
    return nullptr;
  }
  fill(report, loaded->report);
  return loaded->module.release();
}

int64_t removed(const Result<modcache::Pruned>& pruned, modcache_error_t** error) {
  if (pruned) return static_cast<int64_t>(pruned->entries);
  store(error, pruned.error());
  return -1;
}

}  // namespace

modcache_t* modcache_open(const char* env_prefix, const char* const* options) {
  modcache::SettingsPlaces places;
  if (env_prefix != nullptr) places.env_prefix = env_prefix;
  for (; options != nullptr && options[0] != nullptr && options[1] != nullptr; options += 2) {
    places.options.emplace_back(options[0], options[1]);
  }
  return new modcache_handle(modcache::load_settings(modcache::host_files(), places));
}

void modcache_close(modcache_t* cache) { delete cache; }

wasm_engine_t* modcache_engine_new(const char* config, modcache_error_t** error) {
  const auto parsed = modcache::parse_engine_config(text_or_empty(config));
  auto engine = parsed ? modcache::wasmtime::make_engine(*parsed)
                       : Result<modcache::wasmtime::Engine>(std::unexpected(parsed.error()));
  if (engine) return engine->release();
  store(error, engine.error());
  return nullptr;
}

wasmtime_module_t* modcache_load_file(modcache_t* cache, wasm_engine_t* engine, const char* config,
                                      const char* path, modcache_report_t* report,
                                      modcache_error_t** error) {
  return load(cache, engine, identity_of(config), modcache::ModuleSource::file(path),
              cache->compiler, report, error);
}

wasmtime_module_t* modcache_load_bytes(modcache_t* cache, wasm_engine_t* engine, const char* config,
                                       const void* bytes, size_t size, const char* name,
                                       modcache_report_t* report, modcache_error_t** error) {
  const std::span data(static_cast<const std::byte*>(bytes), size);
  return load(cache, engine, identity_of(config),
              modcache::ModuleSource::memory(data, text_or_empty(name)), cache->compiler, report,
              error);
}

wasmtime_module_t* modcache_load_file_with_engine(modcache_t* cache, wasm_engine_t* engine,
                                                  const char* fingerprint, const char* path,
                                                  modcache_report_t* report,
                                                  modcache_error_t** error) {
#ifdef WASMTIME_FEATURE_COMPILER
  modcache::wasmtime::InProcessCompiler compiler(engine);
  return load(cache, engine, modcache::wasmtime::code_identity(text_or_empty(fingerprint)),
              modcache::ModuleSource::file(path), compiler, report, error);
#else
  (void)cache, (void)engine, (void)fingerprint, (void)path, (void)report;
  store(error, {modcache::ErrorCode::compiler_missing, {}, 0, "this Wasmtime has no compiler"});
  return nullptr;
#endif
}

int modcache_warm(modcache_t* cache, const char* config, const char* path,
                  modcache_report_t* report, modcache_error_t** error) {
  const auto code = identity_of(config);
  auto artefact = code
                      ? cache->cache.get(modcache::ModuleSource::file(path), *code, cache->compiler)
                      : Result<modcache::Artefact>(std::unexpected(code.error()));
  if (!artefact) {
    store(error, artefact.error());
    return -1;
  }
  fill(report, artefact->report);
  return 0;
}

int modcache_explain(modcache_t* cache, const char* config, const char* path, const char** miss,
                     modcache_error_t** error) {
  const auto code = identity_of(config);
  const auto said = code ? cache->cache.explain(modcache::ModuleSource::file(path), *code)
                         : Result<modcache::Explanation>(std::unexpected(code.error()));
  if (!said) {
    store(error, said.error());
    return -1;
  }
  if (miss != nullptr) *miss = modcache::name_of(said->reason);
  return said->hit ? 1 : 0;
}

int64_t modcache_verify(modcache_t* cache, int repair, modcache_error_t** error) {
  const auto faulty = cache->cache.verify(repair != 0 ? modcache::Cache::Repair::remove
                                                      : modcache::Cache::Repair::report);
  if (faulty) return static_cast<int64_t>(faulty->size());
  store(error, faulty.error());
  return -1;
}

int64_t modcache_prune(modcache_t* cache, uint64_t max_size, uint64_t max_age_ms,
                       modcache_error_t** error) {
  return removed(cache->cache.prune(max_size, max_age_ms), error);
}

int64_t modcache_clear(modcache_t* cache, modcache_error_t** error) {
  return removed(cache->cache.clear(), error);
}

void modcache_get_stats(modcache_t* cache, modcache_stats_t* stats) {
  const modcache::Stats all = cache->cache.stats();
  *stats = {all.hits,
            all.all_misses(),
            all.misses[static_cast<std::size_t>(modcache::MissReason::corrupt)],
            all.compiled,
            all.compile_failed,
            all.published,
            all.evicted,
            all.compile_ms,
            all.saved_ms};
}

void modcache_directories(modcache_t* cache, void (*visit)(const char* path, void* data),
                          void* data) {
  for (const std::string& path : cache->cache.directories()) {
    if (!path.empty()) visit(path.c_str(), data);
  }
}

const char* modcache_error_message(const modcache_error_t* error) { return error->message.c_str(); }
const char* modcache_error_kind(const modcache_error_t* error) { return error->kind; }
void modcache_error_delete(modcache_error_t* error) { delete error; }
