// SPDX-License-Identifier: Apache-2.0
//
// The files that cat, head, tail, tee and wc read: opened by the name an operand gives, read in
// chunks, and what head and tail have in common.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/builtins/utilities/utility.hpp"

namespace swebash::engine::builtins {

// A file to read; operand "-" is standard input.
class UtilityInput {
 public:
  explicit UtilityInput(std::string_view name);

  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  [[nodiscard]] i32 fd() const noexcept { return fd_; }
  // Why it is not open.
  [[nodiscard]] Errno error() const noexcept { return error_; }

 private:
  files::File file_;
  i32 fd_ = -1;
  Errno error_ = Errno::noent;
};

inline constexpr usize kChunk = 65536;

// Calls use(bytes) with what can be read, at most `most` bytes at a time (looked at before each
// read, up to kChunk), until it answers false or the input ends.
// Errors: those of read; Errno::intr when SIGINT came.
template <class Use>
SysResult<void> each_chunk(Invocation& invocation, i32 fd, Use&& use, const i64& most) {
  std::string buffer(static_cast<usize>(std::min<i64>(kChunk, most)), '\0');
  for (;;) {
    const auto length = static_cast<u32>(std::min(static_cast<i64>(buffer.size()), most));
    const SysResult<i64> got = from_answer(sys::read(fd, buffer.data(), length));
    if (!got) {
      if (got.error() != Errno::intr) return std::unexpected(got.error());
      if (is_interrupted(invocation)) return std::unexpected(Errno::intr);
      continue;
    }
    if (*got == 0) return {};
    if (!use(std::string_view(buffer.data(), static_cast<usize>(*got)))) return {};
  }
}

template <class Use>
SysResult<void> each_chunk(Invocation& invocation, i32 fd, Use&& use) {
  return each_chunk(invocation, fd, use, i64{kChunk});
}

// The old form of head and tail, -N or one that starts with another of `signs`, written as -n N.
[[nodiscard]] std::vector<std::string> with_count_option(const Invocation& invocation,
                                                         std::string_view signs);

// How many of `bytes` belong to the first `left` lines or, where `unit` is 'c', bytes; takes what
// is among them from `left`.
[[nodiscard]] usize length_of(std::string_view bytes, char unit, i64& left) noexcept;

// Calls part(descriptor) for each operand of head or tail, under headings where there are to be
// any, and complains about what cannot be read. `part` answers as each_chunk does.
template <class Part>
ExitStatus each_part(Invocation& invocation, const UtilityOptions& options, Part&& part) {
  std::vector<std::string_view> names = options.operands();
  if (names.empty()) names.push_back("-");
  const char asked = options.last_of("qv");
  const bool headings = asked == 'v' || (asked == 0 && names.size() > 1);
  std::string_view before;
  ExitStatus status = kSuccess;
  for (const std::string_view name : names) {
    const UtilityInput input(name);
    if (!input.is_open()) {
      complain(invocation, "cannot open " + quoted_name(name) + " for reading", input.error());
      status = kFailure;
      continue;
    }
    if (headings) {
      const std::string_view shown = name == "-" ? std::string_view("standard input") : name;
      invocation.out.put(std::string(before).append("==> ").append(shown).append(" <==\n"));
      before = "\n";
    }
    const SysResult<void> done = part(input.fd());
    if (done) continue;
    if (done.error() == Errno::intr) return kInterrupted;
    complain(invocation, "error reading " + quoted_name(name), done.error());
    status = kFailure;
  }
  return status;
}

}  // namespace swebash::engine::builtins
