// SPDX-License-Identifier: Apache-2.0
//
// basename and dirname.
#include "engine/builtins/utilities/utility.hpp"

namespace swebash::engine::builtins {

ExitStatus basename(Invocation& invocation) {
  const UtilityOptions options(invocation, "as:z", {{"multiple", 'a'}, {"suffix", 's'}});
  const std::vector<std::string_view>& operands = options.operands();
  if (options.run_native() || options.has('z') || operands.empty()) return kRunNative;
  const bool multiple = options.has('a') || options.has('s');
  if (!multiple && operands.size() > 2) return kRunNative;
  const std::string_view suffix = multiple               ? options.value('s')
                                  : operands.size() == 2 ? operands[1]
                                                         : std::string_view();
  for (usize i = 0; i < (multiple ? operands.size() : 1); ++i) {
    std::string_view name = files::base_name(operands[i]);
    if (name.size() > suffix.size() && name.ends_with(suffix)) name.remove_suffix(suffix.size());
    invocation.out.put(name);
    invocation.out.put('\n');
  }
  return kSuccess;
}

ExitStatus dirname(Invocation& invocation) {
  const UtilityOptions options(invocation, "z");
  if (options.run_native() || options.has('z') || options.operands().empty()) return kRunNative;
  for (const std::string_view operand : options.operands()) {
    invocation.out.put(files::directory_name(operand));
    invocation.out.put('\n');
  }
  return kSuccess;
}

}  // namespace swebash::engine::builtins
