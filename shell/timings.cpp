// SPDX-License-Identifier: Apache-2.0
#include "shell/timings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <utility>

#include "base/owned_fd.hpp"

namespace swebash::shell {
namespace {

std::string how_the_module_came(const kernel::guest::EngineStory& story) {
  std::string text = modcache::name_of(story.tier);
  if (story.room == wasm::Room::narrow) text.append(", for little address space");
  if (story.not_ahead_of_time != modcache::MissReason::none) {
    text.append(", no ahead-of-time artefact: ");
    text.append(modcache::name_of(story.not_ahead_of_time));
  }
  if (story.report.miss != modcache::MissReason::none) {
    text.append(", miss: ").append(modcache::name_of(story.report.miss));
  }
  return text;
}

long long microseconds(i64 nanoseconds) noexcept { return nanoseconds / 1000; }

// Writes the events of one process one after the other.
class Trace {
 public:
  explicit Trace(i32 pid) noexcept : pid_(pid) {}

  void span(const char* name, i64 start_ns, i64 length_ns, std::string_view detail = {}) {
    if (length_ns < 0) return;
    begin(name, "X", start_ns);
    char text[64];
    std::snprintf(text, sizeof text, ",\"dur\":%lld", microseconds(length_ns));
    text_ += text;
    if (!detail.empty()) text_.append(",\"args\":{\"how\":\"").append(detail).append("\"}");
    text_ += "},\n";
  }

  void moment(const char* name, i64 at_ns) {
    if (at_ns == 0) return;
    begin(name, "i", at_ns);
    text_ += ",\"s\":\"p\"},\n";
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void begin(const char* name, const char* phase, i64 at_ns) {
    char text[160];
    std::snprintf(
        text, sizeof text,
        "{\"name\":\"%s\",\"cat\":\"start\",\"ph\":\"%s\",\"pid\":%d,\"tid\":%d,\"ts\":%lld", name,
        phase, pid_, pid_, microseconds(at_ns));
    text_ += text;
  }

  i32 pid_;
  std::string text_;
};

}  // namespace

i64 now_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return i64{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::string timings_text(const StartTimings& timings) {
  const auto& story = timings.story;
  char text[512];
  const int length = std::snprintf(
      text, sizeof text,
      "engine       %8lld us\n"
      "module       %8lld us  (%s)\n"
      "bind         %8lld us\n"
      "instantiate  %8lld us\n"
      "first byte   %8lld us after the start\n"
      "run          %8lld us\n",
      static_cast<long long>(story.engine_us), static_cast<long long>(story.module_us),
      how_the_module_came(story).c_str(), static_cast<long long>(story.template_us),
      microseconds(timings.before_run - timings.before_instance),
      timings.first_output == 0 ? -1LL : microseconds(timings.first_output - timings.start),
      microseconds(timings.after_run - timings.before_run));
  return length > 0 ? std::string(text) : std::string();
}

std::string timings_trace(const StartTimings& timings, i32 pid) {
  constexpr i64 kNanoseconds = 1000;
  const auto& story = timings.story;
  Trace trace(pid);
  i64 at = timings.before_load;
  const auto next = [&](const char* name, i64 length_us, std::string_view detail = {}) {
    trace.span(name, at, length_us * kNanoseconds, detail);
    at += length_us * kNanoseconds;
  };
  trace.span("swebash", timings.start, timings.after_run - timings.start);
  trace.span("prepare", timings.start, timings.before_load - timings.start);
  next("engine", story.engine_us);
  next("module", story.module_us, how_the_module_came(story));
  next("bind", story.template_us);
  trace.span("instantiate", timings.before_instance, timings.before_run - timings.before_instance);
  trace.span("run", timings.before_run, timings.after_run - timings.before_run);
  trace.moment("first byte", timings.first_output);
  return trace.take();
}

int append_trace(const std::string& path, const StartTimings& timings, i32 pid) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY;
  // Whoever makes the file opens the list; the format needs no end of it.
  OwnedFd file(::open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0666));
  std::string text;
  if (file.get() >= 0) {
    text = "[\n";
  } else {
    file = OwnedFd(::open(path.c_str(), kFlags));
    if (file.get() < 0) return errno;
  }
  text += timings_trace(timings, pid);
  // One write: those of other processes do not come between.
  const ssize_t written = ::write(file.get(), text.data(), text.size());
  if (written < 0) return errno;
  return static_cast<usize>(written) == text.size() ? 0 : ENOSPC;
}

}  // namespace swebash::shell
