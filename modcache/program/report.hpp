// SPDX-License-Identifier: Apache-2.0
//
// How the program `modcache` shows things: aligned columns, sizes and times for people, a progress
// bar on a terminal. Writes to standard output and standard error; not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/thread_annotations.hpp"
#include "modcache/cache.hpp"

namespace modcache::program {

enum class Align : std::uint8_t { left, right };

// Rows of cells, as wide as their widest.
class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print() const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "1.5 MiB".
[[nodiscard]] std::string size_for_people(std::uint64_t bytes);
// "3 days ago"; `then` and `now` in seconds since 1970.
[[nodiscard]] std::string age_for_people(std::int64_t then, std::int64_t now);
// "1.25 s".
[[nodiscard]] std::string time_for_people(std::uint64_t milliseconds);

// A bar on standard error, where that is a terminal and the work takes longer than a second. Drawn
// by a thread of its own, so that one long step is seen to go on.
class Bar final : public Progress {
 public:
  Bar();
  ~Bar() override;
  Bar(const Bar&) = delete;
  Bar& operator=(const Bar&) = delete;
  void step(std::uint64_t done, std::uint64_t total, std::string_view what) override;

 private:
  void draw_until_end();
  // Waits for at most `time`; whether the bar is at its end.
  [[nodiscard]] bool ends_within(std::chrono::milliseconds time) SWEBASH_REQUIRES(mutex_);

  swebash::Mutex mutex_;
  swebash::ConditionVariable ending_;
  std::uint64_t done_ SWEBASH_GUARDED_BY(mutex_) = 0;
  std::uint64_t total_ SWEBASH_GUARDED_BY(mutex_) = 0;
  std::string what_ SWEBASH_GUARDED_BY(mutex_);
  bool ended_ SWEBASH_GUARDED_BY(mutex_) = false;
  std::thread drawer_;
};

}  // namespace modcache::program
