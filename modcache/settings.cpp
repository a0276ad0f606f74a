// SPDX-License-Identifier: Apache-2.0
#include "modcache/settings.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "modcache/stores/file_system.hpp"

namespace modcache {
namespace {

constexpr std::size_t kMaxSettingsFile = 64 << 10;

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr Unit kSizes[] = {{"", 1},
                           {"B", 1},
                           {"K", 1 << 10},
                           {"KiB", 1 << 10},
                           {"KB", 1000},
                           {"M", 1 << 20},
                           {"MiB", 1 << 20},
                           {"MB", 1000000},
                           {"G", 1 << 30},
                           {"GiB", 1 << 30},
                           {"GB", 1000000000},
                           {"T", 1ULL << 40},
                           {"TiB", 1ULL << 40}};
constexpr Unit kDurations[] = {{"", 1000},     {"ms", 1},       {"s", 1000},     {"m", 60000},
                               {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};

std::unexpected<Error> bad(std::string message) {
  return std::unexpected(Error{ErrorCode::bad_config, {}, 0, std::move(message)});
}

template <std::size_t N>
bool read_scaled(std::string_view text, const Unit (&units)[N], std::uint64_t& value) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc()) return false;
  std::string_view unit(parsed.ptr,
                        static_cast<std::size_t>(text.data() + text.size() - parsed.ptr));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const Unit& one : units) {
    if (unit == one.name) return !__builtin_mul_overflow(number, one.factor, &value);
  }
  return false;
}

Result<std::string> parse_text(std::string_view text) { return std::string(text); }

Result<bool> parse_flag(std::string_view text) {
  for (const auto yes : {"on", "yes", "true", "1"}) {
    if (text == yes) return true;
  }
  for (const auto no : {"off", "no", "false", "0"}) {
    if (text == no) return false;
  }
  return bad("expected on or off, not '" + std::string(text) + "'");
}

Result<Mode> parse_mode(std::string_view text) {
  for (const auto mode : {Mode::rw, Mode::ro, Mode::require, Mode::off}) {
    if (text == name_of(mode)) return mode;
  }
  return bad("expected rw, ro, require or off, not '" + std::string(text) + "'");
}

Result<Verify> parse_verify(std::string_view text) {
  if (text == "auto") return Verify::automatic;
  if (text == "always") return Verify::always;
  return bad("expected auto or always, not '" + std::string(text) + "'");
}

Result<std::uint64_t> parse_duration(std::string_view text) { return parse_duration_ms(text); }

std::string text_text(const std::string& value) { return value; }
std::string flag_text(bool value) { return value ? "on" : "off"; }
std::string mode_text(Mode mode) { return name_of(mode); }
std::string verify_text(Verify verify) { return verify == Verify::always ? "always" : "auto"; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

void apply(Settings& settings, std::string_view name, std::string_view value, Source source,
           const std::string& where) {
  const auto done = set(settings, name, value, source);
  if (done) return;
  std::string problem = where + ": " + done.error().message;
  if (source == Source::environment) problem += "; passed over, mend it by: unset " + where;
  settings.problems.push_back(std::move(problem));
}

void read_file(FileSystem& files, const std::string& path, Settings& settings) {
  const auto fd = files.open_path(path.c_str());
  if (!fd) return;
  const auto status = files.status(fd->get());
  if (!status || status->kind != FileKind::regular) return;
  settings.file = path;
  std::string text(std::min<std::uint64_t>(status->size, kMaxSettingsFile), '\0');
  const auto count = files.read_at(fd->get(), std::as_writable_bytes(std::span(text)), 0);
  text.resize(count.value_or(0));
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    const auto line = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    const auto equals = line.find('=');
    const std::string where = path + ":" + std::to_string(number);
    if (equals == std::string_view::npos) {
      settings.problems.push_back(where + ": expected 'key = value'");
      continue;
    }
    apply(settings, trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)), Source::file,
          where);
  }
}

std::string default_file() {
  if (const char* base = std::getenv("XDG_CONFIG_HOME"); base != nullptr && *base == '/') {
    return std::string(base) + "/modcache/modcache.conf";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::string(home) + "/.config/modcache/modcache.conf";
}

}  // namespace

Settings load_settings(FileSystem& files, const SettingsPlaces& places) {
  Settings settings;
  const std::string path = places.file.empty() ? default_file() : places.file;
  if (!path.empty()) read_file(files, path, settings);
#define MODCACHE_SETTING(name, NAME, type, value, help)                                  \
  {                                                                                      \
    const std::string variable = places.env_prefix + NAME;                               \
    if (const char* text = std::getenv(variable.c_str()); text != nullptr && *text != 0) \
      apply(settings, #name, text, Source::environment, variable);                       \
  }
#include "modcache/settings.def"
#undef MODCACHE_SETTING
  for (const auto& [name, value] : places.options) {
    apply(settings, name, value, Source::option, name);
  }
  return settings;
}

Result<void> set(Settings& settings, std::string_view name, std::string_view value, Source source) {
#define MODCACHE_SETTING(field, NAME, type, default_, help)              \
  if (name == #field) {                                                  \
    settings.field = SWEBASH_TRY(parse_##type(value));                   \
    settings.sources[static_cast<std::size_t>(Setting::field)] = source; \
    return {};                                                           \
  }
#include "modcache/settings.def"
#undef MODCACHE_SETTING
  return bad("there is no setting '" + std::string(name) + "'");
}

std::string value_text(const Settings& settings, Setting setting) {
  switch (setting) {
#define MODCACHE_SETTING(field, NAME, type, default_, help) \
  case Setting::field: return type##_text(settings.field);
#include "modcache/settings.def"
#undef MODCACHE_SETTING
  }
  return {};
}

const char* name_of(Setting setting) noexcept {
  static constexpr const char* kNames[] = {
#define MODCACHE_SETTING(field, NAME, type, default_, help) #field,
#include "modcache/settings.def"
#undef MODCACHE_SETTING
  };
  return kNames[static_cast<std::size_t>(setting)];
}

const char* help_of(Setting setting) noexcept {
  static constexpr const char* kHelp[] = {
#define MODCACHE_SETTING(field, NAME, type, default_, help) help,
#include "modcache/settings.def"
#undef MODCACHE_SETTING
  };
  return kHelp[static_cast<std::size_t>(setting)];
}

const char* name_of(Source source) noexcept {
  switch (source) {
    case Source::default_value: return "default";
    case Source::file: return "file";
    case Source::environment: return "environment";
    case Source::option: return "option";
  }
  return "default";
}

const char* name_of(Mode mode) noexcept {
  switch (mode) {
    case Mode::rw: return "rw";
    case Mode::ro: return "ro";
    case Mode::require: return "require";
    case Mode::off: return "off";
  }
  return "rw";
}

Result<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t value = 0;
  if (read_scaled(text, kSizes, value)) return value;
  return bad("expected a size such as 512MiB, not '" + std::string(text) + "'");
}

Result<std::uint64_t> parse_duration_ms(std::string_view text) {
  std::uint64_t value = 0;
  if (read_scaled(text, kDurations, value)) return value;
  return bad("expected a duration such as 30d, not '" + std::string(text) + "'");
}

std::string size_text(std::uint64_t bytes) {
  constexpr Unit kShown[] = {
      {"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"", 1}};
  for (const Unit& unit : kShown) {
    if (bytes >= unit.factor && bytes % unit.factor == 0) {
      return std::to_string(bytes / unit.factor).append(unit.name);
    }
  }
  return "0";
}

std::string duration_text(std::uint64_t milliseconds) {
  constexpr Unit kShown[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
  for (const Unit& unit : kShown) {
    if (milliseconds >= unit.factor && milliseconds % unit.factor == 0) {
      return std::to_string(milliseconds / unit.factor).append(unit.name);
    }
  }
  return "0";
}

}  // namespace modcache
