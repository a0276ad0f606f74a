// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/guardian.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace swebash::kernel {
namespace {

// A host, in a process of its own, that guards a child and then does `step`. Whether the child is
// still there when the host has been killed, or has ended by itself.
template <class Step>
bool child_outlives_host(const Step& step) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // what the host leaves becomes ours to wait for
  int report[2];
  if (::pipe(report) != 0) return false;
  const pid_t host = ::fork();
  if (host == 0) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (;;) ::pause();
    }
    Guardian::guard(child);
    step(child);
    static_cast<void>(!::write(report[1], &child, sizeof child));
    for (;;) ::pause();
  }
  pid_t child = 0;
  const bool told = ::read(report[0], &child, sizeof child) == sizeof child;
  ::close(report[0]);
  ::close(report[1]);
  ::kill(host, SIGKILL);
  ::waitpid(host, nullptr, 0);
  if (!told) return false;
  bool stays = true;
  for (int i = 0; stays && i < 50; ++i) {
    ::usleep(10'000);
    stays = ::waitpid(child, nullptr, WNOHANG) == 0;
  }
  if (stays) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  return stays;
}

TEST(Guardian, EndsAChildWhoseHostIsKilled) {
  EXPECT_FALSE(child_outlives_host([](pid_t) {}));
}

TEST(Guardian, LeavesAForgottenChildAlone) {
  EXPECT_TRUE(child_outlives_host([](pid_t child) { Guardian::forget(child); }));
}

TEST(Guardian, LeavesAllAloneOnceDismissedUntilItResumes) {
  EXPECT_TRUE(child_outlives_host([](pid_t) { Guardian::dismiss(); }));
  EXPECT_FALSE(child_outlives_host([](pid_t) {
    Guardian::dismiss();
    Guardian::resume();
  }));
}

}  // namespace
}  // namespace swebash::kernel
