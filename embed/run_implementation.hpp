// SPDX-License-Identifier: Apache-2.0
//
// Run::Implementation: a run on its way on a pooled thread, and its result.
//
// Shared by the Run and the job that runs it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

#include "embed/session_implementation.hpp"
#include "kernel/thread_pool.hpp"
#include "swebash/run.hpp"

namespace swebash {

class Run::Implementation {
 public:
  using Clock = std::chrono::steady_clock;

  // Has `session`, which the caller has for itself, run `script` on a pooled thread.
  // Errors: no_memory; the session is the caller's still.
  [[nodiscard]] static Expected<std::shared_ptr<Implementation>> start(
      std::shared_ptr<Session::Implementation> session, std::string_view script,
      const RunOptions& options);

  Implementation(std::shared_ptr<Session::Implementation> of, std::string_view text,
                 const RunOptions& with);
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  [[nodiscard]] bool done();
  [[nodiscard]] std::optional<RunResult> wait_until(Clock::time_point time);
  // It has to answer from now on, even where something does not end.
  void hurry();

  const std::shared_ptr<Session::Implementation> session;

 private:
  class Job;
  void finish(RunResult result);

  const std::string script_;
  const std::string input_;
  RunOptions options_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<RunResult> result_;             // under mutex_
  std::optional<Clock::time_point> answer_by_;  // under mutex_
};

}  // namespace swebash
