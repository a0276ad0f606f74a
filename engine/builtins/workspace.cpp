// SPDX-License-Identifier: Apache-2.0
//
// workspace: what a confined session may touch; there in such a session alone.
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

ExitStatus show(Invocation& invocation, u32 what) {
  std::string text(4096, '\0');
  i64 length = 0;
  while ((length = sys::workspace_text(what, text.data(), static_cast<u32>(text.size()))) >
         static_cast<i64>(text.size())) {
    text.resize(static_cast<usize>(length));
  }
  if (length < 0) {
    invocation.error(errno_message(static_cast<Errno>(-length)));
    return kFailure;
  }
  text.resize(static_cast<usize>(length));
  invocation.out.put(text);
  if (!text.ends_with('\n')) invocation.out.put("\n");
  return kSuccess;
}

ExitStatus set(Invocation& invocation, u32 access, const std::string& path) {
  const i64 answer = sys::workspace_set(access, path.data(), static_cast<u32>(path.size()));
  if (answer >= 0) return kSuccess;
  const auto error = static_cast<Errno>(-answer);
  const std::string subject = path.empty() ? "" : path + ": ";
  if (error == Errno::perm) {
    const char* flag = access == abi::kWorkspaceReadWrite ? "write" : "read";
    invocation.error(subject + "more than the session was started with (--allow-" + flag + "=" +
                     path + " there would)");
  } else if (error == Errno::nosys) {
    invocation.error(subject + "the kernel has no Landlock, which would enforce that");
  } else if (error == Errno::busy) {
    invocation.error(subject +
                     "lies in a place that is read-write (workspace ro, then workspace "
                     "allow what shall be written)");
  } else {
    invocation.error(subject + std::string(errno_message(error)));
  }
  return kFailure;
}

}  // namespace

ExitStatus workspace(Invocation& invocation) {
  OptionParser options(invocation, "");
  if (options.next() != 0) return kUsage;
  const auto operands = options.operands();
  const std::string_view command = operands.empty() ? "status" : std::string_view(operands[0]);
  if (command == "allow" && (operands.size() == 2 || operands.size() == 3)) {
    const std::string_view access = operands.size() == 3 ? std::string_view(operands[2]) : "ro";
    if (operands[1].empty() || (access != "ro" && access != "rw")) return invocation.usage();
    return set(invocation, access == "rw" ? abi::kWorkspaceReadWrite : abi::kWorkspaceReadOnly,
               operands[1]);
  }
  if (operands.size() > 1) return invocation.usage();
  if (command == "status") return show(invocation, abi::kWorkspaceStatus);
  if (command == "path") return show(invocation, abi::kWorkspacePath);
  if (command == "ro") return set(invocation, abi::kWorkspaceReadOnly, {});
  if (command == "rw") return set(invocation, abi::kWorkspaceReadWrite, {});
  return invocation.usage();
}

}  // namespace swebash::engine::builtins
