// SPDX-License-Identifier: Apache-2.0
// modcache: shows and steers the cache of compiled modules.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "modcache/program/commands.hpp"
#include "modcache/stores/file_system.hpp"
#include "modcache/stores/store.hpp"
#include "modcache/version.hpp"
#include "modcache/wasmtime/engine.hpp"

namespace modcache::program {
namespace {

std::string option_of(std::string_view name) {
  std::string option = "--";
  for (const char c : name) option += c == '_' ? '-' : c;
  return option;
}

// What the command line says, before the cache is opened.
struct Wanted {
  SettingsPlaces places;
  std::array<std::string, kSettings> settings;
  std::string engine_config;
  std::optional<std::string> features;
  std::string older_than;
  std::string argument;
  std::vector<std::string> paths;
  Format format = Format::text;
  Cache::Repair repair = Cache::Repair::report;
  int (*run)(Context&, const Wanted&) = nullptr;
};

void add_global_options(CLI::App& app, Wanted& wanted) {
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.set_version_flag("--version", std::string("modcache ") + kVersion + " (Wasmtime " +
                                        wasmtime::version() + "; stores: " + store_schemes() + ")");
  app.add_flag_callback("--json", [&wanted] { wanted.format = Format::json; }, "print JSON");
  app.add_option("--env-prefix", wanted.places.env_prefix,
                 "what the names of environment variables begin with");
  app.add_option("--config-file", wanted.places.file, "read settings from this file");
  // Given twice, the later words weigh more: who starts this program may have said some already.
  app.add_option("--engine-config", wanted.engine_config,
                 "the engine's settings for explain and warm, as name=value words")
      ->join(' ');
  app.add_option("--features", wanted.features,
                 "for explain and warm: what the embedder's Wasmtime was built with, as in the "
                 "runtime of an entry (threads, gc, ...)");
  for (int i = 0; i < kSettings; ++i) {
    const auto setting = static_cast<Setting>(i);
    app.add_option(option_of(name_of(setting)), wanted.settings[static_cast<std::size_t>(i)],
                   help_of(setting))
        ->group("Settings");
  }
}

void add_commands(CLI::App& app, Wanted& wanted) {
  using Run = int (*)(Context&, const Wanted&);
  const auto command = [&](const char* name, const char* help, Run run) {
    CLI::App* added = app.add_subcommand(name, help);
    added->fallthrough();
    added->callback([&wanted, run] { wanted.run = run; });
    return added;
  };
  command("stats", "count hits, misses, and time compiled and saved",
          [](Context& context, const Wanted&) { return show_stats(context); });
  command("list", "list the entries, the last used first",
          [](Context& context, const Wanted&) { return list_entries(context); });
  command("explain", "say whether a module would hit, and why not",
          [](Context& context, const Wanted& w) { return explain(context, w.argument); })
      ->add_option("FILE", wanted.argument, "a module")
      ->required();
  command("inspect", "show one entry",
          [](Context& context, const Wanted& w) { return inspect(context, w.argument); })
      ->add_option("KEY", wanted.argument, "the first digits of its key")
      ->required();
  command("verify", "read every entry in full",
          [](Context& context, const Wanted& w) { return verify(context, w.repair); })
      ->add_flag_callback(
          "--repair", [&wanted] { wanted.repair = Cache::Repair::remove; },
          "remove what is corrupt");
  CLI::App* pruning = command("prune", "evict by the bound that is named, else by the settings",
                              [](Context& context, const Wanted&) { return prune(context); });
  pruning->add_option("--max-size", wanted.settings[static_cast<std::size_t>(Setting::max_size)],
                      "evict the least recently used beyond this");
  pruning->add_option("--older-than", wanted.older_than, "evict what was unused for this long");
  command("clear", "remove all entries",
          [](Context& context, const Wanted&) { return clear(context); });
  command("warm", "compile modules that are not there yet",
          [](Context& context, const Wanted& w) { return warm(context, w.paths); })
      ->add_option("PATH", wanted.paths, "modules, and directories of them")
      ->required();
  command("path", "print the cache's directories",
          [](Context& context, const Wanted&) { return show_path(context); });
  command("zero", "set the statistics to zero",
          [](Context& context, const Wanted&) { return zero(context); });
  command("config", "show each setting and where it came from",
          [](Context& context, const Wanted&) { return show_config(context); });
  app.require_subcommand(1);
}

// The command that starts this program again: another may have started it under a name of its own.
std::string called_as(const char* name) {
  if (name == nullptr || *name == 0) return "modcache";
  const std::string_view whole(name);
  return std::string(whole.substr(whole.find_last_of('/') + 1));
}

int complain(const std::string& message) {
  std::fprintf(stderr, "modcache: %s\n", message.c_str());
  return kUsage;
}

int run(Wanted& wanted, std::string called) {
  for (int i = 0; i < kSettings; ++i) {
    const std::string& value = wanted.settings[static_cast<std::size_t>(i)];
    const char* name = name_of(static_cast<Setting>(i));
    if (value.empty()) continue;
    // On the command line a bad value is a usage error, where elsewhere it is passed over.
    Settings trial;
    const auto fine = set(trial, name, value, Source::option);
    if (!fine) return complain(option_of(name) + ": " + fine.error().message);
    wanted.places.options.emplace_back(name, value);
  }
  if (!wanted.older_than.empty()) {
    const auto age = parse_duration_ms(wanted.older_than);
    if (!age) return complain("--older-than: " + age.error().message);
    wanted.places.options.emplace_back("max_age", wanted.older_than);
  }
  const auto config = parse_engine_config(wanted.engine_config);
  if (!config) return complain("--engine-config: " + config.error().message);
  Cache cache(load_settings(host_files(), wanted.places));
  const std::string features = wanted.features.value_or(wasmtime::build_features());
  Context context{cache,
                  *config,
                  features,
                  wasmtime::code_identity(*config, features),
                  wanted.format,
                  wanted.places.env_prefix,
                  std::move(called)};
  return wanted.run(context, wanted);
}

int main_of(int count, char** arguments) {
  Wanted wanted;
  CLI::App app("Shows and steers the cache of compiled WebAssembly modules.", "modcache");
  add_global_options(app, wanted);
  add_commands(app, wanted);
  try {
    app.parse(count, arguments);
  } catch (const CLI::RequiredError& error) {
    if (!app.get_subcommands().empty()) return complain(std::string(error.what()));
    const auto rest = app.remaining();
    return complain(rest.empty() ? "a command is needed; --help lists them"
                                 : "'" + rest.front() + "' is no command; --help lists them");
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return complain(std::string(error.what()));
  }
  return run(wanted, called_as(arguments[0]));
}

}  // namespace
}  // namespace modcache::program

int main(int count, char** arguments) {
  const int status = modcache::program::main_of(count, arguments);
  return std::fflush(stdout) == 0 ? status : modcache::program::kFound;
}
