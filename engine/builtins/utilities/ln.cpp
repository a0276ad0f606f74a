// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/file_tree.hpp"

namespace swebash::engine::builtins {

ExitStatus ln(Invocation& invocation) {
  const UtilityOptions options(invocation, "sfnvT",
                               {{"symbolic", 's'},
                                {"force", 'f'},
                                {"no-dereference", 'n'},
                                {"verbose", 'v'},
                                {"no-target-directory", 'T'}});
  std::vector<std::string_view> operands = options.operands();
  if (options.run_native() || operands.empty()) return kRunNative;
  std::string_view target = ".";
  if (operands.size() > 1) {
    target = operands.back();
    operands.pop_back();
  }
  bool directory = !options.has('T') && files::is_directory(target);
  if (directory && options.has('n')) {
    const SysResult<abi::Stat> itself = files::stat(target, files::Follow::no);
    if (itself && itself->type == abi::kSymlink) directory = false;
  }
  if (!directory && operands.size() > 1) {
    const SysResult<abi::Stat> there = files::stat(target);
    complain(invocation, "target " + quoted_name(target), there ? Errno::notdir : there.error());
    return kFailure;
  }
  const bool symbolic = options.has('s');
  ExitStatus status = kSuccess;
  for (const std::string_view from : operands) {
    const std::string to = target_path(from, target, directory);
    const char* kind = symbolic ? "symbolic" : "hard";
    if (!symbolic) {
      const SysResult<abi::Stat> source = files::stat(from, files::Follow::no);
      if (!source) {
        complain(invocation, "failed to access " + quoted_name(from), source.error());
        status = kFailure;
        continue;
      }
      if (source->type == abi::kDirectoryType) {
        complain(invocation, shown_name(from) + ": hard link not allowed for directory");
        status = kFailure;
        continue;
      }
    }
    const auto make = [&] { return symbolic ? files::symlink(from, to) : files::link(from, to); };
    SysResult<void> done = make();
    if (!done && done.error() == Errno::exist && options.has('f')) {
      if (files::unlink(to)) done = make();
    }
    if (!done) {
      complain(invocation,
               std::string("failed to create ") + kind + " link " + quoted_name(to) +
                   (symbolic || done.error() == Errno::exist ? "" : " => " + quoted_name(from)),
               done.error());
      status = kFailure;
    } else if (options.has('v')) {
      invocation.out.put(quoted_name(to) + (symbolic ? " -> " : " => ") + quoted_name(from) + "\n");
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
