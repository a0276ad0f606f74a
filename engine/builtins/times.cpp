// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

std::string minutes(i64 nanoseconds) {
  const i64 milli = nanoseconds / 1'000'000;
  std::string rest = std::to_string(milli % 1000);
  rest.insert(0, 3 - rest.size(), '0');
  return std::to_string(milli / 60'000) + "m" + std::to_string(milli / 1000 % 60) + "." + rest +
         "s";
}

}  // namespace

ExitStatus times(Invocation& invocation) {
  OptionParser options(invocation, "");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
  }
  for (const u32 of : {abi::kUsageSelf, abi::kUsageChildren}) {
    abi::Usage usage{};
    sys::usage(of, &usage);
    put_line(invocation.out, minutes(usage.user_time) + " " + minutes(usage.system_time));
  }
  return kSuccess;
}

}  // namespace swebash::engine::builtins
