// SPDX-License-Identifier: Apache-2.0
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "engine/native/native.hpp"

namespace swebash::sys {

using namespace swebash::native;

i64 is_terminal(i32 fd) noexcept { return ::isatty(fd); }

i64 terminal_get(i32 fd, abi::Terminal* out) noexcept {
  termios host;
  if (::tcgetattr(fd, &host) < 0) return failure();
  out->input_flags = host.c_iflag;
  out->output_flags = host.c_oflag;
  out->control_flags = host.c_cflag;
  out->local_flags = host.c_lflag;
  out->line_discipline = host.c_line;
  std::memcpy(out->control_characters, host.c_cc, sizeof out->control_characters);
  return 0;
}

i64 terminal_set(i32 fd, u32 when, const abi::Terminal* settings) noexcept {
  termios host;
  if (::tcgetattr(fd, &host) < 0) return failure();
  host.c_iflag = settings->input_flags;
  host.c_oflag = settings->output_flags;
  host.c_cflag = settings->control_flags;
  host.c_lflag = settings->local_flags;
  host.c_line = settings->line_discipline;
  std::memcpy(host.c_cc, settings->control_characters, sizeof settings->control_characters);
  return answer(::tcsetattr(fd, when == 0 ? TCSANOW : when == 1 ? TCSADRAIN : TCSAFLUSH, &host));
}

i64 window_size(i32 fd, abi::WindowSize* out) noexcept {
  winsize host;
  if (::ioctl(fd, TIOCGWINSZ, &host) < 0) return failure();
  *out = {.rows = host.ws_row, .columns = host.ws_col};
  return 0;
}

i64 foreground_get(i32 fd) noexcept { return answer(::tcgetpgrp(fd)); }

i64 foreground_set(i32 fd, i32 group) noexcept {
  // A background process that takes the terminal is sent SIGTTOU unless it blocks it.
  sigset_t block, old;
  ::sigemptyset(&block);
  ::sigaddset(&block, SIGTTOU);
  ::sigprocmask(SIG_BLOCK, &block, &old);
  const i64 result = answer(::tcsetpgrp(fd, group));
  ::sigprocmask(SIG_SETMASK, &old, nullptr);
  return result;
}

}  // namespace swebash::sys
