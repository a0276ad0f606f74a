// SPDX-License-Identifier: Apache-2.0
//
// LiveSession: a session of the server, and the calls that wait for it: they run one after the
// other, in the order in which they came, whichever connection they came from.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/integers.hpp"
#include "base/thread_annotations.hpp"
#include "swebash/session.hpp"

namespace swebash::serve {

class LiveSession {
 public:
  using Call = std::function<void()>;
  using Clock = std::chrono::steady_clock;

  // `owner` is the connection that it ends with; 0: none.
  LiveSession(std::string name, u64 owner, Session session) noexcept
      : name_(std::move(name)), owner_(owner), session_(std::move(session)) {}
  LiveSession(const LiveSession&) = delete;
  LiveSession& operator=(const LiveSession&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] u64 owner() const noexcept { return owner_; }
  // For the call that is under way, and for interrupt().
  [[nodiscard]] Session& session() noexcept { return session_; }

  // Adds a call; whether nobody makes the calls of the session, so that somebody is to.
  [[nodiscard]] bool add(Call call) SWEBASH_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    calls_.push_back(std::move(call));
    return !std::exchange(working_, true);
  }
  // Makes its calls until there are none.
  void work() SWEBASH_EXCLUDES(mutex_) {
    while (const std::optional<Call> call = take()) (*call)();
  }

  [[nodiscard]] bool busy() SWEBASH_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return working_;
  }
  [[nodiscard]] Clock::duration idle() SWEBASH_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return working_ ? Clock::duration::zero() : Clock::now() - last_used_;
  }
  // No call begins any more but to say that the session is closed.
  void close() noexcept {
    closed_.store(true);
    session_.interrupt();
  }
  [[nodiscard]] bool closed() const noexcept { return closed_.load(); }

 private:
  [[nodiscard]] std::optional<Call> take() SWEBASH_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (calls_.empty()) {
      working_ = false;
      last_used_ = Clock::now();
      return std::nullopt;
    }
    Call call = std::move(calls_.front());
    calls_.pop_front();
    return call;
  }

  const std::string name_;
  const u64 owner_;
  Session session_;
  std::atomic<bool> closed_ = false;
  Mutex mutex_;
  std::deque<Call> calls_ SWEBASH_GUARDED_BY(mutex_);
  bool working_ SWEBASH_GUARDED_BY(mutex_) = false;
  Clock::time_point last_used_ SWEBASH_GUARDED_BY(mutex_) = Clock::now();
};

using LiveSessionRef = std::shared_ptr<LiveSession>;

}  // namespace swebash::serve
