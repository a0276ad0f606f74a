// SPDX-License-Identifier: Apache-2.0
//
// Stats: what the cache did, counted by all processes together.
//
// Events are appended to a log, one write each, without a lock; the log is folded into totals when
// it has grown (stores/stats_log.hpp). A plain value.
#pragma once

#include <array>
#include <cstdint>

#include "modcache/artefact.hpp"

namespace modcache {

struct Stats {
  std::uint64_t hits = 0;
  std::array<std::uint64_t, kMissReasons> misses{};  // by MissReason; misses[none] is unused
  std::uint64_t waited = 0;                          // hits that waited for another's compile
  std::uint64_t compiled = 0;                        // compiles that gave an artefact
  std::uint64_t compile_failed = 0;                  // compiles that did not
  std::uint64_t compile_hung = 0;                    // of these, ended at the time limit
  std::uint64_t published = 0;
  std::uint64_t publish_failed = 0;
  std::uint64_t evicted = 0;
  std::uint64_t evicted_bytes = 0;
  std::uint64_t compile_ms = 0;  // time spent compiling
  std::uint64_t saved_ms = 0;    // time the hits' modules had taken to compile

  bool operator==(const Stats&) const = default;
  [[nodiscard]] std::uint64_t all_misses() const noexcept {
    std::uint64_t sum = 0;
    for (const auto count : misses) sum += count;
    return sum;
  }
};

}  // namespace modcache
