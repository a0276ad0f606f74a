// SPDX-License-Identifier: Apache-2.0
//
// The word `time` before a pipeline, and TIMEFORMAT.
#include <algorithm>
#include <expected>

#include "abi/guest.hpp"
#include "engine/interpreter/exec.hpp"

namespace swebash::engine {
namespace {

void seconds_text(std::string& out, i64 nanoseconds, int precision, bool minutes) {
  if (nanoseconds < 0) nanoseconds = 0;
  i64 seconds = nanoseconds / 1'000'000'000;
  char digits[10];
  i64 rest = nanoseconds % 1'000'000'000;
  for (int i = 8; i >= 0; --i, rest /= 10) digits[i] = static_cast<char>('0' + rest % 10);
  if (minutes) {
    out += std::to_string(seconds / 60) + "m";
    seconds %= 60;
  }
  out += std::to_string(seconds);
  if (precision > 0) {
    out += '.';
    out.append(digits, static_cast<usize>(precision));
  }
  if (minutes) out += 's';
}

// Errors: the character that means nothing in a format.
std::expected<std::string, char> times_text(std::string_view format, i64 real, i64 user,
                                            i64 system) {
  std::string out;
  for (usize i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 >= format.size()) {
      out += format[i];
      continue;
    }
    usize at = i + 1;
    if (format[at] == '%') {
      out += '%';
      i = at;
      continue;
    }
    int precision = 3;
    bool minutes = false;
    if (format[at] >= '0' && format[at] <= '9') {
      precision = std::min(format[at] - '0', 3);
      ++at;
    }
    if (at < format.size() && format[at] == 'l') {
      minutes = true;
      ++at;
    }
    const char what = at < format.size() ? format[at] : 0;
    switch (what) {
      case 'R': seconds_text(out, real, precision, minutes); break;
      case 'U': seconds_text(out, user, precision, minutes); break;
      case 'S': seconds_text(out, system, precision, minutes); break;
      case 'P': {
        const i64 percent = real > 0 ? (user + system) * 10000 / real : 0;
        out += std::to_string(percent / 100) + ".";
        out += static_cast<char>('0' + percent / 10 % 10);
        out += static_cast<char>('0' + percent % 10);
        break;
      }
      case 0: out += format.substr(i); break;
      default: return std::unexpected(what);
    }
    i = at;
  }
  return out;
}

}  // namespace

Flow Executor::timed(const Pipeline& pipeline) {
  abi::Usage self{}, children{};
  const auto used = [&](i64& user, i64& system) {
    sys::usage(abi::kUsageSelf, &self);
    sys::usage(abi::kUsageChildren, &children);
    user = self.user_time + children.user_time;
    system = self.system_time + children.system_time;
  };
  i64 user_before, system_before, user, system;
  used(user_before, system_before);
  const i64 start_time = sys::clock(abi::kMonotonic);
  const Flow flow = run_pipeline(pipeline, {});
  const i64 real = sys::clock(abi::kMonotonic) - start_time;
  used(user, system);
  std::string format = "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS";
  if (pipeline.time_posix) {
    format = "real %2R\nuser %2U\nsys %2S";
  } else if (const std::string* given = shell_.variables().get("TIMEFORMAT")) {
    if (given->empty()) return flow;
    format = *given;
  }
  const auto text = times_text(format, real, user - user_before, system - system_before);
  if (text) {
    Shell::write_error(*text + "\n");
  } else {
    shell_.report("TIMEFORMAT: `" + std::string(1, text.error()) + "': invalid format character");
  }
  return flow;
}

}  // namespace swebash::engine
