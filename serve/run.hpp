// SPDX-License-Identifier: Apache-2.0
//
// Run: a script that a client has a session run: its output as it comes, its end, and who waits
// for either.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"
#include "base/thread_annotations.hpp"
#include "serve/live_session.hpp"
#include "serve/request.hpp"

namespace swebash::serve {

// Why a run was stopped from outside, where it was.
enum class Stop : u8 { none, interrupted, nobody_reads };

class Run {
 public:
  using Clock = std::chrono::steady_clock;

  // `request`: by which `connection` asked for it. `connection`: whose end is the run's too; 0:
  // nobody's.
  Run(u64 id, Json request, u64 connection, LiveSessionRef session,
      Clock::duration timeout) noexcept
      : id_(id),
        request_(std::move(request)),
        connection_(connection),
        session_(std::move(session)),
        timeout_(timeout) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  [[nodiscard]] u64 id() const noexcept { return id_; }
  [[nodiscard]] const Json& request() const noexcept { return request_; }
  [[nodiscard]] u64 connection() const noexcept { return connection_; }
  [[nodiscard]] LiveSession& session() const noexcept { return *session_; }
  [[nodiscard]] const LiveSessionRef& session_ref() const noexcept { return session_; }
  [[nodiscard]] Clock::duration timeout() const noexcept { return timeout_; }

  // It begins now; false where it was stopped before.
  [[nodiscard]] bool begin() SWEBASH_EXCLUDES(mutex_);
  // Has it stop, now or when it begins.
  void stop(Stop why) SWEBASH_EXCLUDES(mutex_);
  // Says it again to one that has not stopped: the first time may have been too early. Whether one
  // is to be told once more.
  [[nodiscard]] bool stop_again() SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] Stop stopped() const noexcept { return stopped_.load(); }
  // Whether what it writes is to go nowhere any more: it was stopped, or its time is up.
  [[nodiscard]] bool is_over() const noexcept {
    return stopped_.load() != Stop::none || Clock::now().time_since_epoch() > deadline_.load();
  }

  // For a run that was started: keeps what it writes, up to `limit` bytes that nobody has asked
  // for; what is more is counted.
  void keep(bool errors, std::string_view text, usize limit) SWEBASH_EXCLUDES(mutex_);
  // It has ended with `result`.
  void end(Json result) SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] bool has_ended() SWEBASH_EXCLUDES(mutex_);

  // A request that is answered when the run has ended, or has written something, or at `deadline`.
  struct Waiter {
    RequestRef request;
    bool for_output = false;
    Clock::time_point deadline;
  };
  struct Ready {
    RequestRef request;
    Json answer;
  };
  // Answers that are due, with what was written since the last; `all`: whatever the deadline.
  [[nodiscard]] std::vector<Ready> take_ready(bool all = false) SWEBASH_EXCLUDES(mutex_);
  void wait(Waiter waiter) SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] bool has_waiters() SWEBASH_EXCLUDES(mutex_);

 private:
  [[nodiscard]] Json take_state() SWEBASH_REQUIRES(mutex_);

  const u64 id_;
  const Json request_;
  const u64 connection_;
  const LiveSessionRef session_;
  const Clock::duration timeout_;
  std::atomic<Stop> stopped_ = Stop::none;
  std::atomic<Clock::duration> deadline_ = Clock::duration::max();
  Mutex mutex_;
  bool under_way_ SWEBASH_GUARDED_BY(mutex_) = false;
  std::string output_ SWEBASH_GUARDED_BY(mutex_);
  std::string errors_ SWEBASH_GUARDED_BY(mutex_);
  u64 missing_ SWEBASH_GUARDED_BY(mutex_) = 0;
  std::optional<Json> result_ SWEBASH_GUARDED_BY(mutex_);
  std::vector<Waiter> waiters_ SWEBASH_GUARDED_BY(mutex_);
};

using RunRef = std::shared_ptr<Run>;

}  // namespace swebash::serve
