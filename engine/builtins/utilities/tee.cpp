// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/utility_input.hpp"

namespace swebash::engine::builtins {

ExitStatus tee(Invocation& invocation) {
  const UtilityOptions options(invocation, "ai", {{"append", 'a'}, {"ignore-interrupts", 'i'}});
  if (options.run_native() || options.has('i')) return kRunNative;
  ExitStatus status = kSuccess;
  std::vector<std::pair<std::string_view, files::File>> targets;
  for (const std::string_view name : options.operands()) {
    SysResult<files::File> opened = files::open(
        name, abi::kWrite | abi::kCreate | (options.has('a') ? abi::kAppend : abi::kTruncate));
    if (opened) {
      targets.emplace_back(name, std::move(*opened));
    } else {
      complain(invocation, shown_name(name), opened.error());
      status = kFailure;
    }
  }
  const auto done = each_chunk(invocation, 0, [&](std::string_view bytes) {
    invocation.out.put(bytes);
    invocation.out.flush();
    for (auto& [name, file] : targets) {
      if (file.fd() < 0) continue;
      if (const auto wrote = files::write_all(file.fd(), bytes); !wrote) {
        complain(invocation, shown_name(name), wrote.error());
        file.reset();
        status = kFailure;
      }
    }
    return true;
  });
  if (!done && done.error() == Errno::intr) return kInterrupted;
  return status;
}

}  // namespace swebash::engine::builtins
