// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/builtins/utilities/utility.hpp"

namespace swebash::engine::builtins {

ExitStatus uname(Invocation& invocation) {
  const UtilityOptions options(
      invocation, "snrm",
      {{"kernel-name", 's'}, {"nodename", 'n'}, {"kernel-release", 'r'}, {"machine", 'm'}});
  if (options.run_native() || !options.operands().empty()) return kRunNative;
  bool any = false;
  const auto put = [&](std::string_view text) {
    if (any) invocation.out.put(' ');
    any = true;
    invocation.out.put(text);
  };
  const auto host = [&](u32 what) {
    char buffer[256];
    const i64 length = sys::host_text(what, buffer, sizeof buffer);
    put(length < 0 ? std::string_view("unknown")
                   : std::string_view(buffer, std::min(static_cast<usize>(length), sizeof buffer)));
  };
  if (options.has('n')) {
    if (options.has('s')) put("Linux");
    host(abi::kHostName);
  } else if (options.has('s') || !(options.has('r') || options.has('m'))) {
    put("Linux");
  }
  if (options.has('r')) host(abi::kKernelRelease);
  if (options.has('m')) host(abi::kMachine);
  invocation.out.put('\n');
  return kSuccess;
}

}  // namespace swebash::engine::builtins
