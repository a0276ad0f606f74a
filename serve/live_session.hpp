// SPDX-License-Identifier: Apache-2.0
//
// LiveSession: a session of the server, and the calls that wait for it: they run one after the
// other, in the order in which they came, whichever connection they came from. One that nobody has
// used for a while is put away: what it was is a snapshot then, until the next call.
//
// Thread-safe, but for what says that it is for the call that is under way.
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
#include "swebash/runtime.hpp"
#include "swebash/session.hpp"
#include "swebash/snapshot.hpp"

namespace swebash::serve {

class LiveSession {
 public:
  using Call = std::function<void()>;
  using Clock = std::chrono::steady_clock;

  // `owner` is the connection that it ends with; 0: none.
  LiveSession(std::string name, u64 owner, Session session) noexcept
      : name_(std::move(name)),
        owner_(owner),
        session_(std::make_shared<Session>(std::move(session))) {}
  LiveSession(const LiveSession&) = delete;
  LiveSession& operator=(const LiveSession&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] u64 owner() const noexcept { return owner_; }
  // The session, for the call that is under way.
  // Errors: those of Runtime::open(), of one that was put away.
  [[nodiscard]] Expected<std::shared_ptr<Session>> session(Runtime& runtime)
      SWEBASH_EXCLUDES(held_mutex_) {
    if (away_.has_value()) {
      auto made = runtime.open(*away_);
      if (!made.has_value()) return std::unexpected(std::move(made.error()));
      away_.reset();
      const MutexLock lock(held_mutex_);
      session_ = std::make_shared<Session>(std::move(*made));
    }
    return held();
  }
  // For the call that is under way: puts the session away, if it does nothing in the background.
  void put_away() SWEBASH_EXCLUDES(held_mutex_) {
    auto session = held();
    if (session == nullptr || closed() || session->background_tasks().value_or(1) > 0) return;
    auto snapshot = session->snapshot();
    if (!snapshot.has_value()) return;
    away_ = std::move(*snapshot);
    const MutexLock lock(held_mutex_);
    session_.reset();
  }
  [[nodiscard]] bool is_away() SWEBASH_EXCLUDES(held_mutex_) { return held() == nullptr; }
  [[nodiscard]] bool has_ended() SWEBASH_EXCLUDES(held_mutex_) {
    const auto session = held();
    return session != nullptr && session->ended();
  }
  void interrupt() noexcept SWEBASH_EXCLUDES(held_mutex_) {
    if (const auto session = held()) session->interrupt();
  }

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
    interrupt();
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

  [[nodiscard]] std::shared_ptr<Session> held() noexcept SWEBASH_EXCLUDES(held_mutex_) {
    const MutexLock lock(held_mutex_);
    return session_;
  }

  const std::string name_;
  const u64 owner_;
  Mutex held_mutex_;
  std::shared_ptr<Session> session_ SWEBASH_GUARDED_BY(held_mutex_);  // nothing: it is away
  std::optional<Snapshot> away_;  // for the call that is under way
  std::atomic<bool> closed_ = false;
  Mutex mutex_;
  std::deque<Call> calls_ SWEBASH_GUARDED_BY(mutex_);
  bool working_ SWEBASH_GUARDED_BY(mutex_) = false;
  Clock::time_point last_used_ SWEBASH_GUARDED_BY(mutex_) = Clock::now();
};

using LiveSessionRef = std::shared_ptr<LiveSession>;

}  // namespace swebash::serve
