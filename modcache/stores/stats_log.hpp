// SPDX-License-Identifier: Apache-2.0
//
// StatsLog: the counters of all processes that use one directory, without a lock between them.
//
// An event is one append of 16 bytes to `stats.log`. When the log has grown, one process folds:
// what was set aside by the fold before (`stats.old`) is added to `stats.totals`, and the log is
// set aside, so that a writer that had it open has a whole fold's time to finish. Failing to count
// is not a failure. Thread-safe.
#pragma once

#include <cstdint>
#include <span>

#include "modcache/stats.hpp"
#include "modcache/stores/file_system.hpp"

namespace modcache {

enum class Event : std::uint8_t {
  hit = 1,  // value: milliseconds saved
  miss,     // detail: MissReason
  waited,
  compiled,  // value: milliseconds
  compile_failed,
  compile_hung,
  published,
  publish_failed,
  evicted,  // value: bytes
};

class StatsLog {
 public:
  // Requires: `files` and the directory's descriptor outlive this.
  StatsLog(FileSystem& files, int directory) noexcept : files_(files), directory_(directory) {}

  void count(Event event, std::uint64_t value = 0, std::uint8_t detail = 0);
  [[nodiscard]] Stats read();
  // Folds the log where it is longer than `beyond` bytes.
  void fold(std::uint64_t beyond);
  [[nodiscard]] OsResult<void> zero();

 private:
  void add_log(Stats& stats, const char* name);
  [[nodiscard]] bool read_totals(Stats& stats, std::uint64_t& folded);

  FileSystem& files_;
  int directory_;
};

}  // namespace modcache
