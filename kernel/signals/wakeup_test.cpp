// SPDX-License-Identifier: Apache-2.0
#include "kernel/signals/wakeup.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "kernel/time.hpp"

namespace swebash::kernel {
namespace {

constexpr i64 kMillisecond = 1'000'000;
constexpr i64 kLong = 20'000 * kMillisecond;

// How long `step` took, in milliseconds.
template <class Step>
i64 time_of(const Step& step) {
  const i64 start = monotonic_now();
  step();
  return (monotonic_now() - start) / kMillisecond;
}

TEST(Wakeup, ANotificationAfterPrepareEndsTheWait) {
  Wakeup wakeup;
  const Wakeup::Ticket ticket = wakeup.prepare();
  wakeup.notify();
  EXPECT_LT(time_of([&] { wakeup.wait(ticket, kLong); }), 10'000);
  pollfd own[1];
  EXPECT_LT(time_of([&] { EXPECT_EQ(wakeup.wait_for(ticket, own, kLong), 0); }), 10'000);
}

TEST(Wakeup, OneFromBeforeDoesNot) {
  Wakeup wakeup;
  wakeup.notify();
  const Wakeup::Ticket ticket = wakeup.prepare();
  EXPECT_GE(time_of([&] { wakeup.wait(ticket, 30 * kMillisecond); }), 29);
  pollfd own[1];
  EXPECT_GE(time_of([&] { EXPECT_EQ(wakeup.wait_for(ticket, own, 30 * kMillisecond), 0); }), 29);
}

TEST(Wakeup, AnotherThreadEndsBothKindsOfWait) {
  Wakeup wakeup;
  for (const bool on_descriptor : {false, true}) {
    const Wakeup::Ticket ticket = wakeup.prepare();
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      wakeup.notify();
    });
    pollfd own[1];
    EXPECT_LT(time_of([&] {
                if (on_descriptor) {
                  EXPECT_EQ(wakeup.wait_for(ticket, own, kLong), 0);
                } else {
                  wakeup.wait(ticket, kLong);
                }
              }),
              10'000);
    other.join();
  }
}

TEST(Wakeup, TellsHowManyDescriptorsAreReady) {
  Wakeup wakeup;
  int ready[2], quiet[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(quiet), 0);
  ASSERT_EQ(::write(ready[1], "x", 1), 1);
  pollfd entries[3] = {{quiet[0], POLLIN, 0}, {ready[0], POLLIN, 0}, {}};
  EXPECT_EQ(wakeup.wait_for(wakeup.prepare(), entries, kLong), 1);
  EXPECT_EQ(entries[0].revents, 0);
  EXPECT_EQ(entries[1].revents, POLLIN);
  // A notification is none of them, and is spent by the wait that it ended.
  const Wakeup::Ticket ticket = wakeup.prepare();
  wakeup.notify();
  EXPECT_EQ(wakeup.wait_for(ticket, entries, kLong), 1);
  EXPECT_GE(
      time_of([&] {
        EXPECT_EQ(
            wakeup.wait_for(wakeup.prepare(), std::span(entries).subspan(2), 30 * kMillisecond), 0);
      }),
      29);
  for (const int fd : {ready[0], ready[1], quiet[0], quiet[1]}) ::close(fd);
}

}  // namespace
}  // namespace swebash::kernel
