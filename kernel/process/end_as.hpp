// SPDX-License-Identifier: Apache-2.0
//
// end_as_child(): for a process that stands in for its child.
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace swebash::kernel {

// Ends this process as the child of that wait(2) status did: with its exit status, or of its
// signal, without a core file of its own.
[[noreturn]] inline void end_as_child(int state) noexcept {
  if (!WIFSIGNALED(state)) ::_exit(WEXITSTATUS(state));
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  const int signal = WTERMSIG(state);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  ::sigprocmask(SIG_UNBLOCK, &one, nullptr);
  ::_exit(128 + signal);
}

}  // namespace swebash::kernel
