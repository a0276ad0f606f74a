// SPDX-License-Identifier: Apache-2.0
//
// Task's calls on terminals, and who has the terminal.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/task.hpp"

namespace swebash::kernel {

namespace {

// The host kernel's struct termios, which abi::Terminal mirrors.
constexpr u32 kGetSettings = TCGETS;
constexpr u32 kSetSettings[] = {TCSETS, TCSETSW, TCSETSF};

// ioctl(2), whose request is an int in one C library and a long in the other.
int control(int fd, u32 request, const void* argument) noexcept {
  return static_cast<int>(::syscall(SYS_ioctl, fd, request, argument));
}

}  // namespace

SysResult<bool> Task::is_terminal(i32 fd) {
  const int host = SWEBASH_TRY(description(fd))->host_fd();
  abi::Terminal settings;
  return host >= 0 && control(host, kGetSettings, &settings) == 0;
}

SysResult<abi::Terminal> Task::terminal_get(i32 fd) {
  const int host = SWEBASH_TRY(description(fd))->host_fd();
  if (host < 0) return std::unexpected(Errno::notty);
  abi::Terminal settings = {};
  SWEBASH_TRY(host_result(control(host, kGetSettings, &settings)));
  return settings;
}

SysResult<void> Task::terminal_set(i32 fd, u32 when, const abi::Terminal& settings) {
  const int host = SWEBASH_TRY(description(fd))->host_fd();
  if (host < 0) return std::unexpected(Errno::notty);
  if (when > 2) return std::unexpected(Errno::inval);
  return host_result(control(host, kSetSettings[when], &settings));
}

SysResult<abi::WindowSize> Task::window_size(i32 fd) {
  const int host = SWEBASH_TRY(description(fd))->host_fd();
  if (host < 0) return std::unexpected(Errno::notty);
  winsize size = {};
  SWEBASH_TRY(host_result(::ioctl(host, TIOCGWINSZ, &size)));
  return abi::WindowSize{size.ws_row, size.ws_col};
}

SysResult<i32> Task::foreground_get(i32 fd) {
  const int host = SWEBASH_TRY(description(fd))->host_fd();
  if (host < 0) return std::unexpected(Errno::notty);
  return kernel_.terminal_group(host);
}

SysResult<void> Task::foreground_set(i32 fd, i32 group) {
  const int host = SWEBASH_TRY(description(fd))->host_fd();
  if (host < 0) return std::unexpected(Errno::notty);
  return kernel_.give_terminal(host, group);
}

SysResult<i32> Kernel::terminal_group(int fd) {
  const pid_t real = ::tcgetpgrp(fd);
  if (real < 0) return std::unexpected(errno_from_host(errno));
  const MutexLock lock(mutex_);
  if (foreground_ != 0 && (real == host_group() || real == real_group_locked(foreground_))) {
    return foreground_;
  }
  return real;
}

// A group without a process has the terminal through the host's own group: what is typed reaches
// the host, which hands it on (distribute_host_signals).
SysResult<void> Kernel::give_terminal(int fd, i32 group) {
  if (group <= 0) return std::unexpected(Errno::inval);
  pid_t real = 0;
  {
    const MutexLock lock(mutex_);
    real = real_group_locked(group);
    foreground_ = group >= kFirstTaskPid ? group : 0;
    if (!terminal_) terminal_.reset(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  }
  if (real == 0) real = host_group();
  // A background process that does this would be stopped by SIGTTOU; a shell must be able to.
  sigset_t block;
  sigset_t old;
  sigemptyset(&block);
  sigaddset(&block, SIGTTOU);
  ::pthread_sigmask(SIG_BLOCK, &block, &old);
  const SysResult<void> result = host_result(::tcsetpgrp(fd, real));
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
  return result;
}

int Kernel::terminal() {
  const MutexLock lock(mutex_);
  if (!terminal_) terminal_.reset(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  return terminal_.get();
}

}  // namespace swebash::kernel
