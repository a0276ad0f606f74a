// SPDX-License-Identifier: Apache-2.0
#include "modcache/wasmtime/engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/high_fd.hpp"
#ifdef WASMTIME_FEATURE_COMPILER
#include "modcache/wasmtime/in_process_compiler.hpp"
#endif

#if WASMTIME_VERSION_MAJOR != 48
#error "modcache knows the C API of Wasmtime 48; this is another version"
#endif

// Whether the Wasmtime that is linked has our additions to the C API (deps/wasmtime/src/lib.rs).
#ifndef MODCACHE_WASMTIME_ADDITIONS
#define MODCACHE_WASMTIME_ADDITIONS 0
#endif

#if MODCACHE_WASMTIME_ADDITIONS
extern "C" {
wasmtime_error_t* swebash_wasmtime_engine_new(wasm_config_t* config, wasm_engine_t** out);
void swebash_wasmtime_config_backtrace_frames_set(wasm_config_t* config, size_t frames);
void swebash_wasmtime_config_max_wasm_stack_set(wasm_config_t* config, size_t bytes);
wasmtime_error_t* swebash_wasmtime_module_deserialize_fd(const wasm_engine_t* engine, int fd,
                                                         wasmtime_module_t** out);
}
#endif

namespace modcache::wasmtime {
namespace {

std::unexpected<Error> failed(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, {}, 0, std::move(message)});
}

#ifdef WASMTIME_FEATURE_COMPILER
// What only a compiler reads; the artefact carries it to the others.
Result<void> set_compiler(wasm_config_t* config, const EngineConfig& wanted) {
  switch (wanted.opt_level) {
    case OptLevel::none:
      wasmtime_config_cranelift_opt_level_set(config, WASMTIME_OPT_LEVEL_NONE);
      break;
    case OptLevel::speed:
      wasmtime_config_cranelift_opt_level_set(config, WASMTIME_OPT_LEVEL_SPEED);
      break;
    case OptLevel::speed_and_size:
      wasmtime_config_cranelift_opt_level_set(config, WASMTIME_OPT_LEVEL_SPEED_AND_SIZE);
      break;
  }
  wasmtime_config_cranelift_nan_canonicalization_set(config, wanted.nan_canonicalization);
  if (wanted.cpu.empty()) return {};
  const char* flags = cpu_baseline_flags(wanted.cpu);
  if (flags == nullptr) {
    return failed(ErrorCode::bad_config, "no CPU baseline is called '" + wanted.cpu + "'");
  }
#if defined(__x86_64__)
  std::string triple = "x86_64-unknown-linux-";
#else
  std::string triple = "aarch64-unknown-linux-";
#endif
  // The triple of this program's own Wasmtime, which refuses another; artefacts do not carry it.
#if defined(__GLIBC__)
  triple += "gnu";
#else
  triple += "musl";
#endif
  // Naming a target, even this one, keeps the compiler from looking at this CPU.
  if (wasmtime_error_t* error = wasmtime_config_target_set(config, triple.c_str())) {
    return failed(ErrorCode::bad_config, message_of(error));
  }
  std::string_view rest = flags;
  while (!rest.empty()) {
    const std::string flag(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(std::min(rest.size(), flag.size() + 1));
    wasmtime_config_cranelift_flag_enable(config, flag.c_str());
  }
  return {};
}
#else
Result<void> set_compiler(wasm_config_t*, const EngineConfig&) { return {}; }
#endif

void set_pooling(wasm_config_t* config, const PoolingConfig& wanted) {
#ifdef WASMTIME_FEATURE_POOLING_ALLOCATOR
  if (!wanted.enabled) return;
  auto* pool = wasmtime_pooling_allocation_config_new();
  wasmtime_pooling_allocation_config_total_core_instances_set(pool, wanted.instances);
  wasmtime_pooling_allocation_config_total_memories_set(pool, wanted.instances);
  wasmtime_pooling_allocation_config_total_tables_set(pool, wanted.instances);
  wasmtime_pooling_allocation_config_max_memory_size_set(pool, wanted.max_memory_size);
  wasmtime_pooling_allocation_config_max_unused_warm_slots_set(pool, wanted.max_unused_warm_slots);
  wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(
      pool, wanted.linear_memory_keep_resident);
  wasmtime_pooling_allocation_config_table_elements_set(pool, wanted.table_elements);
  wasmtime_pooling_allocation_strategy_set(config, pool);
  wasmtime_pooling_allocation_config_delete(pool);
#else
  (void)config, (void)wanted;
#endif
}

CodeIdentity identity(KeyFields fields, std::string_view features) {
  CodeIdentity code;
  code.fields = std::move(fields);
  if (!features.empty()) code.fields.runtime.append(" ").append(features);
  code.runtime = version();
  return code;
}

// What wasmtime/conf.h says of how this Wasmtime was built, as far as Wasmtime looks at it when it
// loads an artefact: the WebAssembly features and the collector that are on by default. A compiler,
// its threads or a disk cache make no difference.
// NOLINTNEXTLINE(readability-redundant-string-init): in other builds there is something
constexpr std::string_view kBuildFeatures =
#ifdef WASMTIME_FEATURE_THREADS
    " threads"
#endif
#ifdef WASMTIME_FEATURE_GC
    " gc"
#endif
#ifdef WASMTIME_FEATURE_GC_COPYING
    " gc-copying"
#endif
#ifdef WASMTIME_FEATURE_GC_DRC
    " gc-drc"
#endif
#ifdef WASMTIME_FEATURE_GC_NULL
    " gc-null"
#endif
#ifdef WASMTIME_FEATURE_COMPONENT_MODEL
    " component-model"
#endif
#ifdef WASMTIME_FEATURE_COMPONENT_MODEL_ASYNC
    " component-model-async"
#endif
#if defined(WASMTIME_FEATURE_WINCH) && !defined(WASMTIME_FEATURE_CRANELIFT)
    " winch"
#endif
    "";

#ifdef WASMTIME_FEATURE_COMPILER
// Compiles by the compiler it is given, and in process what that cannot do or what the engine would
// refuse: the compile program may be missing, or be of a Wasmtime that was built in another way.
class CompilerThatFits final : public Compiler {
 public:
  CompilerThatFits(wasm_engine_t* engine, Compiler& first) : engine_(engine), first_(first) {}

  Result<std::vector<std::byte>> compile(const CompileRequest& request) override {
    auto made = first_.compile(request);
    if (made ? fits(*made) : !can_be_done_here(made.error().code)) return made;
    auto here = InProcessCompiler(engine_).compile(request);
    return here || made ? std::move(here) : std::move(made);
  }

 private:
  // What hung or ended a process of its own must not do the same to this one.
  static bool can_be_done_here(ErrorCode code) {
    return code == ErrorCode::compiler_missing || code == ErrorCode::bad_config ||
           code == ErrorCode::compile_failed;
  }

  [[nodiscard]] bool fits(const std::vector<std::byte>& made) const {
    wasmtime_module_t* module = nullptr;
    wasmtime_error_t* error = wasmtime_module_deserialize(
        engine_, reinterpret_cast<const uint8_t*>(made.data()), made.size(), &module);
    if (error != nullptr) {
      wasmtime_error_delete(error);
      return false;
    }
    wasmtime_module_delete(module);
    return true;
  }

  wasm_engine_t* engine_;
  Compiler& first_;
};
#endif

// Makes a module of each artefact it is offered, and keeps the one that is accepted.
class Loader final : public Consumer {
 public:
  Loader(wasm_engine_t* engine, ModuleCheck* check) : engine_(engine), check_(check) {}

  Verdict accept(Artefact& artefact, std::string& message) override {
    auto made = load_artefact(engine_, artefact);
    if (!made) {
      message = std::move(made.error().message);
      return Verdict::incompatible;
    }
    if (check_ != nullptr && !check_->accepts(made->get(), artefact.report, message)) {
      return Verdict::rejected;
    }
    module = std::move(*made);
    return Verdict::accepted;
  }

  Module module;

 private:
  wasm_engine_t* engine_;
  ModuleCheck* check_;
};

}  // namespace

void ConfigDeleter::operator()(wasm_config_t* config) const noexcept { wasm_config_delete(config); }
void EngineDeleter::operator()(wasm_engine_t* engine) const noexcept { wasm_engine_delete(engine); }
void ModuleDeleter::operator()(wasmtime_module_t* module) const noexcept {
  wasmtime_module_delete(module);
}

const char* version() noexcept { return WASMTIME_VERSION; }

std::string message_of(wasmtime_error_t* error) {
  wasm_name_t text;
  wasmtime_error_message(error, &text);
  std::string message(text.data, text.size);
  wasm_name_delete(&text);
  wasmtime_error_delete(error);
  return message;
}

Result<Config> make_config(const EngineConfig& wanted) {
  Config config(wasm_config_new());
#define MODCACHE_FLAG(name, value, scope) wasmtime_config_##name##_set(config.get(), wanted.name);
#define MODCACHE_NUMBER(name, value, scope) MODCACHE_FLAG(name, value, scope)
#include "modcache/engine_config.def"
#undef MODCACHE_FLAG
#undef MODCACHE_NUMBER
#if MODCACHE_WASMTIME_ADDITIONS
  swebash_wasmtime_config_max_wasm_stack_set(config.get(), wanted.max_wasm_stack);
  swebash_wasmtime_config_backtrace_frames_set(config.get(), wanted.backtrace_frames);
#endif
  SWEBASH_TRY(set_compiler(config.get(), wanted));
  set_pooling(config.get(), wanted.pooling);
  return config;
}

Result<Engine> make_engine(const EngineConfig& wanted) {
  Config config = SWEBASH_TRY(make_config(wanted));
#if MODCACHE_WASMTIME_ADDITIONS
  wasm_engine_t* engine = nullptr;
  if (wasmtime_error_t* error = swebash_wasmtime_engine_new(config.release(), &engine)) {
    return failed(ErrorCode::bad_config, message_of(error));
  }
  return Engine(engine);
#else
  Engine engine(wasm_engine_new_with_config(config.release()));
  if (!engine) return failed(ErrorCode::bad_config, "Wasmtime refuses the configuration");
  return engine;
#endif
}

std::string build_features() {
  std::string features(kBuildFeatures.substr(kBuildFeatures.empty() ? 0 : 1));
#if !MODCACHE_WASMTIME_ADDITIONS
  // Wasmtime lets its user decide this one; its C API has no setting for it.
  const char* details = std::getenv("WASMTIME_BACKTRACE_DETAILS");
  if (details != nullptr && std::string_view(details) == "1") {
    features.append(features.empty() ? "" : " ").append("backtrace-details");
  }
#endif
  return features;
}

CodeIdentity code_identity(const EngineConfig& config) {
  return code_identity(config, build_features());
}

CodeIdentity code_identity(const EngineConfig& config, std::string_view features) {
  CodeIdentity code = identity(key_fields(config, version()), features);
  code.config_text = to_text(config);
  return code;
}

CodeIdentity code_identity(std::string_view fingerprint) {
  KeyFields fields = key_fields(EngineConfig{}, version());
  fields.settings = "custom ";
  fields.settings += fingerprint;
  return identity(std::move(fields), build_features());
}

Result<Module> load_artefact(wasm_engine_t* engine, Artefact& artefact) {
  wasmtime_module_t* module = nullptr;
  wasmtime_error_t* error = nullptr;
  if (artefact.fd) {
#if MODCACHE_WASMTIME_ADDITIONS
    // It stays open as long as the module lives.
    artefact.fd = swebash::moved_up(std::move(artefact.fd));
    error = swebash_wasmtime_module_deserialize_fd(engine, artefact.fd.release(), &module);
#else
    // The name of the descriptor that was checked, not of the file.
    const std::string path = "/proc/self/fd/" + std::to_string(artefact.fd.get());
    error = wasmtime_module_deserialize_file(engine, path.c_str(), &module);
#endif
  } else {
    error =
        wasmtime_module_deserialize(engine, reinterpret_cast<const uint8_t*>(artefact.bytes.data()),
                                    artefact.bytes.size(), &module);
  }
  if (error != nullptr) return failed(ErrorCode::load_failed, message_of(error));
  return Module(module);
}

Result<Loaded> load_module(Cache& cache, wasm_engine_t* engine, const CodeIdentity& code,
                           const ModuleSource& source, Compiler& compiler, ModuleCheck* check,
                           SlowCompileNotice* notice) {
  Loader loader(engine, check);
#ifdef WASMTIME_FEATURE_COMPILER
  CompilerThatFits fitting(engine, compiler);
  const Report report = SWEBASH_TRY(cache.load(source, code, fitting, loader, notice));
#else
  const Report report = SWEBASH_TRY(cache.load(source, code, compiler, loader, notice));
#endif
  return Loaded{std::move(loader.module), report};
}

Result<Explanation> explain_module(Cache& cache, wasm_engine_t* engine, const CodeIdentity& code,
                                   const ModuleSource& source) {
  Loader loader(engine, nullptr);
  return cache.explain(source, code, &loader);
}

}  // namespace modcache::wasmtime
