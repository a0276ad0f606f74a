// SPDX-License-Identifier: Apache-2.0
//
// StartTimings: where a start went, for people (--timings) and for trace viewers (SWEBASH_TIMINGS).
//
// Made on the main thread when the program starts and told at its end; it knows the order of the
// steps, the loader's story their lengths. Not thread-safe. It measures nothing inside the engine.
#pragma once

#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "kernel/guest/engine_loader.hpp"

namespace swebash::shell {

// CLOCK_MONOTONIC in nanoseconds.
[[nodiscard]] i64 now_ns() noexcept;

// Moments in nanoseconds, as now_ns() gives them; 0 for what did not happen.
struct StartTimings {
  i64 start = 0;
  i64 before_load = 0;
  i64 before_instance = 0;
  i64 before_run = 0;
  i64 after_run = 0;
  i64 first_output = 0;
  kernel::guest::EngineStory story;
};

// The lines of --timings.
[[nodiscard]] std::string timings_text(const StartTimings& timings);

// The start as complete events of Chrome's trace format, each followed by a comma and a line end,
// so that the events of many starts stand in one file behind a single "[".
[[nodiscard]] std::string timings_trace(const StartTimings& timings, i32 pid);

// Appends the trace to the file at `path`, which is made where it is missing.
// Errors: the errno of the step that failed, as a positive number; 0 when it was written.
[[nodiscard]] int append_trace(const std::string& path, const StartTimings& timings, i32 pid);

}  // namespace swebash::shell
