// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/supervisor.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>

#include "kernel/process/helper_process.hpp"

namespace swebash::kernel {
namespace {

constexpr i64 kMillisecond = 1'000'000;

// What the session tells the test, whichever process does.
struct Notes {
  std::atomic<pid_t> session = 0;
  std::atomic<pid_t> left = 0;
};

bool is_gone(pid_t pid) { return ::kill(pid, 0) != 0; }

// Waits for `condition` for some seconds; whether it came.
bool comes(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::usleep(5'000);
  }
  return true;
}

// A process that waits for its end, out of its parent's group and session.
pid_t leave_daemon() {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setsid();
  while (true) ::pause();
}

class SupervisorTest : public ::testing::Test {
 protected:
  SupervisorTest()
      : notes_(*new (::mmap(nullptr, sizeof(Notes), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Notes) {}
  ~SupervisorTest() override { ::munmap(&notes_, sizeof(Notes)); }

  // Starts a process that is called, supervised, and whose session does `what`; its pid.
  template <class F>
  pid_t call(const Limits& limits, F what) {
    const pid_t called = ::fork();
    if (called != 0) return called;
    supervise(limits);
    notes_.session = ::getpid();
    ::_exit(what());
  }
  static int end_of(pid_t called) {
    int state = 0;
    EXPECT_EQ(::waitpid(called, &state, 0), called);
    return state;
  }

  Notes& notes_;
};

TEST_F(SupervisorTest, WhoWasCalledEndsAsTheSessionDoes) {
  EXPECT_EQ(end_of(call({}, [] { return 7; })), 7 << 8);
  EXPECT_EQ(end_of(call({}, [] { return ::raise(SIGKILL); })), SIGKILL);
}

TEST_F(SupervisorTest, HandsSignalsOn) {
  const pid_t called = call({}, [] {
    ::signal(SIGTERM, [](int) { ::_exit(5); });
    while (true) ::pause();
    return 0;
  });
  ASSERT_TRUE(comes([&] { return notes_.session != 0; }));
  ::usleep(50'000);
  ::kill(called, SIGTERM);
  EXPECT_EQ(end_of(called), 5 << 8);
}

TEST_F(SupervisorTest, TheSessionDoesNotOutliveWhoWasCalled) {
  const pid_t called = call({}, [&] {
    notes_.left = leave_daemon();
    while (true) ::pause();
    return 0;
  });
  ASSERT_TRUE(comes([&] { return notes_.left != 0; }));
  ::kill(called, SIGKILL);
  EXPECT_EQ(end_of(called), SIGKILL);
  EXPECT_TRUE(comes([&] { return is_gone(notes_.session) && is_gone(notes_.left); }));
}

TEST_F(SupervisorTest, EndsWhatTheSessionLeftWhenTimeIsUp) {
  Limits limits;
  limits.wall_time = 300 * kMillisecond;
  const int end = end_of(call(limits, [&] {
    notes_.left = leave_daemon();
    return ::raise(SIGKILL);
  }));
  EXPECT_EQ(end, SIGKILL);
  EXPECT_FALSE(is_gone(notes_.left)) << "nobody waits for it";
  EXPECT_TRUE(comes([&] { return is_gone(notes_.left); }));
}

TEST_F(SupervisorTest, EndsASessionThatDoesNotEndItself) {
  Limits limits;
  limits.wall_time = 100 * kMillisecond;
  const pid_t called = call(limits, [] { return ::raise(SIGSTOP); });
  EXPECT_EQ(end_of(called), kWallTimeStatus << 8);
  EXPECT_TRUE(comes([&] { return is_gone(notes_.session); }));
}

// Three processes and a helper are all there may be of three.
TEST_F(SupervisorTest, EndsTheYoungestOverTheLimitAndCountsNoHelpers) {
  Limits limits;
  limits.programs = 3;
  const pid_t called = call(limits, [&] {
#if defined(SWEBASH_HAS_HELPERS)
    alignas(16) static char stack[16 << 10];
    const pid_t helper = start_helper(
        stack + sizeof(stack),
        [](void*) SWEBASH_IN_HELPER -> int {
          while (true) helper_call(SYS_pause);
        },
        nullptr);
#else
    const pid_t helper = 0;
#endif
    const pid_t first = leave_daemon();
    const pid_t second = leave_daemon();
    ::usleep(200'000);
    const bool lets_three = !::waitpid(first, nullptr, WNOHANG) &&
                            !::waitpid(second, nullptr, WNOHANG) &&
                            (helper == 0 || !::waitpid(helper, nullptr, WNOHANG));
    const pid_t third = leave_daemon();
    int state = 0;
    const bool ends_fourth = ::waitpid(third, &state, 0) == third && state == SIGKILL;
    const bool no_other =
        !::waitpid(first, nullptr, WNOHANG) && !::waitpid(second, nullptr, WNOHANG);
    if (helper > 0) ::kill(helper, SIGKILL);
    ::kill(first, SIGKILL);
    ::kill(second, SIGKILL);
    return (lets_three ? 0 : 1) + (ends_fourth ? 0 : 2) + (no_other ? 0 : 4);
  });
  EXPECT_EQ(end_of(called), 0);
}

}  // namespace
}  // namespace swebash::kernel
