// SPDX-License-Identifier: Apache-2.0
//
// Deadlines: calls somebody back when a time is up, on one thread for all sessions of a runtime,
// which is made when the first deadline is set.
//
// Thread-safe. A callback may be under way when it is cancelled: then cancel() waits for its end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "base/integers.hpp"

namespace swebash::embed {

class Deadlines {
 public:
  using Clock = std::chrono::steady_clock;
  using Key = std::pair<Clock::time_point, u64>;

  Deadlines() = default;
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;
  ~Deadlines();

  // Calls `function` once `time` has come, unless it is cancelled before. It must be short, and set
  // and cancel no deadlines.
  [[nodiscard]] Key set(Clock::time_point time, std::function<void()> function);
  void cancel(const Key& key);

  // Whether the calling thread is that of one.
  [[nodiscard]] static bool on_thread() noexcept;

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, std::function<void()>> waiting_;
  u64 next_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace swebash::embed
