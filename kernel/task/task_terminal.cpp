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
#include "kernel/signals/raw_signals.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {

namespace {

// The host kernel's struct termios, which abi::Terminal mirrors.
constexpr u32 kGetSettings = TCGETS;
constexpr u32 kSetSettings[] = {TCSETS, TCSETSW, TCSETSF};

// ioctl(2), whose request is an int in one C library and a long in the other.
int control(int fd, u32 request, const void* argument) noexcept {
  return static_cast<int>(::syscall(SYS_ioctl, fd, request, argument));
}

bool is_nonblocking(int fd) noexcept {
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_NONBLOCK) != 0;
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
  const KernelLock lock(mutex_);
  if (foreground_ != 0 && (real == host_group() || real == real_group_locked(foreground_))) {
    return foreground_;
  }
  return real;
}

SysResult<pid_t> Task::claim_terminal(int fd) {
  while (true) {
    const SysResult<i32> owner = kernel_.terminal_group(fd);
    // Somebody else's terminal is a device like any other.
    if (!owner.has_value()) return 0;
    const i32 own = kernel_.group_of(*this);
    if (*owner == own) {
      const pid_t real = ::tcgetpgrp(fd);
      if (real < 0 || real == kernel_.host_group()) return 0;
      SWEBASH_TRY(Kernel::set_terminal_group(fd, kernel_.host_group()));
      return real;
    }
    // The host does for its own group what there is to do.
    if (own == kernel_.host_group()) return 0;
    if ((ignored_.load() & signal_bit(SIGTTIN)) != 0) return std::unexpected(Errno::io);
    SWEBASH_TRY(kernel_.kill_group(own, SIGTTIN));
    const bool stops = is_stopped();
    SWEBASH_TRY(check_interrupt());
    if (!stops) return std::unexpected(Errno::io);
  }
}

SysResult<usize> Task::read_terminal(Description& from, std::span<char> buffer) {
  const int fd = from.host_fd();
  while (true) {
    const Wakeup::Ticket ticket = wakeup_.prepare();
    const pid_t before = SWEBASH_TRY(claim_terminal(fd));
    SysResult<usize> count = from.read(buffer, Wait::no);
    if (!count.has_value() && count.error() == Errno::again && !is_nonblocking(fd)) {
      // What came before the ticket does not wake; the terminal goes back before it is answered to.
      const SysResult<void> waited =
          has_to_answer() ? std::unexpected(Errno::intr) : wait_ready(ticket, from, POLLIN);
      if (!waited.has_value()) count = std::unexpected(waited.error());
    }
    if (before != 0 && kernel_.terminal_group(fd) == kernel_.group_of(*this)) {
      (void)Kernel::set_terminal_group(fd, before);
    }
    if (count.has_value()) return count;
    if (count.error() != Errno::intr && count.error() != Errno::again) return count;
    if (count.error() == Errno::again && is_nonblocking(fd)) return count;
    SWEBASH_TRY(check_interrupt());
  }
}

// A group without a process has the terminal through the host's own group: what is typed reaches
// the host, which hands it on (distribute_host_signals).
SysResult<void> Kernel::give_terminal(int fd, i32 group) {
  if (group <= 0) return std::unexpected(Errno::inval);
  hands_terminal_on_.store(true);
  pid_t real = 0;
  {
    const KernelLock lock(mutex_);
    real = real_group_locked(group);
    foreground_ = group >= kFirstTaskPid || groups_.contains(group) ? group : 0;
    if (!terminal_) terminal_.reset(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  }
  return set_terminal_group(fd, real == 0 ? host_group() : real);
}

SysResult<void> Kernel::set_terminal_group(int fd, pid_t real) {
  // A background process that does this would be stopped by SIGTTOU; a shell must be able to.
  const u64 old = set_signal_mask(~u64{0});
  const SysResult<void> result = host_result(::tcsetpgrp(fd, real));
  set_signal_mask(old);
  return result;
}

int Kernel::terminal() {
  if (!is_program()) return -1;
  const KernelLock lock(mutex_);
  if (!terminal_) terminal_.reset(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  return terminal_.get();
}

}  // namespace swebash::kernel
