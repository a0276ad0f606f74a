// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/utility.hpp"

namespace swebash::engine::builtins {

ExitStatus rmdir(Invocation& invocation) {
  const UtilityOptions options(invocation, "pv", {{"parents", 'p'}, {"verbose", 'v'}});
  if (options.run_native() || options.operands().empty()) return kRunNative;
  ExitStatus status = kSuccess;
  for (const std::string_view operand : options.operands()) {
    std::string_view path = operand;
    for (bool below = true;; below = false) {
      if (options.has('v')) {
        invocation.out.put("rmdir: removing directory, " + quoted_name(path) + "\n");
      }
      if (const auto done = files::rmdir(path); !done) {
        complain(invocation,
                 std::string(below ? "failed to remove " : "failed to remove directory ")
                     .append(quoted_name(path)),
                 done.error());
        status = kFailure;
        break;
      }
      const std::string_view above = files::directory_name(path);
      if (!options.has('p') || above == "." || above == "/" || above == path) break;
      path = above;
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
