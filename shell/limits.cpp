// SPDX-License-Identifier: Apache-2.0
#include "shell/limits.hpp"

#include <optional>
#include <string_view>

namespace swebash::shell {
namespace {

constexpr u64 kMost = u64{1} << 60;

// Digits at the start of `text`, which they leave.
std::optional<u64> take_number(std::string_view& text) {
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  u64 value = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    value = value * 10 + static_cast<u64>(text[0] - '0');
    if (value > kMost) return std::nullopt;
    text.remove_prefix(1);
  }
  return value;
}

std::optional<u64> count_of(std::string_view text) {
  const auto value = take_number(text);
  return text.empty() && value > 0u ? value : std::nullopt;
}

std::optional<u64> size_of(std::string_view text) {
  const auto value = take_number(text);
  if (!value || *value == 0) return std::nullopt;
  if (text.empty()) return value;
  constexpr std::string_view kUnits = "KMG";
  const usize unit = kUnits.find(text[0] >= 'a' ? static_cast<char>(text[0] - 32) : text[0]);
  text.remove_prefix(1);
  if (unit == std::string_view::npos || !(text.empty() || text == "B" || text == "iB")) {
    return std::nullopt;
  }
  const u64 factor = u64{1024} << (10 * unit);
  if (*value > kMost / factor) return std::nullopt;
  return *value * factor;
}

// Seconds, with a fraction, in nanoseconds.
std::optional<i64> time_of(std::string_view text) {
  constexpr u64 kSecond = 1'000'000'000;
  u64 fraction = 0;
  const auto whole = take_number(text);
  if (!whole || *whole > kMost / kSecond) return std::nullopt;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    for (u64 unit = kSecond / 10; !text.empty() && text[0] >= '0' && text[0] <= '9'; unit /= 10) {
      fraction += unit * static_cast<u64>(text[0] - '0');
      text.remove_prefix(1);
    }
  }
  const u64 time = *whole * kSecond + fraction;
  if (!text.empty() || time == 0) return std::nullopt;
  return static_cast<i64>(time);
}

struct Reader {
  std::string problem;

  template <class T, class V>
  void read(std::string_view text, std::string_view what,
            std::optional<V> (*parse)(std::string_view), T& out) {
    if (text.empty() || !problem.empty()) return;
    const auto value = parse(text);
    if (!value) {
      problem = "--limit-" + std::string(what) + ": " + std::string(text) + ": not a limit";
    } else {
      out = static_cast<T>(*value);
    }
  }
};

}  // namespace

Result<void, std::string> set_limits(const Settings& settings, kernel::Limits& limits) {
  Reader reader;
  u64 files = limits.open_files, tasks = limits.tasks;
  reader.read(settings.limit_cpu, "cpu", &time_of, limits.cpu_time);
  reader.read(settings.limit_wall, "wall", &time_of, limits.wall_time);
  reader.read(settings.limit_memory, "memory", &size_of, limits.task_memory);
  reader.read(settings.limit_total_memory, "total-memory", &size_of, limits.total_memory);
  reader.read(settings.limit_output, "output", &size_of, limits.written_bytes);
  reader.read(settings.limit_files, "files", &count_of, files);
  reader.read(settings.limit_tasks, "tasks", &count_of, tasks);
  if (!reader.problem.empty()) return std::unexpected(reader.problem);
  // More than the program is made for are as many as it is made for.
  if (files < limits.open_files) limits.open_files = static_cast<u32>(files);
  if (tasks < limits.tasks) limits.tasks = static_cast<u32>(tasks);
  if (!settings.limit_tasks.empty()) limits.programs = limits.tasks;
  return {};
}

}  // namespace swebash::shell
