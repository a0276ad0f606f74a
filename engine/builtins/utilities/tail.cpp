// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/builtins/utilities/utility_input.hpp"

namespace swebash::engine::builtins {

namespace {

// Keeps the end of what is appended: `count` lines or bytes. What is certainly before it is dropped
// from time to time.
class End {
 public:
  End(char unit, i64 count) noexcept : unit_(unit), count_(static_cast<usize>(count)) {}

  void append(std::string_view bytes) {
    kept_.append(bytes);
    if (kept_.size() < next_trim_) return;
    kept_.erase(0, start());
    next_trim_ = kept_.size() * 2 + kSlack;
  }
  [[nodiscard]] std::string_view text() const noexcept {
    return std::string_view(kept_).substr(start());
  }

 private:
  static constexpr usize kSlack = usize{1} << 20;

  [[nodiscard]] usize start() const noexcept {
    if (unit_ == 'c') return kept_.size() > count_ ? kept_.size() - count_ : 0;
    if (count_ == 0) return kept_.size();
    usize at = kept_.size();
    if (at > 0 && kept_[at - 1] == '\n') --at;
    for (usize lines = 0; at > 0; --at) {
      if (kept_[at - 1] == '\n' && ++lines == count_) return at;
    }
    return 0;
  }

  const char unit_;
  const usize count_;
  std::string kept_;
  usize next_trim_ = kSlack;
};

}  // namespace

ExitStatus tail(Invocation& invocation) {
  const std::vector<std::string> arguments = with_count_option(invocation, "-+");
  const Invocation given = invocation.with(arguments);
  const UtilityOptions options(
      given, "n:c:qv",
      {{"lines", 'n'}, {"bytes", 'c'}, {"quiet", 'q'}, {"silent", 'q'}, {"verbose", 'v'}});
  if (options.run_native()) return kRunNative;
  const char unit = options.last_of("nc");
  std::string_view number = unit != 0 ? options.value(unit) : std::string_view("10");
  const bool from_start = number.starts_with('+');
  if (from_start || number.starts_with('-')) number.remove_prefix(1);
  i64 count = 0;
  if (!parse_count(number, count)) return kRunNative;
  Output& out = invocation.out;
  return each_part(invocation, options, [&](i32 fd) {
    if (from_start) {
      i64 skip = std::max<i64>(count - 1, 0);
      return each_chunk(invocation, fd, [&](std::string_view bytes) {
        out.put(bytes.substr(length_of(bytes, unit, skip)));
        return !out.error();
      });
    }
    End end(unit, count);
    const auto done = each_chunk(invocation, fd, [&](std::string_view bytes) {
      end.append(bytes);
      return true;
    });
    out.put(end.text());
    return done;
  });
}

}  // namespace swebash::engine::builtins
