// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/description.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <stdlib.h>

#include <atomic>
#include <csignal>
#include <thread>

namespace swebash::kernel {
namespace {

// A read that was told not to wait and entered the host's read nevertheless would end with
// Errno::intr, or never: the signal that it should have answered to has come already.
TEST(HostFile, NeverWaitsAtATerminalWhenASignalCutsTheQuestionShort) {
  const OwnedFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_GE(master.get(), 0);
  ASSERT_EQ(::grantpt(master.get()), 0);
  ASSERT_EQ(::unlockpt(master.get()), 0);
  HostFile terminal(OwnedFd(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)));
  ASSERT_TRUE(terminal.is_terminal());

  struct sigaction action = {}, before = {};
  action.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  std::atomic<bool> done = false;
  const pthread_t reader = ::pthread_self();
  std::thread sender([&] {
    while (!done.load()) ::pthread_kill(reader, SIGUSR1);
  });
  int other_answers = 0;
  for (int i = 0; i < 20'000; ++i) {
    char byte;
    if (terminal.read({&byte, 1}, Wait::no) != std::unexpected(Errno::again)) ++other_answers;
  }
  done = true;
  sender.join();
  ::sigaction(SIGUSR1, &before, nullptr);
  EXPECT_EQ(other_answers, 0);
}

}  // namespace
}  // namespace swebash::kernel
