// SPDX-License-Identifier: Apache-2.0
//
// The program `swebash`: finds the engine, starts the kernel, runs the engine as the main task.

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>

#include "kernel/guest/engine_loader.hpp"
#include "kernel/guest/main_stack.hpp"
#include "kernel/guest/wasm_host.hpp"
#include "kernel/guest/wasm_task.hpp"
#include "kernel/kernel.hpp"
#include "shell/cache_command.hpp"
#include "shell/program_place.hpp"
#include "shell/settings.hpp"

namespace swebash::shell {
namespace {

namespace guest = kernel::guest;

constexpr int kUsageStatus = 2, kCannotRun = 126, kNotFound = 127;

i64 now_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return i64{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void complain(std::string_view sentence) {
  std::string line = "swebash: ";
  line.append(sentence).append("\n");
  [[maybe_unused]] const auto written = ::write(2, line.data(), line.size());
}

Result<guest::EngineTier, std::string> tier_of(std::string_view name) {
  if (name.empty()) return guest::EngineTier::automatic;
  if (name == "aot") return guest::EngineTier::aot;
  if (name == "cache") return guest::EngineTier::cache;
  if (name == "jit") return guest::EngineTier::jit;
  return std::unexpected(std::string(name) + ": no such engine tier (aot, cache or jit)");
}

void print_timings(const guest::EngineStory& story, i64 instantiate_us, i64 start_ns,
                   i64 first_output_ns, i64 run_us) {
  std::string module = modcache::name_of(story.tier);
  if (story.not_ahead_of_time != modcache::MissReason::none) {
    module.append(", no ahead-of-time artefact: ");
    module.append(modcache::name_of(story.not_ahead_of_time));
  }
  if (story.report.miss != modcache::MissReason::none) {
    module.append(", miss: ").append(modcache::name_of(story.report.miss));
  }
  char text[512];
  const int length = std::snprintf(
      text, sizeof text,
      "engine       %8lld us\n"
      "module       %8lld us  (%s)\n"
      "bind         %8lld us\n"
      "instantiate  %8lld us\n"
      "first byte   %8lld us after the start\n"
      "run          %8lld us\n",
      static_cast<long long>(story.engine_us), static_cast<long long>(story.module_us),
      module.c_str(), static_cast<long long>(story.template_us),
      static_cast<long long>(instantiate_us),
      first_output_ns == 0 ? -1LL : static_cast<long long>((first_output_ns - start_ns) / 1000),
      static_cast<long long>(run_us));
  if (length > 0) [[maybe_unused]] const auto written = ::write(2, text, strlen(text));
}

int run(int argc, char** argv, char** envp) {
  const i64 start = now_ns();
  auto settings = read_settings(argc, argv);
  if (!settings.has_value()) {
    complain(settings.error());
    return kUsageStatus;
  }
  const auto tier = tier_of(settings->engine_tier);
  if (!tier.has_value()) {
    complain(tier.error());
    return kUsageStatus;
  }

  if (is_cache_command(settings->arguments)) {
    const std::span<char* const> words(argv, static_cast<usize>(argc));
    complain(run_cache_command(find_program_directory(words), settings->arguments));
    return kNotFound;
  }

  kernel::StartOptions options;
  options.argv = settings->arguments;
  options.limits.thread_stack = guest::kThreadStack;
  usize variables = 0;
  while (envp[variables] != nullptr) ++variables;
  options.envp = {envp, variables};
  // First, so that it sees the descriptors this process was started with and no other.
  const auto kernel = kernel::Kernel::create(options);

  guest::EngineRequest request;
  request.tier = *tier;
  request.file = settings->engine;
  request.directory = find_program_directory({argv, static_cast<usize>(argc)});
  auto engine = guest::load_engine(request);
  if (!engine.has_value()) {
    complain(engine.error().message);
    return engine.error().status;
  }

  guest::WasmHost host(*kernel, engine->origin);
  if (!settings->timings.empty()) host.watch_output();
  const i64 before_instance = now_ns();
  auto instance = wasm::Instance::create(engine->origin, nullptr);
  if (!instance.has_value()) {
    complain("cannot start the engine: " + instance.error().message);
    return kCannotRun;
  }
  const i64 before_run = now_ns();
  guest::WasmTask main_task(host, kernel->main_task(), **instance);
  const auto end = guest::run_main_task(main_task);
  const i64 after_run = now_ns();

  if (!settings->timings.empty()) {
    print_timings(engine->story, (before_run - before_instance) / 1000, start, host.first_output(),
                  (after_run - before_run) / 1000);
  }
  if (kernel->live_tasks() != 0) kernel->wait_for_tasks();
  kernel::Kernel::end_process(end);
}

}  // namespace
}  // namespace swebash::shell

int main(int argc, char** argv, char** envp) {
  const int status = swebash::shell::run(argc, argv, envp);
  // Nothing that is left needs a destructor, and each would cost a start its share.
  _exit(status);
}
