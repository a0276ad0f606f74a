// SPDX-License-Identifier: Apache-2.0
//
// Task's calls that start native programs, and what it was started with itself.
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "kernel/confine/confinement.hpp"
#include "kernel/confine/narrowing.hpp"
#include "kernel/embedder.hpp"
#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/policy/command_rules.hpp"
#include "kernel/process/guardian.hpp"
#include "kernel/process/spawn.hpp"
#include "kernel/signals/host_signals.hpp"
#include "kernel/task/task.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel {

struct Task::ProgramPlan {
  HostPath path;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::vector<FdMapping> descriptors;
  std::vector<OwnedFd> owned;  // descriptors made for the child
  std::vector<LimitSetting> limits;
  SpawnPlan spawn;
};

namespace {

// Pointers to the `count` NUL-terminated strings in `block`, and a null pointer.
// Errors: Errno::inval when the block holds fewer.
SysResult<std::vector<char*>> split(std::span<const char> block, u32 count) {
  std::vector<char*> strings;
  strings.reserve(std::min<usize>(count, block.size()) + 1);
  const char* at = block.data();
  const char* const end = at + block.size();
  for (u32 i = 0; i < count; ++i) {
    const void* nul = at == end ? nullptr : std::memchr(at, 0, static_cast<usize>(end - at));
    if (nul == nullptr) return std::unexpected(Errno::inval);
    // execve takes them as char*, and leaves them alone.
    strings.push_back(const_cast<char*>(at));
    at = static_cast<const char*>(nul) + 1;
  }
  strings.push_back(nullptr);
  return strings;
}

}  // namespace

SysResult<usize> Task::start_info(std::span<char> buffer) {
  const StartOptions& options = kernel_.options();
  u32 flags = 0;
  if (options.confinement != nullptr) {
    flags = abi::kConfined;
    if (has_rules(options.confinement->policy())) flags |= abi::kCommandRules;
  }
  if (options.role == Role::session) {
    flags |= abi::kEmbedded;
    const Embedder* const embedder = options.embedder;
    if (embedder != nullptr && embedder->sees_commands()) flags |= abi::kCommandHook;
  }
  std::vector<std::string_view> strings;
  u32 arguments = 0;
  if (start_ != nullptr) {
    strings.assign(start_->arguments.begin(), start_->arguments.end());
    arguments = static_cast<u32>(strings.size());
    strings.insert(strings.end(), start_->environment.begin(), start_->environment.end());
  } else {
    strings.reserve(options.argv.size() + options.envp.size());
    for (const char* text : options.argv) strings.emplace_back(text);
    arguments = static_cast<u32>(strings.size());
    for (const char* text : options.envp) strings.emplace_back(text);
  }
  if (options.account != nullptr) flags |= abi::kAccount;
  const abi::StartInfo info = {abi::kVersion, arguments,
                               static_cast<u32>(strings.size()) - arguments, flags};
  usize needed = sizeof(info);
  for (const std::string_view text : strings) needed += text.size() + 1;
  if (needed > buffer.size()) return needed;
  char* at = buffer.data();
  std::memcpy(at, &info, sizeof(info));
  at += sizeof(info);
  for (const std::string_view text : strings) {
    std::memcpy(at, text.data(), text.size());
    at += text.size();
    *at++ = '\0';
  }
  return needed;
}

void Task::set_start(std::vector<std::string> arguments, std::vector<std::string> environment) {
  start_ = std::make_unique<const Start>(Start{std::move(arguments), std::move(environment)});
}

SysResult<void> Task::make_plan(const Program& program, ProgramPlan& plan) {
  if (kernel_.options().confinement != nullptr) {
    SWEBASH_TRY(command_check(program.arguments, program.argument_count, program.path));
  }
  plan.spawn.path = SWEBASH_TRY(plan.path.set(program.path));
  plan.arguments = SWEBASH_TRY(split(program.arguments, program.argument_count));
  plan.environment = SWEBASH_TRY(split(program.environment, program.environment_count));
  plan.spawn.arguments = plan.arguments.data();
  plan.spawn.environment = plan.environment.data();
  usize untouched = 0;
  const std::vector<FdTable::Entry>& entries = fds_.entries();
  for (usize fd = 0; fd < entries.size(); ++fd) {
    const FdTable::Entry& entry = entries[fd];
    if (entry.description == nullptr || entry.inherit == Inherit::no) continue;
    SysResult<ChildFd> child = entry.description->child_fd();
    if (!child.has_value()) {
      if (child.error() == Errno::notsup) continue;
      return std::unexpected(child.error());
    }
    plan.descriptors.push_back({child->fd, static_cast<int>(fd)});
    const auto* file = entry.description->host_file();
    if (file != nullptr && file->is_inherited() && child->fd == static_cast<int>(fd)) ++untouched;
    if (child->owned) plan.owned.push_back(std::move(child->owned));
  }
  plan.spawn.descriptors = plan.descriptors;
  plan.spawn.as_they_are =
      untouched == plan.descriptors.size() && untouched == HostFile::inherited_open();
  if (cwd_ != nullptr) plan.spawn.directory = cwd_->fd.get();
  if (umask_ >= 0 || kernel_.umask_.load() >= 0) {
    plan.spawn.umask = static_cast<int>(current_umask());
  }
  for (const auto& [resource, limit] : limits_) {
    plan.limits.push_back({static_cast<int>(resource), {limit.soft, limit.hard}});
  }
  if (const u64 memory = kernel_.options().limits.task_memory;
      memory > 0 && own_limit(RLIMIT_AS) == nullptr) {
    plan.limits.push_back({RLIMIT_AS, {memory, memory}});
  }
  plan.spawn.limits = plan.limits;
  if (narrowing_ != nullptr) plan.spawn.restriction = narrowing_->rules();
  SignalSet ignored = ignored_for_children();
  if (program.asynchronous) ignored |= signal_bit(SIGINT) | signal_bit(SIGQUIT);
  plan.spawn.defaults = kernel_.host_ignored_.load() & ~ignored;
  plan.spawn.ignore = ignored;
  if (ThreadPool::on_pooled_thread()) plan.spawn.mask = ProgramMask::empty;
  if (program.waited && ThreadPool::on_lasting_thread()) {
    plan.spawn.parent_death = kernel_.options().parent_death;
  }
  return {};
}

SysResult<i32> Task::spawn_plan(const Program& program, ProgramPlan& plan) {
  Kernel::ProcessGroup where;
  {
    const KernelLock lock(kernel_.mutex_);
    where = kernel_.process_group_locked(*this, program.group);
  }
  plan.spawn.group = where.real;
  if (program.foreground) plan.spawn.foreground_terminal = kernel_.terminal();
  const SysResult<pid_t> pid = spawn_process(plan.spawn);
  if (!pid.has_value()) return std::unexpected(pid.error());
  const KernelLock lock(kernel_.mutex_);
  const i32 group =
      kernel_.add_native_locked(*this, *pid, where, program.group, plan.spawn.parent_death, -1);
  if (program.foreground) kernel_.foreground_ = kernel_.groups_.contains(group) ? group : 0;
  return *pid;
}

SysResult<i32> Task::spawn(const Program& program) {
  if (!kernel_.is_program()) return spawn_inside(program);
  kernel_.reap_orphans();
  ProgramPlan plan;
  SWEBASH_TRY(make_plan(program, plan));
  SWEBASH_TRY(kernel_.count_child(*this));
  // A SIGINT between here and the wait is one that comes during the wait.
  const bool holds = program.waited && dies_of_interrupt();
  if (holds) HostSignals::expect_hold();
  const i64 began = kernel_.options().account != nullptr ? monotonic_now() : 0;
  const SysResult<i32> pid = spawn_plan(program, plan);
  if (!pid.has_value()) {
    kernel_.count_.remove();
    if (holds) HostSignals::hold_expected.store(false);
    const int start = SWEBASH_TRY(directory(abi::kCwd));
    return refused(start, program.path, false, pid.error());
  }
  if (kernel_.options().account != nullptr) account_command(*pid, began, program);
  return pid;
}

SysResult<void> Task::exec(const Program& program) {
  if (!kernel_.is_program()) return exec_inside(program);
  ProgramPlan plan;
  SWEBASH_TRY(make_plan(program, plan));
  const confine::Confinement* confinement = kernel_.options().confinement;
  // What the program is held to could not be taken back from this process, should it not start; an
  // account tells of its end as well.
  const bool stays = (confinement != nullptr && confinement->has_end()) || narrowing_ != nullptr ||
                     kernel_.options().account != nullptr;
  if (is_main() && kernel_.live_tasks_.load() == 0 && !kernel_.watched_.load() && !stays) {
    Guardian::dismiss();
    const Errno error = replace_process(plan.spawn);
    Guardian::resume();
    return std::unexpected(error);
  }
  SWEBASH_TRY(kernel_.count_child(*this));
  begin_program();
  const i64 began = kernel_.options().account != nullptr ? monotonic_now() : 0;
  const SysResult<i32> pid = spawn_plan(program, plan);
  if (!pid.has_value()) {
    kernel_.count_.remove();
    settle_program(0);
    return std::unexpected(pid.error());
  }
  if (kernel_.options().account != nullptr) account_command(*pid, began, program);
  // A program has no handlers, and its descriptors are its own: nobody may wait for ours.
  caught_.store(0);
  fds_.clear();
  plan.owned.clear();
  become(*pid);
  return std::unexpected(Errno::intr);
}

void Task::begin_program() {
  const KernelLock lock(kernel_.mutex_);
  program_ = -1;
}

void Task::settle_program(i32 pid) {
  const KernelLock lock(kernel_.mutex_);
  program_ = pid;
  for (SignalSet set = std::exchange(held_, 0); set != 0; set &= set - 1) {
    kernel_.deliver_locked(*this, lowest_signal(set));
  }
}

void Task::become(i32 pid) {
  settle_program(pid);
  while (true) {
    abi::WaitResult result = {};
    const SysResult<i32> ended = wait(pid, abi::kWaitForeground, result);
    if (ended.has_value()) {
      doom(result.kind == abi::kSignaled ? ExitState::signaled(result.code)
                                         : ExitState::exited(result.code));
      return;
    }
    if (ended.error() != Errno::intr) {
      doom(ExitState::exited(127));
      return;
    }
    if (doomed()) {
      // What ended this task, a limit or a signal that came before, is meant for the program too.
      const ExitState end = end_state();
      ::kill(pid, end.kind == ExitKind::signaled ? end.code : SIGTERM);
      return;
    }
  }
}

}  // namespace swebash::kernel
