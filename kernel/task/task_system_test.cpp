// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/task.hpp"

#include <algorithm>

#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

class TaskSystemTest : public KernelTest {};

TEST_F(TaskSystemTest, LocalTimeKnowsZones) {
  const abi::LocalTime utc = main().local_time(0, "UTC0").value();
  EXPECT_EQ(utc.hour, 0);
  EXPECT_EQ(utc.year, 70);
  EXPECT_STREQ(utc.zone_name, "UTC");
  const abi::LocalTime east = main().local_time(0, "XYZ-3:30").value();
  EXPECT_EQ(east.hour, 3);
  EXPECT_EQ(east.minute, 30);
  EXPECT_EQ(east.utc_offset, 12'600);
  EXPECT_STREQ(east.zone_name, "XYZ");
}

TEST_F(TaskSystemTest, SaysWhereItIsAndWhatItHas) {
  EXPECT_EQ(main().task_info().value().pid, ::getpid());
  EXPECT_EQ(main().task_info().value().group, ::getpgrp());
  char text[2] = {};
  EXPECT_GT(main().host_text(abi::kKernelRelease, text).value(), 2u);
  EXPECT_EQ(main().limit_get(99).error(), Errno::inval);
  EXPECT_EQ(main().limit_set(RLIMIT_CORE, {5, 4}).error(), Errno::inval);
  char bytes[64] = {};
  ASSERT_TRUE(main().random(bytes));
  EXPECT_TRUE(std::ranges::any_of(bytes, [](char c) { return c != 0; }));
  EXPECT_GT(main().clock(abi::kRealtime).value(), i64{1'600'000'000} * 1'000'000'000);
  EXPECT_EQ(main().clock(9).error(), Errno::inval);
}

TEST_F(TaskSystemTest, PollTellsWhatIsReady) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, 0));
  i32 growing[2];
  ASSERT_TRUE(main().pipe(growing, abi::kGrowing));
  abi::PollEntry entries[] = {{fds[0], abi::kPollIn, 0},
                              {fds[1], abi::kPollOut, 0},
                              {growing[0], abi::kPollIn, 0},
                              {growing[1], abi::kPollOut, 0},
                              {999, abi::kPollIn, 0}};
  EXPECT_EQ(main().poll(entries, 0), 3);
  EXPECT_EQ(entries[0].revents, 0);
  EXPECT_EQ(entries[1].revents, abi::kPollOut);
  EXPECT_EQ(entries[2].revents, 0);
  EXPECT_EQ(entries[3].revents, abi::kPollOut);
  EXPECT_EQ(entries[4].revents, abi::kPollInvalid);
  ASSERT_EQ(write_text(main(), growing[1], "x"), 1u);
  EXPECT_EQ(main().poll(std::span(entries).subspan(2, 1), -1), 1);
  const i64 start = main().clock(abi::kMonotonic).value();
  EXPECT_EQ(main().poll(std::span(entries).first(1), 20'000'000), 0);
  EXPECT_GE(main().clock(abi::kMonotonic).value() - start, 20'000'000);
}

}  // namespace
}  // namespace swebash::kernel
