// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/file_tree.hpp"

namespace swebash::engine::builtins {

namespace {

// Complains about operands that are never removed with all they have: `.`, `..` and `/`.
bool is_refused(Invocation& invocation, const std::string& path) {
  const std::string_view name = files::base_name(path);
  if (name == "." || name == "..") {
    complain(invocation, "refusing to remove '.' or '..' directory: skipping " + quoted_name(path));
    return true;
  }
  if (path.empty() || path.find_first_not_of('/') != std::string::npos) return false;
  complain(invocation, "it is dangerous to operate recursively on '/'");
  complain(invocation, "use --no-preserve-root to override this failsafe");
  return true;
}

// Without -r: a directory is removed where -d wants that and it is empty.
bool remove_directory(Invocation& invocation, const std::string& path,
                      const UtilityOptions& options) {
  const SysResult<void> done =
      options.has('d') ? files::rmdir(path) : SysResult<void>(std::unexpected(Errno::isdir));
  if (!done) {
    complain(invocation, "cannot remove " + quoted_name(path), done.error());
    return false;
  }
  if (options.has('v')) invocation.out.put("removed directory " + quoted_name(path) + "\n");
  return true;
}

}  // namespace

ExitStatus rm(Invocation& invocation) {
  const UtilityOptions options(
      invocation, "rRfvdi", {{"recursive", 'r'}, {"force", 'f'}, {"verbose", 'v'}, {"dir", 'd'}});
  if (options.run_native()) return kRunNative;
  const char asking = options.last_of("fi");
  const bool recursive = options.has('r') || options.has('R');
  const bool force = asking == 'f';
  if (options.operands().empty()) {
    if (force) return kSuccess;
    return kRunNative;  // GNU's usage message
  }
  const bool ask_unwritable = !force && sys::is_terminal(0) == 1;
  RemoveOptions how{.force = force, .verbose = options.has('v'), .ask = asking == 'i'};
  ExitStatus status = kSuccess;
  for (const std::string_view operand : options.operands()) {
    const std::string path(operand);
    if (recursive && is_refused(invocation, path)) {
      status = kFailure;
      continue;
    }
    const SysResult<abi::Stat> found = files::stat(path, files::Follow::no);
    if (found && found->type == abi::kDirectoryType && !recursive) {
      if (!remove_directory(invocation, path, options)) status = kFailure;
      continue;
    }
    if (ask_unwritable && !how.ask && found && found->type == abi::kRegular &&
        !files::access(path, abi::kAccessWrite) &&
        !confirm(invocation, "remove write-protected regular file " + quoted_name(path))) {
      continue;
    }
    if (!remove_tree(invocation, path, how)) status = kFailure;
  }
  return status;
}

}  // namespace swebash::engine::builtins
