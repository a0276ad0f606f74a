// SPDX-License-Identifier: Apache-2.0
#include "kernel/signals/host_signals.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace swebash::kernel {
namespace {

// What is noted is the process's: each case leaves it as it was.
class HostSignalsTest : public ::testing::Test {
 protected:
  ~HostSignalsTest() override {
    for (const i32 signal : {SIGUSR1, SIGUSR2, SIGINT, SIGCHLD})
      HostSignals::default_signal(signal);
    HostSignals::sent.store(0);
    HostSignals::interrupted.store(false);
    HostSignals::child_news.store(false);
    HostSignals::hold_expected.store(false);
  }
};

TEST_F(HostSignalsTest, WhatIsCaughtIsNoted) {
  HostSignals::catch_signal(SIGUSR1);
  EXPECT_NE(HostSignals::caught.load() & signal_bit(SIGUSR1), 0u);
  ::raise(SIGUSR1);
  EXPECT_EQ(HostSignals::sent.load(), signal_bit(SIGUSR1));
  EXPECT_EQ(HostSignals::typed.load(), 0u);
}

TEST_F(HostSignalsTest, WhatIsIgnoredIsNot) {
  HostSignals::catch_signal(SIGUSR1);
  HostSignals::ignore_signal(SIGUSR1);
  EXPECT_TRUE(HostSignals::is_ignored(SIGUSR1));
  EXPECT_EQ(HostSignals::caught.load() & signal_bit(SIGUSR1), 0u);
  ::raise(SIGUSR1);
  EXPECT_EQ(HostSignals::sent.load(), 0u);
  HostSignals::default_signal(SIGUSR1);
  EXPECT_FALSE(HostSignals::is_ignored(SIGUSR1));
}

TEST_F(HostSignalsTest, WhatIsSwallowedIsAsIgnoredHereAndDefaultInAProgram) {
  EXPECT_EQ(HostSignals::swallow_signal(SIGUSR2), SIG_DFL);
  ::raise(SIGUSR2);
  EXPECT_EQ(HostSignals::sent.load(), 0u);
  EXPECT_FALSE(HostSignals::is_ignored(SIGUSR2));
  EXPECT_NE(HostSignals::swallowed.load() & signal_bit(SIGUSR2), 0u);
}

TEST_F(HostSignalsTest, AnInterruptDuringAHoldIsOnlyNoted) {
  HostSignals::hold_interrupt();
  ::raise(SIGINT);
  EXPECT_TRUE(HostSignals::interrupted.load());
  HostSignals::release_interrupt();
}

TEST_F(HostSignalsTest, WithoutAHoldItEndsTheProcess) {
  EXPECT_EXIT(
      {
        HostSignals::watch_interrupt();
        ::raise(SIGINT);
        ::_exit(0);
      },
      ::testing::KilledBySignal(SIGINT), "");
}

TEST_F(HostSignalsTest, ACaughtEndOfAChildIsNewsAndNoSignalSent) {
  HostSignals::catch_signal(SIGCHLD);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  EXPECT_TRUE(HostSignals::child_news.load());
  EXPECT_EQ(HostSignals::sent.load() & signal_bit(SIGCHLD), 0u);
}

}  // namespace
}  // namespace swebash::kernel
