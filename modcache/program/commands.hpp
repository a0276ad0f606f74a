// SPDX-License-Identifier: Apache-2.0
//
// The subcommands of the program `modcache`. Each prints its result, as text or as JSON, and
// returns the program's exit status. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "modcache/cache.hpp"

namespace modcache::program {

enum class Format : std::uint8_t { text, json };

inline constexpr int kFine = 0;
inline constexpr int kFound = 1;  // something corrupt, a miss, or what was asked for cannot be done
inline constexpr int kUsage = 2;

struct Context {
  Cache& cache;
  EngineConfig config;
  std::string features;  // of the Wasmtime that the modules are for
  CodeIdentity code;
  Format format = Format::text;
  std::string env_prefix;
  std::string name;  // how this program is called in a command, such as "swebash cache"
};

int show_stats(Context& context);
int list_entries(Context& context);
int explain(Context& context, const std::string& file);
int inspect(Context& context, const std::string& key);
int verify(Context& context, Cache::Repair repair);
int prune(Context& context);
int clear(Context& context);
int warm(Context& context, const std::vector<std::string>& paths);
int show_path(Context& context);
int zero(Context& context);
int show_config(Context& context);

}  // namespace modcache::program
