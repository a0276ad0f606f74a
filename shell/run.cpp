// SPDX-License-Identifier: Apache-2.0
#include "shell/run.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>

#include "kernel/guest/main_stack.hpp"
#include "kernel/guest/wasm_host.hpp"
#include "kernel/guest/wasm_task.hpp"
#include "kernel/kernel.hpp"
#include "kernel/process/helper_process.hpp"
#include "kernel/process/supervisor.hpp"
#include "shell/cache_command.hpp"
#include "shell/companion_command.hpp"
#include "shell/confinement.hpp"
#include "shell/doctor_command.hpp"
#include "shell/limits.hpp"
#include "shell/overlay_command.hpp"
#include "shell/policy_file.hpp"
#include "shell/program_place.hpp"
#include "shell/settings.hpp"
#include "shell/timings.hpp"

namespace swebash::shell {
namespace {

namespace guest = kernel::guest;

constexpr int kUsageStatus = 2, kCannotRun = 126, kNotFound = 127;

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

bool asks_for_help(const std::vector<char*>& arguments) noexcept {
  return arguments.size() > 1 && std::strcmp(arguments[1], "--help") == 0;
}

void tell(const Settings& settings, const StartTimings& timings) {
  if (!settings.timings.empty()) {
    const std::string text = timings_text(timings);
    [[maybe_unused]] const auto written = ::write(2, text.data(), text.size());
  }
  if (!settings.timings_file.empty()) {
    const std::string file(settings.timings_file);
    if (const int error = append_trace(file, timings, getpid()); error != 0) {
      complain(file + ": " + std::strerror(error));
    }
  }
}

// Whether there is a limit that programs could lead out of, or raise.
bool is_limited(const kernel::Limits& limits) noexcept {
  return limits.wall_time > 0 || limits.cpu_time > 0 || limits.total_memory > 0 ||
         limits.written_bytes > 0 || limits.programs > 0 || limits.task_memory > 0;
}

wasm::MemoryPlan plan_memory() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0) return {};
  return wasm::plan_memory(limit.rlim_cur);
}

std::string address_space_hint() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return {};
  return " (ulimit -v leaves too little address space)";
}

// What is allocated here is small, so that there is nothing to give up for it.
[[noreturn]] void end_without_memory() {
  constexpr std::string_view kSentence = "swebash: there is no memory left\n";
  [[maybe_unused]] const auto written = ::write(2, kSentence.data(), kSentence.size());
  _exit(kCannotRun);
}

// Runs the main task in an instance of `engine`, and ends as it does; the status where there is no
// instance.
int run_engine(const guest::LoadedEngine& engine, const wasm::MemoryPlan& plan,
               kernel::Kernel& kernel, const Settings& settings, StartTimings& timings) {
  guest::WasmHost host(engine.origin, plan);
  const bool watched = !settings.timings.empty() || !settings.timings_file.empty();
  if (watched) host.watch_output();
  timings.before_instance = now_ns();
  auto instance = wasm::Instance::create(engine.origin, nullptr);
  if (!instance.has_value()) {
    complain("cannot start the engine: " + instance.error().message + address_space_hint());
    return kCannotRun;
  }
  timings.before_run = now_ns();
  guest::WasmTask main_task(host, kernel.main_task(), **instance);
  const auto end = guest::run_main_task(main_task);
  timings.after_run = now_ns();

  // The engine has told of the shell's options; the program's own stand beside them.
  if (asks_for_help(settings.arguments)) {
    const std::string text =
        "Options of the program itself, before all others:\n" + settings_help();
    [[maybe_unused]] const auto written = ::write(1, text.data(), text.size());
  }
  if (watched) {
    timings.first_output = host.first_output();
    timings.story = engine.story;
    tell(settings, timings);
  }
  kernel.leave(end);
}

// `swebash cache`, `overlay` and what else is a command of the program and no script; nothing where
// the words are those of a shell. What runs in a program of its own comes back where that is
// missing.
std::optional<int> run_own_command(const Settings& settings, std::span<char* const> words) {
  if (is_doctor_command(settings.arguments)) return run_doctor_command();
  if (is_cache_command(settings.arguments)) {
    complain(run_cache_command(find_program_directory(words), settings.arguments));
    return kNotFound;
  }
  const bool overlay = is_overlay_command(settings.arguments);
  if (!overlay && !is_companion_command(settings.arguments)) return std::nullopt;
  const std::string companions = find_companions(find_program_directory(words));
  complain(overlay ? run_overlay_command(companions, settings.arguments)
                   : run_companion_command(companions, settings.arguments));
  return kNotFound;
}

}  // namespace

int run_shell(int argc, char** argv, char** envp, EngineLoader load_engine) {
  std::set_new_handler(end_without_memory);
  StartTimings timings;
  timings.start = now_ns();
  auto settings = read_settings(argc, argv, envp);
  if (!settings.has_value()) {
    complain(settings.error());
    return kUsageStatus;
  }
  const auto tier = tier_of(settings->engine_tier);
  if (!tier.has_value()) {
    complain(tier.error());
    return kUsageStatus;
  }

  if (const auto status = run_own_command(*settings, {argv, static_cast<usize>(argc)})) {
    return *status;
  }
  const std::string directory =
      find_companions(find_program_directory({argv, static_cast<usize>(argc)}));
  if (may_have_policy_file(*settings)) {
    if (const auto read = read_policy_file(*settings, directory); !read.has_value()) {
      complain(tell_origin(*settings, read.error().message));
      return read.error().status;
    }
  }
  const auto program_words = static_cast<usize>(argc) - settings->arguments.size() + 1;
  if (program_words > 1 && !wants_confinement(*settings)) {
    const auto flag = confinement_flag_in({argv, program_words});
    if (!flag.empty()) {
      complain(std::string(flag) + ": needs --workspace DIR");
      return kUsageStatus;
    }
  }

  kernel::StartOptions options;
  options.argv = settings->arguments;
  const wasm::MemoryPlan plan = plan_memory();
  options.parent_death = kernel::ParentDeath::kill;
  options.exit_when_stuck = true;
  if (const auto limited = set_limits(*settings, options.limits); !limited.has_value()) {
    complain(tell_origin(*settings, limited.error()));
    return kUsageStatus;
  }
  if (is_limited(options.limits)) {
    kernel::forbid_raising_limits();
    kernel::supervise(options.limits);
  }
  std::unique_ptr<kernel::confine::Confinement> confinement;
  std::unique_ptr<kernel::audit::Account> account;
  if (wants_confinement(*settings)) {
    // The process that stands in for the session, the first of its namespace, a guardian, and,
    // where there are such, the proxy and the recorder.
    kernel::expect_helpers(3U + (settings->allow_net.empty() ? 0U : 1U) +
                           (settings->audit.empty() ? 0U : 1U));
    auto confined = start_confined(*settings, directory, envp);
    if (!confined.has_value()) {
      complain(tell_origin(*settings, confined.error().message));
      return confined.error().status;
    }
    confinement = std::move(confined->confinement);
    options.confinement = confinement.get();
    account = std::move(confined->account);
    options.account = account.get();
    envp = ::environ;
  }
  usize variables = 0;
  while (envp[variables] != nullptr) ++variables;
  options.envp = {envp, variables};
  if (confinement != nullptr) options.envp = confinement->environment();
  // First, so that it sees the descriptors this process was started with and no other.
  kernel::Host process({.thread_stack = plan.thread_stack()});
  const auto kernel = kernel::Kernel::create(process, options);

  guest::EngineRequest request;
  request.tier = *tier;
  request.plan = plan;
  request.file = settings->engine;
  request.directory = directory;
  if (request.file.empty() && request.directory.empty()) {
    complain("without /proc it is not known where the engine is; --engine can name it");
    return kNotFound;
  }
  timings.before_load = now_ns();
  auto engine = load_engine(request);
  if (!engine.has_value()) {
    complain(engine.error().message);
    return engine.error().status;
  }

  return run_engine(*engine, plan, *kernel, *settings, timings);
}

}  // namespace swebash::shell
