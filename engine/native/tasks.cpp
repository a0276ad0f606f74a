// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "engine/native/native.hpp"
#include "engine/native/start.hpp"
#include "engine/system/memory.hpp"

namespace swebash::native {
namespace {

std::vector<const char*> start_arguments;
std::vector<const char*> start_environment;

// Pointers to the strings of a block, ended by a null pointer.
std::vector<char*> pointers(const char* block, u32 length, u32 count) {
  std::vector<char*> result;
  result.reserve(count + 1);
  for (const char* at = block; count > 0 && at < block + length; --count) {
    result.push_back(const_cast<char*>(at));
    at += std::strlen(at) + 1;
  }
  result.push_back(nullptr);
  return result;
}

void join_group(i32 group) {
  if (group != abi::kSameGroup) ::setpgid(0, group);
}

// Gives the terminal to `group`; the group that had it, or -1.
i32 give_terminal(i32 group) {
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (fd < 0) return -1;
  const pid_t before = ::tcgetpgrp(fd);
  sys::foreground_set(fd, group);
  ::close(fd);
  return before;
}

i64 execute(const abi::ProgramRequest& request) {
  const std::string path = text(request.path, request.path_length);
  auto arguments = pointers(request.arguments, request.arguments_length, request.argument_count);
  auto environment =
      pointers(request.environment, request.environment_length, request.environment_count);
  prepare_signals_for_exec();
  ::execve(path.c_str(), arguments.data(), environment.data());
  return failure();
}

}  // namespace

void set_start(int count, char** arguments, char** environment) {
  start_arguments.assign(arguments, arguments + count);
  for (char** at = environment; *at != nullptr; ++at) start_environment.push_back(*at);
}

}  // namespace swebash::native

namespace swebash::sys {

using namespace swebash::native;

// A native engine is a program; nobody embeds it.
i64 session_request(char*, u32) noexcept { return -static_cast<i64>(Errno::notsup); }
i64 session_answer(i32, const char*, u32, const abi::LiveMemory*) noexcept {
  return -static_cast<i64>(Errno::notsup);
}

i64 start_info(char* buffer, u32 capacity) noexcept {
  usize length = sizeof(abi::StartInfo);
  for (const char* item : start_arguments) length += std::strlen(item) + 1;
  for (const char* item : start_environment) length += std::strlen(item) + 1;
  if (length > capacity) return static_cast<i64>(length);
  const abi::StartInfo info{.version = abi::kVersion,
                            .argument_count = static_cast<u32>(start_arguments.size()),
                            .environment_count = static_cast<u32>(start_environment.size()),
                            .flags = 0};
  std::memcpy(buffer, &info, sizeof info);
  char* at = buffer + sizeof info;
  for (const auto* list : {&start_arguments, &start_environment}) {
    for (const char* item : *list) {
      const usize size = std::strlen(item) + 1;
      std::memcpy(at, item, size);
      at += size;
    }
  }
  return static_cast<i64>(length);
}

i64 clone(GuestFunction function, void* argument, const abi::LiveMemory*, u32 flags,
          i32 group) noexcept {
  const pid_t pid = ::fork();
  if (pid < 0) return failure();
  if (pid == 0) {
    join_group(group);
    if (flags & abi::kCloneForeground) give_terminal(::getpgrp());
    reset_signals();
    function(argument);
    sys::exit(0);
  }
  // Both sides set the group, so that neither can be too late.
  if (group != abi::kSameGroup) ::setpgid(pid, group == abi::kOwnGroup ? pid : group);
  return pid;
}

i64 guard(GuestFunction function, void* argument, const abi::LiveMemory*) noexcept {
  function(argument);
  return 0;
}

i64 exit(i32 status) noexcept {
  // Through exit(3), so that sanitizers report; the engine registers nothing there.
  std::quick_exit(status);
}

i64 leave(i32 status) noexcept { return sys::exit(status); }

i64 out_of_memory(u32) noexcept { return 0; }
// The host's allocator sees to its memory itself.
i64 memory_grow(i64) noexcept { return -static_cast<i64>(Errno::nosys); }
i64 memory_discard(void*, u32) noexcept { return 0; }

i64 die(i32 signal) noexcept {
  ::signal(signal, SIG_DFL);
  prepare_signals_for_exec();
  ::raise(signal);
  std::quick_exit(128 + signal);
}

i64 spawn(const abi::ProgramRequest* request) noexcept {
  int report[2];
  if (::pipe2(report, O_CLOEXEC) < 0) return failure();
  const pid_t pid = ::fork();
  if (pid < 0) {
    const i64 result = failure();
    ::close(report[0]);
    ::close(report[1]);
    return result;
  }
  if (pid == 0) {
    join_group(request->group);
    i32 before = -1;
    if (request->flags & abi::kSpawnForeground) before = give_terminal(::getpgrp());
    reset_signals();
    if (request->flags & abi::kSpawnAsynchronous) {
      signal_action(SIGINT, abi::kSignalIgnore);
      signal_action(SIGQUIT, abi::kSignalIgnore);
    }
    const i64 result = execute(*request);
    if (before > 0) give_terminal(before);
    static_cast<void>(!::write(report[1], &result, sizeof result));
    ::_exit(127);
  }
  ::close(report[1]);
  if (request->group != abi::kSameGroup) {
    ::setpgid(pid, request->group == abi::kOwnGroup ? pid : request->group);
  }
  i64 result = 0;
  ssize_t count;
  do {
    count = ::read(report[0], &result, sizeof result);
  } while (count < 0 && errno == EINTR);
  ::close(report[0]);
  if (count == sizeof result) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return result;
  }
  return pid;
}

i64 exec(const abi::ProgramRequest* request) noexcept { return execute(*request); }

i64 wait(i32 pid, u32 flags, abi::WaitResult* out) noexcept {
  int host = 0;
  if (flags & abi::kWaitNoHang) host |= WNOHANG;
  if (flags & abi::kWaitUntraced) host |= WUNTRACED;
  if (flags & abi::kWaitContinued) host |= WCONTINUED;
  int status = 0;
  rusage usage{};
  const pid_t found = ::wait4(pid, &status, host, &usage);
  if (found <= 0) return answer(found);
  const auto time = [](const timeval& value) {
    return i64{value.tv_sec} * 1'000'000'000 + i64{value.tv_usec} * 1000;
  };
  *out = {.pid = found,
          .kind = abi::kExited,
          .code = 0,
          .core_dumped = 0,
          .user_time = time(usage.ru_utime),
          .system_time = time(usage.ru_stime)};
  if (WIFEXITED(status)) {
    out->code = WEXITSTATUS(status);
  } else if (WIFSIGNALED(status)) {
    out->kind = abi::kSignaled;
    out->code = WTERMSIG(status);
    out->core_dumped = WCOREDUMP(status) ? 1 : 0;
  } else if (WIFSTOPPED(status)) {
    out->kind = abi::kStopped;
    out->code = WSTOPSIG(status);
  } else {
    out->kind = abi::kContinued;
  }
  return found;
}

i64 kill(i32 pid, i32 signal) noexcept { return answer(::kill(pid, signal)); }

i64 task_info(abi::TaskInfo* out) noexcept {
  *out = {.pid = ::getpid(),
          .parent = ::getppid(),
          .group = ::getpgrp(),
          .session = ::getsid(0),
          .uid = ::getuid(),
          .effective_uid = ::geteuid(),
          .gid = ::getgid(),
          .effective_gid = ::getegid()};
  return 0;
}

i64 set_group(i32 pid, i32 group) noexcept { return answer(::setpgid(pid, group)); }

}  // namespace swebash::sys

namespace swebash::engine {

const abi::LiveMemory* live_memory() noexcept { return nullptr; }

}  // namespace swebash::engine
