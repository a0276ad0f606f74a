// SPDX-License-Identifier: Apache-2.0
#include "shell/limits.hpp"

#include <gtest/gtest.h>

namespace swebash::shell {
namespace {

TEST(SessionLimits, ReadsTimesSizesAndCounts) {
  Settings settings;
  settings.limit_wall = "1.25";
  settings.limit_cpu = "3";
  settings.limit_memory = "64M";
  settings.limit_total_memory = "2GiB";
  settings.limit_output = "1000";
  settings.limit_files = "20";
  settings.limit_tasks = "7";
  kernel::Limits limits;
  ASSERT_TRUE(set_limits(settings, limits).has_value());
  EXPECT_EQ(limits.wall_time, 1'250'000'000);
  EXPECT_EQ(limits.cpu_time, 3'000'000'000);
  EXPECT_EQ(limits.task_memory, u64{64} << 20);
  EXPECT_EQ(limits.total_memory, u64{2} << 30);
  EXPECT_EQ(limits.written_bytes, 1000u);
  EXPECT_EQ(limits.open_files, 20u);
  EXPECT_EQ(limits.tasks, 7u);
}

TEST(SessionLimits, LeavesAloneWhatIsNotSet) {
  kernel::Limits limits;
  ASSERT_TRUE(set_limits(Settings{}, limits).has_value());
  EXPECT_EQ(limits.wall_time, 0);
  EXPECT_EQ(limits.tasks, kernel::Limits{}.tasks);
}

TEST(SessionLimits, RefusesWhatIsNoNumber) {
  for (const std::string_view text : {"", "x", "0", "-1", "1x", "5 s", "99999999999999999999"}) {
    Settings settings;
    settings.limit_wall = text;
    kernel::Limits limits;
    EXPECT_EQ(set_limits(settings, limits).has_value(), text.empty()) << text;
    settings = {};
    settings.limit_memory = text;
    EXPECT_EQ(set_limits(settings, limits).has_value(), text.empty()) << text;
  }
}

TEST(SessionLimits, DoesNotGoBeyondWhatTheProgramIsMadeFor) {
  Settings settings;
  settings.limit_tasks = "100000000";
  kernel::Limits limits;
  ASSERT_TRUE(set_limits(settings, limits).has_value());
  EXPECT_EQ(limits.tasks, kernel::Limits{}.tasks);
}

}  // namespace
}  // namespace swebash::shell
