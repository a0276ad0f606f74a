// SPDX-License-Identifier: Apache-2.0
//
// ProgramPaths: where PATH leads to, and what of that is remembered (`hash`, BASH_CMDS). Owned by
// the Shell; not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/interpreter/options.hpp"
#include "engine/text/string_map.hpp"
#include "engine/variables/vars.hpp"

namespace swebash::engine {

// A program's path as the search found it.
struct RememberedPath {
  std::string path;
  u32 hits = 0;
};

// How many buckets bash's table of remembered paths has: its order is a script's to see.
inline constexpr u32 kRememberedBuckets = 256;

class ProgramPaths {
 public:
  // Which directories are looked through: those of PATH, or the system's own.
  enum class From : u8 { path, standard };

  // Both outlive it.
  ProgramPaths(Variables& variables, const Options& options) noexcept
      : variables_(variables), options_(options) {}

  // Where command `name` without a slash is found; empty when nowhere.
  [[nodiscard]] std::string find(std::string_view name, From from = From::path);
  // The same by what PATH says now, without what is remembered and without remembering it.
  [[nodiscard]] std::string find_afresh(std::string_view name);
  // Every place on PATH where `name` is found.
  [[nodiscard]] std::vector<std::string> find_all(std::string_view name);

  // A directory that is looked at where PATH leads nowhere; "" is none. What is found there is not
  // remembered. Lives as long as this object.
  void set_last_directory(std::string_view directory) noexcept { last_directory_ = directory; }

  [[nodiscard]] StringMap<RememberedPath>& remembered() noexcept { return remembered_; }

 private:
  [[nodiscard]] std::string find_at_last(std::string_view name) const;

  Variables& variables_;
  const Options& options_;
  StringMap<RememberedPath> remembered_;
  std::string_view last_directory_;
};

}  // namespace swebash::engine
