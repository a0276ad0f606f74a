// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/engine_loader.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <optional>
#include <span>

#include "build_id.hpp"
#include "kernel/guest/syscall_table.hpp"
#include "kernel/guest/wasm_task.hpp"
#include "modcache/ahead_of_time.hpp"
#include "modcache/cache.hpp"
#include "modcache/helper_compiler.hpp"
#include "modcache/stores/file_system.hpp"
#include "wasm/module.hpp"

namespace swebash::kernel::guest {
namespace {

constexpr i32 kNotFound = 127, kCannotRun = 126;

i64 now_us() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return i64{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

// Says on a terminal why the first start of an engine takes a moment.
class TerminalNotice final : public modcache::SlowCompileNotice {
 public:
  void slow_compile(std::string_view name) override {
    if (isatty(2) == 0) return;
    const std::string text = "swebash: compiling " + std::string(name) + " once …\n";
    [[maybe_unused]] const auto written = ::write(2, text.data(), text.size());
  }
};

EngineFault fault_of(const std::string& file, const modcache::Error& error) {
  const bool absent = error.code == modcache::ErrorCode::cannot_read &&
                      (error.os_error == ENOENT || error.os_error == ENOTDIR);
  std::string message = modcache::describe(error);
  if (!message.starts_with(file)) message = file + ": " + message;
  return {absent ? kNotFound : kCannotRun, std::move(message)};
}

std::string artefact_path(const EngineRequest& request) {
  const bool narrow = request.plan.room == wasm::Room::narrow;
  return request.directory + (narrow ? "/engine-narrow.cwasm" : "/engine.cwasm");
}

Result<wasm::Module, modcache::MissReason> load_ahead_of_time(const EngineRequest& request,
                                                              const wasm::Engine& engine) {
  const std::string path = artefact_path(request);
  modcache::AheadOfTime wanted;
  wanted.path = path.c_str();
  wanted.build_id = kEngineBuildId;
  wanted.runtime = wasm::runtime_version();
  struct stat status{};
  if (::stat(request.directory.c_str(), &status) == 0) wanted.owner = status.st_uid;
  auto artefact = SWEBASH_TRY(modcache::open_ahead_of_time(modcache::host_files(), wanted));
  auto module = wasm::Module::from_artefact(engine, artefact);
  if (!module.has_value()) return std::unexpected(modcache::MissReason::incompatible);
  return std::move(*module);
}

// The content of the engine that this program was built with: its imports are known.
modcache::Hash shipped_engine() noexcept {
  return modcache::hash_from_hex(kEngineBuildId).value_or(modcache::Hash{});
}

// A limit on the size of files is for what the script writes: where it keeps the cache from
// storing, that is a fault of the cache and no signal.
class NoFileSizeSignal {
 public:
  NoFileSizeSignal() noexcept {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGXFSZ, &ignore, &before_);
  }
  NoFileSizeSignal(const NoFileSizeSignal&) = delete;
  NoFileSizeSignal& operator=(const NoFileSizeSignal&) = delete;
  ~NoFileSizeSignal() { ::sigaction(SIGXFSZ, &before_, nullptr); }

 private:
  struct sigaction before_{};
};

// Whether the host may write no file as large as an engine's memory: Wasmtime keeps the image of
// that in one, unless it maps it out of the artefact's.
bool files_are_limited() noexcept {
  constexpr rlim_t kEnough = rlim_t{64} << 20;
  rlimit limit{};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < kEnough;
}

Result<wasm::Module::Loaded, EngineFault> load_by_cache(const EngineRequest& request,
                                                        const wasm::Engine& engine,
                                                        const modcache::EngineConfig& config) {
  const NoFileSizeSignal quiet;
  modcache::SettingsPlaces places;
  places.env_prefix = "SWEBASH_CACHE_";
  auto settings = modcache::load_settings(modcache::host_files(), places);
  if (request.tier == EngineTier::jit) settings.mode = modcache::Mode::off;
  modcache::HelperCompiler compiler(modcache::helper_options(settings, request.directory));
  modcache::Cache cache(std::move(settings));

  const std::string file = request.file.empty() ? request.directory + "/engine.wasm" : request.file;
  TerminalNotice notice;
  const wasm::ModuleShape shape{syscall_rows(), kRequiredExports, shipped_engine()};
  auto loaded = wasm::Module::load(
      cache, engine, config, modcache::ModuleSource::file(file.c_str()), compiler, shape, &notice);
  if (!loaded.has_value()) return std::unexpected(fault_of(file, loaded.error()));
  return std::move(*loaded);
}

}  // namespace

std::string_view engine_build() noexcept { return kEngineBuildId; }

Result<LoadedEngine, EngineFault> load_engine(const EngineRequest& request) {
  EngineStory story;
  story.room = request.plan.room;
  auto config = wasm::shell_config(request.plan);
  i64 before = now_us();
  const auto lap = [&before] {
    const i64 now = now_us();
    return now - std::exchange(before, now);
  };

  auto engine = wasm::Engine::create(config);
  if (!engine.has_value()) {
    return std::unexpected(EngineFault{kCannotRun, "cannot start: " + engine.error().message});
  }
  story.engine_us = lap();

  bool shipped = false;  // it is the engine that this program was built with
  std::optional<wasm::Module> module;
  const bool own = request.file.empty();
  if (own && (request.tier == EngineTier::automatic || request.tier == EngineTier::aot)) {
    auto ready = load_ahead_of_time(request, *engine);
    if (ready.has_value()) {
      story.tier = modcache::Tier::ahead_of_time;
      shipped = true;
      module.emplace(std::move(*ready));
    } else {
      story.not_ahead_of_time = ready.error();
      if (request.tier == EngineTier::aot) {
        return std::unexpected(EngineFault{kCannotRun, artefact_path(request) +
                                                           ": no usable ahead-of-time engine (" +
                                                           modcache::name_of(ready.error()) + ")"});
      }
    }
  }
  if (!module.has_value()) {
    config = wasm::local_shell_config(request.plan);
    if (files_are_limited()) {
      config.memory_init_cow = false;
      engine = wasm::Engine::create(config);
      if (!engine.has_value()) {
        return std::unexpected(EngineFault{kCannotRun, "cannot start: " + engine.error().message});
      }
    }
    auto loaded = SWEBASH_TRY(load_by_cache(request, *engine, config));
    story.tier = loaded.report.tier;
    story.report = loaded.report;
    shipped = loaded.report.module == shipped_engine();
    module.emplace(std::move(loaded.module));
  }
  story.module_us = lap();

  const std::span<const u8> imports = shipped ? engine_imports() : std::span<const u8>{};
  auto origin = wasm::Template::create(*engine, std::move(*module), syscall_rows(), imports);
  if (!origin.has_value()) {
    const std::string file = own ? request.directory + "/engine.wasm" : request.file;
    return std::unexpected(EngineFault{kCannotRun, file + ": " + origin.error().message});
  }
  story.template_us = lap();
  return LoadedEngine{std::move(*engine), std::move(*origin), story};
}

}  // namespace swebash::kernel::guest
