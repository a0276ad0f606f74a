// SPDX-License-Identifier: Apache-2.0
//
// What a task tells an account of what it does. Only where there is one.
#include <limits.h>
#include <unistd.h>

#include <string>

#include "kernel/audit/account.hpp"
#include "kernel/confine/confinement.hpp"
#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {

namespace {

constexpr u8 kNoAccount = 126;

}  // namespace

// It has run already: what it does by itself is none of ours to see.
[[gnu::cold]] void Task::account_command(i64 pid, i64 began, const Program& program) {
  audit::Account& account = *kernel_.options().account;
  // Its variables, too, have values that its words may hold.
  std::string_view variables(program.environment.data(), program.environment.size());
  while (!variables.empty()) {
    const usize end = std::min(variables.find('\0'), variables.size());
    account.learn(variables.substr(0, end));
    variables.remove_prefix(std::min(end + 1, variables.size()));
  }
  char text[PATH_MAX];
  const SysResult<usize> size = working_directory(text);
  account.command(pid, began, program.path, {program.arguments.data(), program.arguments.size()},
                  {text, size.has_value() ? *size : 0});
  check_account();
}

SysResult<usize> Task::account_builtin(std::string_view words) {
  audit::Account* account = kernel_.options().account;
  if (account == nullptr) return std::unexpected(Errno::notsup);
  char text[PATH_MAX];
  const SysResult<usize> size = working_directory(text);
  const i64 number = account->builtin(pid_, words, {text, size.has_value() ? *size : 0});
  check_account();
  return static_cast<usize>(number);
}

SysResult<void> Task::account_builtin_end(i64 number, i32 status) {
  audit::Account* account = kernel_.options().account;
  if (account == nullptr) return std::unexpected(Errno::notsup);
  account->builtin_ended(pid_, number, status);
  check_account();
  return {};
}

SysResult<void> Task::account_secret(std::string_view value) {
  if (kernel_.options().account == nullptr) return std::unexpected(Errno::notsup);
  kernel_.options().account->learn_value(value);
  return {};
}

// By what was opened, and not by a name that leads there.
[[gnu::cold]] void Task::account_open(i32 fd, u32 flags) {
  HostPath link;
  char text[PATH_MAX];
  const ssize_t size = ::readlink(link.set_descriptor(fd), text, sizeof(text));
  std::string how = (flags & abi::kRead) != 0 ? "read write" : "write";
  if ((flags & abi::kCreate) != 0) how += " create";
  if ((flags & abi::kTruncate) != 0) how += " truncate";
  if ((flags & abi::kAppend) != 0) how += " append";
  kernel_.options().account->opened(pid_, {text, size > 0 ? static_cast<usize>(size) : 0}, how);
  check_account();
}

[[gnu::cold]] void Task::account_refusal(std::string_view directory, std::string_view path,
                                         bool writes) {
  const auto refusal = kernel_.options().confinement->refusal_of(
      directory, path, writes ? confine::PathUse::write : confine::PathUse::read);
  if (refusal.rule.empty()) return;
  kernel_.options().account->refused(pid_, writes ? "write" : "read", refusal.path, refusal.rule);
  check_account();
}

[[gnu::cold]] void Task::check_account() {
  audit::Account& account = *kernel_.options().account;
  if (!account.is_over()) return;
  const std::string sentence = account.why_over();
  if (!sentence.empty()) [[maybe_unused]]
    const auto written = write(2, sentence);
  kernel_.doom_all(ExitState::exited(kNoAccount));
}

}  // namespace swebash::kernel
