// SPDX-License-Identifier: Apache-2.0
//
// reference-host: the shell as it would be with a compiler linked in, for measurements alone. It is
// `swebash` (shell/run.hpp) but for the way to its engine, which is one of the two that the first
// swebash had: it compiles at every start, or lets Wasmtime's own disk cache keep what was
// compiled.
//
// The module is engine.wasm beside the program; wasmtime-cache.toml there, if it exists, sets up
// Wasmtime's cache. Files, since a script may start the shell again with no environment at all.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasmtime.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/owned_fd.hpp"
#include "kernel/guest/engine_loader.hpp"
#include "kernel/guest/syscall_table.hpp"
#include "modcache/wasmtime/engine.hpp"
#include "shell/run.hpp"
#include "wasm/engine.hpp"
#include "wasm/linker.hpp"
#include "wasm/module.hpp"

namespace swebash::bench {
namespace {

namespace guest = kernel::guest;

[[noreturn]] void fail(const std::string& sentence) {
  std::fprintf(stderr, "reference-host: %s\n", sentence.c_str());
  _exit(126);
}

std::vector<u8> read_file(const char* path) {
  const OwnedFd file(::open(path, O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) fail(std::string(path) + ": cannot open");
  std::vector<u8> bytes(static_cast<usize>(status.st_size));
  if (::read(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    fail(std::string(path) + ": cannot read");
  }
  return bytes;
}

wasm_engine_t* make_engine(const std::string& cache) {
  auto config = modcache::wasmtime::make_config(wasm::local_shell_config());
  if (!config.has_value()) fail(modcache::describe(config.error()));
  if (::access(cache.c_str(), R_OK) == 0) {
    if (auto* error = wasmtime_config_cache_config_load(config->get(), cache.c_str())) {
      fail(modcache::wasmtime::message_of(error));
    }
  }
  return wasm_engine_new_with_config(config->release());
}

Result<guest::LoadedEngine, guest::EngineFault> load_engine(const guest::EngineRequest& request) {
  constexpr i32 kCannotRun = 126;
  auto engine = wasm::Engine::adopt(make_engine(request.directory + "/wasmtime-cache.toml"));
  const std::string file = request.file.empty() ? request.directory + "/engine.wasm" : request.file;
  const std::vector<u8> bytes = read_file(file.c_str());
  wasmtime_module_t* compiled = nullptr;
  if (auto* error = wasmtime_module_new(engine.get(), bytes.data(), bytes.size(), &compiled)) {
    return std::unexpected(
        guest::EngineFault{kCannotRun, file + ": " + modcache::wasmtime::message_of(error)});
  }
  auto origin =
      wasm::Template::create(engine, wasm::Module::adopt(compiled), guest::syscall_rows());
  if (!origin.has_value()) {
    return std::unexpected(guest::EngineFault{kCannotRun, file + ": " + origin.error().message});
  }
  return guest::LoadedEngine{std::move(engine), std::move(*origin), {}};
}

}  // namespace
}  // namespace swebash::bench

int main(int argc, char** argv, char** envp) {
  _exit(swebash::shell::run_shell(argc, argv, envp, swebash::bench::load_engine));
}
