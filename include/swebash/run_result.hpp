// SPDX-License-Identifier: Apache-2.0
//
// RunResult: what came of running a script: status, output, what it took, and what cut it short.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace swebash {

// How a run came to its end.
enum class RunEnd : std::uint8_t {
  finished,     // by itself, `exit` included
  timed_out,    // it had no more time (RunOptions::timeout); status 124
  interrupted,  // Session::interrupt() was called; status 130
  ended,        // the session has ended with it: by `kill $$`, or by a fault of the engine
  not_run,      // nothing was run: the session had ended before, or runs something; `errors` says
};

// Where a run met a limit.
enum class Limit : std::uint8_t { none, time, output };

struct RunResult {
  // As `$?`: 0 to 255.
  int status = 0;
  RunEnd end = RunEnd::finished;
  // What was written to standard output and standard error. Of more than RunOptions::output_limit
  // bytes, the first and the last half of so many, with a line in between that says how many are
  // missing.
  std::string output;
  std::string errors;
  // What was written in all.
  std::uint64_t output_bytes = 0;
  std::uint64_t error_bytes = 0;
  Limit limit = Limit::none;
  // Time that passed, and processor time of the shell's own task.
  std::chrono::nanoseconds wall_time{0};
  std::chrono::nanoseconds cpu_time{0};

  // Whether output is missing in the middle.
  [[nodiscard]] bool output_cut() const noexcept { return limit == Limit::output; }
  // Whether it ended by itself, with status 0.
  [[nodiscard]] bool ok() const noexcept { return end == RunEnd::finished && status == 0; }
};

}  // namespace swebash
