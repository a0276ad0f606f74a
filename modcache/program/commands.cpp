// SPDX-License-Identifier: Apache-2.0
#include "modcache/program/commands.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "modcache/helper_compiler.hpp"
#include "modcache/program/report.hpp"
#include "modcache/stores/file_system.hpp"
#include "modcache/wasmtime/engine.hpp"

namespace modcache::program {
namespace {

using Json = nlohmann::ordered_json;

void print(const Json& json) {
  // Names of files may be any bytes.
  std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

// Says the error on standard error, and to who reads JSON there too.
int complain(const Context& context, const Error& error) {
  std::fprintf(stderr, "modcache: %s\n", describe(error).c_str());
  if (context.format == Format::json) {
    print({{"error", {{"kind", name_of(error.code)}, {"message", describe(error)}}}});
  }
  return kFound;
}

std::int64_t now_s() { return host_files().now_ns() / 1'000'000'000; }

Json json_of(const KeyFields& fields) {
  return {{"module", to_hex(fields.module)},
          {"runtime", fields.runtime},
          {"target", fields.target},
          {"cpu", fields.cpu},
          {"settings", fields.settings}};
}

Json json_of(const Entry& entry) {
  Json json = {{"key", to_hex(entry.key)},
               {"name", entry.info.name},
               {"file", entry.file},
               {"size", entry.size},
               {"artefact_size", entry.artefact_size},
               {"module_size", entry.info.module_size},
               {"compile_ms", entry.compile_ms},
               {"created", entry.created},
               {"last_used", entry.last_used},
               {"read_only", entry.read_only},
               {"fault", name_of(entry.fault)},
               {"fields", json_of(entry.fields)}};
  if (!entry.info.build_id.empty()) json["build_id"] = entry.info.build_id;
  return json;
}

int print_pruned(const Context& context, const Result<Pruned>& pruned) {
  if (!pruned) return complain(context, pruned.error());
  if (context.format == Format::json) {
    print(
        {{"entries", pruned->entries}, {"bytes", pruned->bytes}, {"leftovers", pruned->leftovers}});
  } else {
    std::printf("removed %llu %s, %s\n", static_cast<unsigned long long>(pruned->entries),
                pruned->entries == 1 ? "entry" : "entries", size_for_people(pruned->bytes).c_str());
  }
  return kFine;
}

void print_entry(const Entry& entry) {
  Table table({Align::left, Align::left});
  table.add({"key", to_hex(entry.key)});
  table.add({"name", entry.info.name});
  table.add({"file", entry.file});
  table.add({"size", size_for_people(entry.size)});
  table.add({"module", size_for_people(entry.info.module_size)});
  table.add({"compile time", time_for_people(entry.compile_ms)});
  table.add({"created", age_for_people(entry.created, now_s())});
  table.add({"last used", age_for_people(entry.last_used, now_s())});
  if (entry.fault != MissReason::none) table.add({"fault", name_of(entry.fault)});
  table.add({"runtime", entry.fields.runtime});
  table.add({"target", entry.fields.target});
  table.add({"cpu", entry.fields.cpu});
  table.add({"settings", entry.fields.settings});
  table.add({"module hash", to_hex(entry.fields.module)});
  table.print();
}

Json json_of(const std::vector<PassedOver>& passed_over) {
  Json json = Json::array();
  for (const PassedOver& one : passed_over) {
    json.push_back({{"path", one.path},
                    {"reason", name_of(one.reason)},
                    {"why", one.why},
                    {"mend", one.mend}});
  }
  return json;
}

// Says on standard error what was asked for and is not done: settings that cannot be read and
// directories that are not used, each with the command that mends it.
void say_passed_over(const Context& context) {
  // Each on a line of its own, after what was printed.
  std::fflush(stdout);
  for (const std::string& problem : context.cache.settings().problems) {
    std::fprintf(stderr, "modcache: %s\n", problem.c_str());
  }
  const auto& passed_over = context.cache.passed_over();
  for (const PassedOver& one : passed_over) {
    const std::string mend = one.mend.empty() ? "" : "; mend it by: " + one.mend;
    std::fprintf(stderr, "modcache: %s %s, so it is not used%s\n", one.path.c_str(),
                 one.why.c_str(), mend.c_str());
  }
  if (context.cache.settings().mode == Mode::rw && context.cache.directories().front().empty()) {
    std::fprintf(stderr,
                 "modcache: nothing is stored; choose a directory by: export %sDIR=DIRECTORY\n",
                 context.env_prefix.c_str());
  }
}

// What mends an entry that is there and is none.
std::string mend_of(const Context& context, const LookedAt& place) {
  const bool stays = place.read_only || context.cache.settings().mode != Mode::rw;
  switch (place.reason) {
    case MissReason::corrupt:
    case MissReason::stale:
    case MissReason::foreign:
      return stays ? "mend it by: rm -rf '" + place.file + "'" : "the next load replaces it";
    case MissReason::unreadable: return "mend it by: chmod u+r '" + place.file + "'";
    case MissReason::incompatible: return "it stays for those who can use it";
    default: return {};
  }
}

// The words of `one` that are not in `other`.
std::string words_of_difference(const std::string& one, const std::string& other) {
  std::string text;
  for (std::size_t at = 0; at < one.size();) {
    const std::size_t end = std::min(one.find(' ', at), one.size());
    const std::string word = one.substr(at, end - at);
    if ((" " + other + " ").find(" " + word + " ") == std::string::npos) {
      text += (text.empty() ? "" : " ") + word;
    }
    at = end + 1;
  }
  return text;
}

// The modules under `path`: itself, or a directory's .wasm files.
std::vector<std::string> modules_under(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  const auto options = std::filesystem::directory_options::skip_permission_denied;
  for (auto at = std::filesystem::recursive_directory_iterator(path, options, error);
       !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    if (at->path().extension() == ".wasm" && at->is_regular_file(error)) {
      files.push_back(at->path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

int show_stats(Context& context) {
  const Stats stats = context.cache.stats();
  const auto entries = context.cache.list();
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  if (entries) {
    for (const Entry& entry : *entries) {
      ++count;
      bytes += entry.size;
    }
  }
  Json reasons = Json::object();
  for (int i = 1; i < kMissReasons; ++i) {
    reasons[name_of(static_cast<MissReason>(i))] = stats.misses[static_cast<std::size_t>(i)];
  }
  if (context.format == Format::json) {
    print({{"directory", context.cache.directories().front()},
           {"entries", count},
           {"bytes", bytes},
           {"hits", stats.hits},
           {"misses", stats.all_misses()},
           {"misses_by_reason", reasons},
           {"waited", stats.waited},
           {"compiled", stats.compiled},
           {"compile_failed", stats.compile_failed},
           {"compile_hung", stats.compile_hung},
           {"published", stats.published},
           {"publish_failed", stats.publish_failed},
           {"evicted", stats.evicted},
           {"evicted_bytes", stats.evicted_bytes},
           {"compile_ms", stats.compile_ms},
           {"saved_ms", stats.saved_ms}});
    return kFine;
  }
  const std::uint64_t loads = stats.hits + stats.all_misses();
  char rate[32] = "";
  if (loads != 0) {
    std::snprintf(rate, sizeof rate, "(%.1f %%)",
                  100.0 * static_cast<double>(stats.hits) / static_cast<double>(loads));
  }
  std::printf("%s\n", context.cache.directories().front().c_str());
  Table table({Align::left, Align::right, Align::left});
  const auto row = [&table](const char* name, std::uint64_t value, const char* note = "") {
    table.add({name, std::to_string(value), note});
  };
  row("entries", count);
  table.add(
      {"size", size_for_people(bytes), "of " + size_for_people(context.cache.settings().max_size)});
  row("hits", stats.hits, rate);
  row("misses", stats.all_misses());
  for (int i = 1; i < kMissReasons; ++i) {
    const auto value = stats.misses[static_cast<std::size_t>(i)];
    if (value != 0) {
      row((std::string("  ") + name_of(static_cast<MissReason>(i))).c_str(), value);
    }
  }
  row("waited for another", stats.waited);
  row("compiled", stats.compiled);
  if (stats.compile_failed != 0) row("compiles failed", stats.compile_failed);
  if (stats.compile_hung != 0) row("compiles timed out", stats.compile_hung);
  if (stats.publish_failed != 0) row("not stored", stats.publish_failed);
  row("evicted", stats.evicted);
  table.add({"time compiling", time_for_people(stats.compile_ms), ""});
  table.add({"time saved", time_for_people(stats.saved_ms), ""});
  table.print();
  return kFine;
}

int list_entries(Context& context) {
  auto entries = context.cache.list();
  if (!entries) return complain(context, entries.error());
  std::ranges::sort(*entries, std::ranges::greater{}, &Entry::last_used);
  if (context.format == Format::json) {
    Json json = Json::array();
    for (const Entry& entry : *entries) json.push_back(json_of(entry));
    print(json);
    return kFine;
  }
  Table table({Align::left, Align::left, Align::right, Align::right, Align::left, Align::left});
  table.add({"KEY", "NAME", "SIZE", "COMPILE", "USED", "RUNTIME"});
  for (const Entry& entry : *entries) {
    table.add({to_hex(entry.key).substr(0, 12), entry.info.name, size_for_people(entry.size),
               time_for_people(entry.compile_ms), age_for_people(entry.last_used, now_s()),
               entry.fault == MissReason::none ? entry.fields.runtime : name_of(entry.fault)});
  }
  table.print();
  return kFine;
}

namespace {

// With the Wasmtime of this program where that has what the modules are for, since it alone knows
// what it takes.
Result<Explanation> explain_here(const Context& context, const ModuleSource& source) {
  if (context.features == wasmtime::build_features()) {
    const auto engine = wasmtime::make_engine(context.config);
    if (engine) {
      return wasmtime::explain_module(context.cache, engine->get(), context.code, source);
    }
  }
  return context.cache.explain(source, context.code);
}

}  // namespace

int explain(Context& context, const std::string& file) {
  const auto said = explain_here(context, ModuleSource::file(file.c_str()));
  if (!said) return complain(context, said.error());
  const int status = said->hit ? kFine : kFound;
  if (context.format == Format::json) {
    Json json = {{"hit", said->hit},         {"reason", name_of(said->reason)},
                 {"file", said->file},       {"lookup_us", said->lookup_us},
                 {"indexed", said->indexed}, {"wanted", json_of(said->wanted)}};
    if (!said->refusal.empty()) json["refusal"] = said->refusal;
    json["looked_at"] = Json::array();
    for (const LookedAt& place : said->looked_at) {
      json["looked_at"].push_back({{"file", place.file},
                                   {"reason", name_of(place.reason)},
                                   {"read_only", place.read_only},
                                   {"mend", mend_of(context, place)}});
    }
    json["passed_over"] = json_of(context.cache.passed_over());
    json["problems"] = context.cache.settings().problems;
    if (!said->nearest.empty()) {
      json["difference"] = said->difference;
      json["nearest"] = json_of(said->nearest.front());
    }
    print(json);
    say_passed_over(context);
    return status;
  }
  const double ms = static_cast<double>(said->lookup_us) / 1000;
  if (said->hit) {
    std::printf("hit, in %.3f ms%s\n  %s\n", ms,
                said->indexed ? ", without reading the module" : "", said->file.c_str());
  } else {
    std::printf("miss (%s), in %.3f ms\n", name_of(said->reason), ms);
    if (!said->file.empty() && said->reason == MissReason::absent) {
      std::printf("  would be %s\n", said->file.c_str());
    }
  }
  // What was in the way of a hit, or of one that comes sooner.
  for (const LookedAt& place : said->looked_at) {
    if (place.reason == MissReason::none || place.reason == MissReason::absent) continue;
    std::printf("  %s is %s; %s\n", place.file.c_str(), name_of(place.reason),
                mend_of(context, place).c_str());
  }
  if (!said->refusal.empty()) std::printf("  Wasmtime says: %s\n", said->refusal.c_str());
  if (!said->nearest.empty()) {
    const Entry& nearest = said->nearest.front();
    std::printf("  nearest is %s (%s), which differs in: %s\n",
                to_hex(nearest.key).substr(0, 12).c_str(), nearest.info.name.c_str(),
                said->difference.c_str());
    Table table({Align::left, Align::left});
    const auto row = [&](const char* field, const std::string& wanted, const std::string& there) {
      if (said->difference != field) return;
      table.add({"    wanted", wanted});
      table.add({"    there", there});
    };
    row("module", to_hex(said->wanted.module), to_hex(nearest.fields.module));
    row("runtime", said->wanted.runtime, nearest.fields.runtime);
    row("target", said->wanted.target, nearest.fields.target);
    row("cpu", said->wanted.cpu, nearest.fields.cpu);
    row("settings", words_of_difference(said->wanted.settings, nearest.fields.settings),
        words_of_difference(nearest.fields.settings, said->wanted.settings));
    table.print();
  }
  say_passed_over(context);
  return status;
}

int inspect(Context& context, const std::string& key) {
  const auto entries = context.cache.list();
  if (!entries) return complain(context, entries.error());
  std::vector<const Entry*> found;
  for (const Entry& entry : *entries) {
    if (to_hex(entry.key).starts_with(key)) found.push_back(&entry);
  }
  if (found.size() != 1) {
    return complain(context, {ErrorCode::not_cached, key, 0,
                              found.empty() ? "no entry has such a key"
                                            : "more than one entry has a key that begins so"});
  }
  if (context.format == Format::json) {
    print(json_of(*found.front()));
  } else {
    print_entry(*found.front());
  }
  return found.front()->fault == MissReason::none ? kFine : kFound;
}

int verify(Context& context, Cache::Repair repair) {
  Result<std::vector<Entry>> faulty;
  {
    Bar bar;
    faulty = context.cache.verify(repair, &bar);
  }
  if (!faulty) return complain(context, faulty.error());
  if (context.format == Format::json) {
    Json json = Json::array();
    for (const Entry& entry : *faulty) json.push_back(json_of(entry));
    print({{"faulty", json}});
  } else {
    for (const Entry& entry : *faulty) {
      std::printf("%s: %s\n", entry.file.c_str(), name_of(entry.fault));
    }
    if (faulty->empty()) std::puts("all entries are whole");
  }
  return faulty->empty() ? kFine : kFound;
}

int prune(Context& context) {
  const Settings& settings = context.cache.settings();
  const auto is_option = [&settings](Setting setting) {
    return settings.sources[static_cast<std::size_t>(setting)] == Source::option;
  };
  const bool size_asked = is_option(Setting::max_size);
  const bool age_asked = is_option(Setting::max_age);
  // Who names one bound means that one; who names none means those that hold always.
  return print_pruned(context,
                      context.cache.prune(size_asked || !age_asked ? settings.max_size : 0,
                                          age_asked || !size_asked ? settings.max_age : 0));
}

int clear(Context& context) { return print_pruned(context, context.cache.clear()); }

int warm(Context& context, const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    const auto more = modules_under(path);
    files.insert(files.end(), more.begin(), more.end());
  }
  HelperCompiler compiler(helper_options(context.cache.settings()));
  int status = kFine;
  Json json = Json::array();
  std::vector<std::string> lines;
  {
    Bar bar;
    std::uint64_t done = 0;
    for (const std::string& file : files) {
      bar.step(done++, files.size(), file);
      const auto artefact =
          context.cache.get(ModuleSource::file(file.c_str()), context.code, compiler);
      if (!artefact) {
        status = kFound;
        json.push_back({{"file", file}, {"error", describe(artefact.error())}});
        lines.push_back(describe(artefact.error()));
        continue;
      }
      const Report& report = artefact->report;
      json.push_back({{"file", file},
                      {"tier", name_of(report.tier)},
                      {"stored", report.tier == Tier::cache || report.published},
                      {"compile_ms", report.compile_us / 1000},
                      {"key", to_hex(report.key)}});
      lines.push_back(file + ": " +
                      (report.tier == Tier::cache ? "already there"
                       : report.published
                           ? "compiled in " + time_for_people(report.compile_us / 1000)
                           : "compiled, not stored"));
      if (report.tier != Tier::cache && !report.published) status = kFound;
    }
  }
  if (context.format == Format::json) {
    print(json);
  } else {
    for (const std::string& line : lines) std::puts(line.c_str());
  }
  say_passed_over(context);
  return status;
}

int show_path(Context& context) {
  const auto paths = context.cache.directories();
  if (context.format == Format::json) {
    print(paths);
  } else {
    for (const std::string& path : paths) {
      if (!path.empty()) std::puts(path.c_str());
    }
  }
  say_passed_over(context);
  return paths.front().empty() ? kFound : kFine;
}

int zero(Context& context) {
  const auto done = context.cache.zero_stats();
  if (!done) return complain(context, done.error());
  if (context.format == Format::json) print({{"zeroed", true}});
  return kFine;
}

int show_config(Context& context) {
  const Settings& settings = context.cache.settings();
  Json json = Json::object();
  Table table({Align::left, Align::left, Align::left});
  for (int i = 0; i < kSettings; ++i) {
    const auto setting = static_cast<Setting>(i);
    std::string source = name_of(settings.sources[static_cast<std::size_t>(i)]);
    if (source == "file") source = settings.file;
    if (source == "environment") {
      source = context.env_prefix;
      for (const char* c = name_of(setting); *c != 0; ++c) {
        source += *c >= 'a' && *c <= 'z' ? static_cast<char>(*c - 'a' + 'A') : *c;
      }
    }
    const std::string value = value_text(settings, setting);
    json[name_of(setting)] = {{"value", value}, {"source", source}};
    table.add({name_of(setting), value.empty() ? "-" : value, "(" + source + ")"});
  }
  if (context.format == Format::json) {
    print({{"settings", json},
           {"problems", settings.problems},
           {"passed_over", json_of(context.cache.passed_over())}});
  } else {
    table.print();
  }
  say_passed_over(context);
  return settings.problems.empty() ? kFine : kFound;
}

}  // namespace modcache::program
