// SPDX-License-Identifier: Apache-2.0
//
// reference-host: the shell as it would be with a compiler linked in, for measurements alone. It
// runs the same engine.wasm over the same kernel as `swebash` does, and makes the module ready in
// the two ways that the first swebash had: it compiles at every start, or lets Wasmtime's own disk
// cache keep what was compiled.
//
// SWEBASH_REFERENCE_ENGINE names the module; SWEBASH_REFERENCE_CACHE, where it is set, a
// configuration file of Wasmtime's cache. All arguments are the shell's.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasmtime.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/owned_fd.hpp"
#include "kernel/guest/main_stack.hpp"
#include "kernel/guest/syscall_table.hpp"
#include "kernel/guest/wasm_host.hpp"
#include "kernel/guest/wasm_task.hpp"
#include "kernel/kernel.hpp"
#include "modcache/wasmtime/engine.hpp"
#include "wasm/engine.hpp"
#include "wasm/instance.hpp"
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

std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);  // The scripts see the environment that they see in the product.
  return text;
}

wasm_engine_t* make_engine(const std::string& cache) {
  auto config = modcache::wasmtime::make_config(wasm::shell_config());
  if (!config.has_value()) fail(modcache::describe(config.error()));
  if (!cache.empty()) {
    if (auto* error = wasmtime_config_cache_config_load(config->get(), cache.c_str())) {
      fail(modcache::wasmtime::message_of(error));
    }
  }
  return wasm_engine_new_with_config(config->release());
}

int run(int argc, char** argv) {
  const std::string file = take_variable("SWEBASH_REFERENCE_ENGINE");
  const std::string cache = take_variable("SWEBASH_REFERENCE_CACHE");
  if (file.empty()) fail("SWEBASH_REFERENCE_ENGINE is not set");

  kernel::StartOptions options;
  options.argv = {argv, argv + argc};
  usize variables = 0;
  while (environ[variables] != nullptr) ++variables;
  options.envp = {environ, variables};
  const auto kernel = kernel::Kernel::create(options);

  auto engine = wasm::Engine::adopt(make_engine(cache));
  const std::vector<u8> bytes = read_file(file.c_str());
  wasmtime_module_t* compiled = nullptr;
  if (auto* error = wasmtime_module_new(engine.get(), bytes.data(), bytes.size(), &compiled)) {
    fail(modcache::wasmtime::message_of(error));
  }
  auto origin =
      wasm::Template::create(engine, wasm::Module::adopt(compiled), guest::syscall_rows());
  if (!origin.has_value()) fail(origin.error().message);
  guest::WasmHost host(*kernel, *origin);
  auto instance = wasm::Instance::create(*origin, nullptr);
  if (!instance.has_value()) fail(instance.error().message);

  guest::WasmTask main_task(host, kernel->main_task(), **instance);
  const auto end = guest::run_main_task(main_task);
  if (kernel->live_tasks() != 0) kernel->wait_for_tasks();
  kernel::Kernel::end_process(end);
}

}  // namespace
}  // namespace swebash::bench

int main(int argc, char** argv) { _exit(swebash::bench::run(argc, argv)); }
