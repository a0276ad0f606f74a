// SPDX-License-Identifier: Apache-2.0
#include "tests/runner/run_case.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "base/owned_fd.hpp"

namespace swebash::tests {
namespace {

using Clock = std::chrono::steady_clock;

/// One endless case must not fill the machine's memory.
constexpr size_t kMaxOutput = size_t{64} << 20;

bool write_file(const std::string& path, std::string_view text, unsigned mode) {
  const OwnedFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd) {
    return false;
  }
  while (!text.empty()) {
    const ssize_t n = ::write(fd.get(), text.data(), text.size());
    if (n < 0) {
      return false;
    }
    text.remove_prefix(static_cast<size_t>(n));
  }
  return ::fchmod(fd.get(), mode) == 0;
}

OwnedFd standard_input(const Case& one) {
  if (!one.has_standard_input) {
    return OwnedFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  OwnedFd fd(::memfd_create("stdin", MFD_CLOEXEC));
  if (fd && ::write(fd.get(), one.standard_input.data(), one.standard_input.size()) !=
                static_cast<ssize_t>(one.standard_input.size())) {
    return OwnedFd();
  }
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

/// What a case sees: nothing of the caller's but what chooses the way the program starts.
std::vector<std::string> environment_of(const Subject& subject, const Case& one,
                                        const std::string& directory) {
  std::vector<std::string> all = {"PATH=/usr/bin:/bin",       "HOME=" + directory,
                                  "TMPDIR=" + directory,      "LC_ALL=C.UTF-8",
                                  "SWEBASH=" + subject.shell, "SWEBASH_CACHE_DIR=" + subject.cache};
  for (const char* name : {"SWEBASH_ENGINE_TIER", "ENGINE_WASM", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                           "TSAN_OPTIONS", "LLVM_PROFILE_FILE"}) {
    if (const char* value = std::getenv(name)) {
      all.push_back(std::string(name) + "=" + value);
    }
  }
  for (const std::string& setting : one.environment) {
    const size_t name_end = setting.find('=');
    std::erase_if(all, [&](const std::string& other) {
      return name_end != std::string::npos && other.starts_with(setting.substr(0, name_end + 1));
    });
    all.push_back(setting);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& each : strings) {
    out.push_back(each.data());
  }
  out.push_back(nullptr);
  return out;
}

pid_t spawn(std::vector<std::string> arguments, std::vector<std::string> environment,
            const std::string& directory, int in, int out, int err, std::string& error) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  // Test drivers often ignore SIGPIPE or block signals, and a shell would inherit that.
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigfillset(&defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const int failure = posix_spawn(&pid, arguments[0].c_str(), &actions, &attributes,
                                  pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failure != 0) {
    error = arguments[0] + ": " + std::strerror(failure);
    return -1;
  }
  return pid;
}

/// Takes what `fd` has; false at its end.
bool drain(int fd, std::string& into) {
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n > 0) {
      if (into.size() < kMaxOutput) {
        into.append(buffer.data(), static_cast<size_t>(n));
      }
    } else if (n < 0 && errno == EINTR) {
      continue;
    } else {
      return n < 0 && errno == EAGAIN;
    }
  }
}

/// Reads both outputs until the child ends or its time is up. A pipe that a child of the child
/// keeps open is not waited for.
void follow(int pidfd, OwnedFd out, OwnedFd err, Clock::time_point deadline, Outcome& outcome) {
  std::array<pollfd, 3> polled = {pollfd{pidfd, POLLIN, 0}, pollfd{out.get(), POLLIN, 0},
                                  pollfd{err.get(), POLLIN, 0}};
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      outcome.timed_out = true;
      return;
    }
    if (::poll(polled.data(), polled.size(), static_cast<int>(left)) < 0) {
      continue;
    }
    const bool ended = polled[0].revents != 0;
    if ((ended || polled[1].revents != 0) && !drain(out.get(), outcome.standard_output)) {
      polled[1].fd = -1;
    }
    if ((ended || polled[2].revents != 0) && !drain(err.get(), outcome.standard_error)) {
      polled[2].fd = -1;
    }
    if (ended) {
      return;
    }
  }
}

void execute(const Subject& subject, const Case& one, const std::string& directory,
             Outcome& outcome) {
  std::vector<std::string> arguments = {one.run_by_sh ? "/bin/sh" : subject.shell};
  if (one.arguments.empty()) {
    if (!one.script.empty()) {
      arguments.emplace_back("script.sh");
    }
  } else {
    arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
  }
  const OwnedFd in = standard_input(one);
  std::array<int, 2> out;
  std::array<int, 2> err;
  if (!in || ::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) {
    outcome.error = std::string("no descriptors: ") + std::strerror(errno);
    return;
  }
  OwnedFd out_read(out[0]);
  OwnedFd err_read(err[0]);
  OwnedFd out_write(out[1]);
  OwnedFd err_write(err[1]);
  ::fcntl(out_read.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(err_read.get(), F_SETFL, O_NONBLOCK);

  const auto start = Clock::now();
  const pid_t pid = spawn(std::move(arguments), environment_of(subject, one, directory), directory,
                          in.get(), out_write.get(), err_write.get(), outcome.error);
  if (pid < 0) {
    return;
  }
  out_write = OwnedFd();
  err_write = OwnedFd();
  const OwnedFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  follow(pidfd.get(), std::move(out_read), std::move(err_read),
         start + std::chrono::seconds(one.timeout_seconds) * subject.patience, outcome);
  // The leader is not reaped yet, so the group's number cannot be anybody else's.
  ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.wall_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  outcome.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Outcome run_case(const Subject& subject, const Case& one, unsigned number) {
  Outcome outcome;
  const std::string directory = subject.work_root + "/" + std::to_string(number);
  if (::mkdir(directory.c_str(), 0700) != 0) {
    outcome.error = directory + ": " + std::strerror(errno);
    return outcome;
  }
  bool ready = one.script.empty() || write_file(directory + "/script.sh", one.script, 0644);
  for (const InputFile& file : one.files) {
    ready = ready && write_file(directory + "/" + file.name, file.text, file.mode);
  }
  if (ready) {
    execute(subject, one, directory, outcome);
  } else {
    outcome.error = "the case's files could not be written: " + std::string(std::strerror(errno));
  }
  // A case may have taken rights away from its own directories.
  std::error_code ignored;
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(directory, ignored);
  return outcome;
}

}  // namespace swebash::tests
