// SPDX-License-Identifier: Apache-2.0
//
// module-host: makes one module callable and says what that took, for measurements alone.
//
//   module-host modcache MODULE    through our cache, set up by MODCACHE_*
//   module-host wasmtime MODULE    through Wasmtime's own, set up by the file WASMTIME_CACHE_CONFIG
//
// MODULE_HOST_REPORT, where it is set, is a file to which a line is appended: microseconds from
// `main` to the engine, from there to the module, how the module was had, microseconds of the
// lookup and of its verification. MODULE_HOST_MEMORY=1 adds kilobytes, private before and after and
// resident, and the process stays until its standard input ends.
// MODULE_HOST_AGAIN=N loads N times more and reports the shortest, in the place of the first.
//
// Built twice: over the Wasmtime without a compiler, as an embedder of modcache would, and over the
// one with, which Wasmtime's own cache needs.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasmtime.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/owned_fd.hpp"
#include "modcache/helper_compiler.hpp"
#include "modcache/stores/file_system.hpp"
#include "modcache/wasmtime/engine.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using modcache::wasmtime::Module;

[[noreturn]] void fail(const std::string& sentence) {
  std::fprintf(stderr, "module-host: %s\n", sentence.c_str());
  _exit(1);
}

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

struct Outcome {
  double engine_us = 0;
  double load_us = 0;
  modcache::Report report;
  Module module;
};

Outcome by_modcache(const char* path, int again) {
  const auto start = Clock::now();
  Outcome outcome;
  const modcache::EngineConfig config;
  auto engine = modcache::wasmtime::make_engine(config);
  if (!engine) fail(describe(engine.error()));
  outcome.engine_us = microseconds_since(start);
  for (int turn = 0; turn <= again; ++turn) {
    const auto before = Clock::now();
    // What a start does, each time: settings, cache, key, lookup, module.
    modcache::Cache cache(modcache::load_settings(modcache::host_files()));
    modcache::HelperCompiler compiler(modcache::helper_options(cache.settings()));
    auto loaded = modcache::wasmtime::load_module(cache, engine->get(),
                                                  modcache::wasmtime::code_identity(config),
                                                  modcache::ModuleSource::file(path), compiler);
    if (!loaded) fail(describe(loaded.error()));
    const double taken = microseconds_since(before);
    outcome.load_us = turn == 0 ? taken : std::min(outcome.load_us, taken);
    outcome.report = loaded->report;
    outcome.module = std::move(loaded->module);
  }
  (void)engine->release();  // The process ends with it.
  return outcome;
}

#ifdef WASMTIME_FEATURE_COMPILER
std::vector<unsigned char> read_file(const char* path) {
  const swebash::OwnedFd file(::open(path, O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!file || fstat(file.get(), &status) != 0) fail(std::string(path) + ": cannot open");
  std::vector<unsigned char> bytes(static_cast<std::size_t>(status.st_size));
  if (::read(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    fail(std::string(path) + ": cannot read");
  }
  return bytes;
}

Outcome by_wasmtime(const char* path, int again) {
  const auto start = Clock::now();
  Outcome outcome;
  auto config = modcache::wasmtime::make_config({});
  if (!config) fail(describe(config.error()));
  if (auto* error =
          wasmtime_config_cache_config_load(config->get(), variable("WASMTIME_CACHE_CONFIG"))) {
    fail(modcache::wasmtime::message_of(error));
  }
  wasm_engine_t* engine = wasm_engine_new_with_config(config->release());
  outcome.engine_us = microseconds_since(start);
  for (int turn = 0; turn <= again; ++turn) {
    const auto before = Clock::now();
    const auto bytes = read_file(path);
    wasmtime_module_t* module = nullptr;
    if (auto* error = wasmtime_module_new(engine, bytes.data(), bytes.size(), &module)) {
      fail(modcache::wasmtime::message_of(error));
    }
    const double taken = microseconds_since(before);
    outcome.load_us = turn == 0 ? taken : std::min(outcome.load_us, taken);
    outcome.module.reset(module);
  }
  return outcome;
}
#else
Outcome by_wasmtime(const char*, int) { fail("this build has no compiler, and so no such cache"); }
#endif

// The sum of the lines of /proc/self/smaps_rollup that begin with `prefix`, in kilobytes.
long kilobytes(const char* prefix) {
  std::FILE* file = std::fopen("/proc/self/smaps_rollup", "re");
  long sum = 0;
  char line[256];
  while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr) {
    const char* colon = std::strchr(line, ':');
    if (colon != nullptr && std::string_view(line).starts_with(prefix)) {
      sum += std::strtol(colon + 1, nullptr, 10);
    }
  }
  if (file != nullptr) std::fclose(file);
  return sum;
}

void report(const Outcome& outcome, long private_before) {
  if (*variable("MODULE_HOST_REPORT") == 0) return;
  char line[256];
  int size = std::snprintf(line, sizeof line, "%.1f %.1f %s %u %u", outcome.engine_us,
                           outcome.load_us, name_of(outcome.report.tier), outcome.report.lookup_us,
                           outcome.report.verify_us);
  if (*variable("MODULE_HOST_MEMORY") != 0) {
    size += std::snprintf(line + size, sizeof line - static_cast<std::size_t>(size), " %ld %ld %ld",
                          private_before, kilobytes("Private_"), kilobytes("Rss"));
  }
  if (size < 0 || static_cast<std::size_t>(size) >= sizeof line) fail("the report is too long");
  line[size++] = '\n';
  const swebash::OwnedFd file(
      ::open(variable("MODULE_HOST_REPORT"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file || ::write(file.get(), line, static_cast<std::size_t>(size)) != size) {
    fail("the report cannot be written");
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) fail("usage: module-host modcache|wasmtime MODULE");
  const int again = static_cast<int>(std::strtol(variable("MODULE_HOST_AGAIN"), nullptr, 10));
  const std::string_view way = words[1];
  const long private_before = *variable("MODULE_HOST_MEMORY") != 0 ? kilobytes("Private_") : 0;
  const Outcome outcome =
      way == "wasmtime" ? by_wasmtime(words[2], again) : by_modcache(words[2], again);
  report(outcome, private_before);
  char byte = 0;
  while (*variable("MODULE_HOST_MEMORY") != 0 && ::read(0, &byte, 1) > 0) {
  }
  _exit(0);
}
