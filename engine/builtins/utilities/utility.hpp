// SPDX-License-Identifier: Apache-2.0
//
// What the engine's versions of the programs of /bin have in common: GNU's options, names in
// messages, and the answer kRunNative for what they leave to the native program.
//
// A utility parses all its options first; while it can still answer kRunNative it has had no
// effect.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/interpreter/builtin.hpp"
#include "engine/system/files.hpp"
#include "engine/system/output.hpp"

namespace swebash::engine::builtins {

struct LongOption {
  std::string_view name;
  char letter;
};

// The options and operands of a utility, in any order as GNU's getopt takes them.
class UtilityOptions {
 public:
  // `letters`: those known, each followed by ':' when it takes an argument. `long_options` name
  // letters. Whatever else is asked for makes run_native() true.
  UtilityOptions(const Invocation& invocation, std::string_view letters,
                 std::initializer_list<LongOption> long_options = {});

  [[nodiscard]] bool run_native() const noexcept { return run_native_; }
  [[nodiscard]] bool has(char letter) const noexcept;
  // The argument of the last `letter`; empty when it was not given.
  [[nodiscard]] std::string_view value(char letter) const noexcept;
  // Which of `letters` was given last; 0 for none.
  [[nodiscard]] char last_of(std::string_view letters) const noexcept;
  [[nodiscard]] const std::vector<std::string_view>& operands() const noexcept { return operands_; }

 private:
  struct Given {
    char letter;
    std::string_view value;
  };

  std::vector<Given> given_;
  std::vector<std::string_view> operands_;
  bool run_native_ = false;
};

// Writes "NAME: message" to standard error, after what `out` holds.
void complain(Invocation& invocation, std::string_view message);
// The same for "NAME: what: message of `error`".
void complain(Invocation& invocation, std::string_view what, Errno error);

// A file name in a message: as it is, or in quotes when it has characters that need them.
[[nodiscard]] std::string shown_name(std::string_view name);
// A file name in quotes.
[[nodiscard]] std::string quoted_name(std::string_view name);

// A file name as GNU's quote(): in the quotes of the locale, ‘name’ where characters are UTF-8.
[[nodiscard]] std::string locale_quoted(Invocation& invocation, std::string_view name);

// Asks `question` on standard error and reads the answer from standard input: whether it is yes.
[[nodiscard]] bool confirm(Invocation& invocation, std::string_view question);

// Whether a call that answered Errno::intr was broken by SIGINT, so that the utility has to end.
[[nodiscard]] bool is_interrupted(Invocation& invocation);
inline constexpr ExitStatus kInterrupted = 130;

// Sleeps `nanoseconds`, whatever signals come but SIGINT; false when that came.
[[nodiscard]] bool pause(Invocation& invocation, i64 nanoseconds);

// A decimal number without a sign, with an optional multiplier (b kB K MB M GB G ...); false if it
// is none.
[[nodiscard]] bool parse_count(std::string_view text, i64& value) noexcept;

}  // namespace swebash::engine::builtins
