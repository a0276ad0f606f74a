// SPDX-License-Identifier: Apache-2.0
//
// Settings: how a cache behaves, and where each value came from.
//
// In rising weight: the default, a file of `key = value` lines, the environment under a prefix that
// the embedder chooses, the embedder's own options. Reading them costs one open that fails where
// there is no file. A plain value; load_settings() reads the environment, so it must not run beside
// a setenv().
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "modcache/error.hpp"

namespace modcache {

class FileSystem;

enum class Mode : std::uint8_t { rw, ro, require, off };
enum class Verify : std::uint8_t { automatic, always };
enum class Source : std::uint8_t { default_value, file, environment, option };

enum class Setting : std::uint8_t {
#define MODCACHE_SETTING(name, NAME, type, value, help) name,
#include "modcache/settings.def"
#undef MODCACHE_SETTING
};

#define MODCACHE_SETTING(name, NAME, type, value, help) +1
inline constexpr int kSettings = 0
#include "modcache/settings.def"
    ;
#undef MODCACHE_SETTING

struct Settings {
  std::string dir;
  std::string extra_dirs;
  Mode mode = Mode::rw;
  Verify verify = Verify::automatic;
  std::uint64_t max_size = 1ULL << 30;       // bytes; 0: no bound
  std::uint64_t max_age = 30ULL * 86400000;  // milliseconds; 0: no bound
  bool stats = true;
  std::string compiler;
  std::uint64_t compile_timeout = 300000;  // milliseconds
  std::uint64_t compile_memory = 4ULL << 30;
  std::uint64_t lock_timeout = 120000;  // milliseconds

  std::array<Source, kSettings> sources{};
  std::string file;                   // the file that was read; empty: none
  std::vector<std::string> problems;  // values that were passed over, one sentence each
};

// Where to look besides the defaults.
struct SettingsPlaces {
  std::string env_prefix = "MODCACHE_";
  // Empty: $XDG_CONFIG_HOME/modcache/modcache.conf, else ~/.config/modcache/modcache.conf.
  std::string file;
  // `name` and `value` pairs that weigh most.
  std::vector<std::pair<std::string, std::string>> options;
};

// Reads the settings. A value that cannot be read is passed over and named in `problems`.
[[nodiscard]] Settings load_settings(FileSystem& files, const SettingsPlaces& places = {});

// Sets the setting called `name` from text.
// Errors: bad_config, whose message says what is expected.
[[nodiscard]] Result<void> set(Settings& settings, std::string_view name, std::string_view value,
                               Source source);

// The value as text that set() reads back.
[[nodiscard]] std::string value_text(const Settings& settings, Setting setting);

// The setting's name and its help. Live for ever.
[[nodiscard]] const char* name_of(Setting setting) noexcept;
[[nodiscard]] const char* help_of(Setting setting) noexcept;
[[nodiscard]] const char* name_of(Source source) noexcept;
[[nodiscard]] const char* name_of(Mode mode) noexcept;

// Reads "512MiB", "2G", "1000" (bytes) and "30d", "12h", "90s", "250ms", "5" (seconds).
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);
[[nodiscard]] Result<std::uint64_t> parse_duration_ms(std::string_view text);
[[nodiscard]] std::string size_text(std::uint64_t bytes);
[[nodiscard]] std::string duration_text(std::uint64_t milliseconds);

}  // namespace modcache
