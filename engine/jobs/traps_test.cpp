// SPDX-License-Identifier: Apache-2.0
#include "engine/jobs/traps.hpp"

#include <gtest/gtest.h>

#include "abi/guest.hpp"

namespace swebash::engine {
namespace {

TEST(TrapNames, FindByNumberNameAndPrefixInAnyCase) {
  EXPECT_EQ(find_trap("2"), 2);
  EXPECT_EQ(find_trap("INT"), 2);
  EXPECT_EQ(find_trap("SIGINT"), 2);
  EXPECT_EQ(find_trap("sigterm"), 15);
  EXPECT_EQ(find_trap("EXIT"), kTrapExit);
  EXPECT_EQ(find_trap("0"), kTrapExit);
  EXPECT_EQ(find_trap("err"), kTrapError);
  EXPECT_EQ(find_trap("DEBUG"), kTrapDebug);
  EXPECT_EQ(find_trap("RETURN"), kTrapReturn);
  EXPECT_EQ(find_trap("RTMIN+3"), 37);
  EXPECT_EQ(find_trap("RTMAX-1"), 63);
}

TEST(TrapNames, RefuseWhatIsNone) {
  for (const std::string_view text : {"", "65", "999999999999", "2x", "SIG", "NOSUCH", "-1"}) {
    EXPECT_FALSE(find_trap(text)) << text;
  }
}

TEST(TrapNames, LeadBackToTheirNumbers) {
  for (i32 condition = 0; condition < kTrapCount; ++condition) {
    const std::string_view name = trap_name(condition);
    if (!name.empty()) EXPECT_EQ(find_trap(name), condition) << name;
  }
}

TEST(Traps, KeepAnActionUntilItIsReset) {
  Traps traps;
  traps.attach();
  EXPECT_EQ(traps.action(kTrapError), nullptr);
  EXPECT_TRUE(traps.set(kTrapError, "echo failed"));
  ASSERT_NE(traps.action(kTrapError), nullptr);
  EXPECT_EQ(*traps.action(kTrapError), "echo failed");
  EXPECT_TRUE(traps.set(kTrapError, std::nullopt));
  EXPECT_EQ(traps.action(kTrapError), nullptr);
}

TEST(Traps, TakeACaughtSignalOnce) {
  Traps traps;
  traps.attach();
  constexpr i32 kUser = 10;
  ASSERT_TRUE(traps.set(kUser, "echo user"));
  abi::TaskInfo info{};
  sys::task_info(&info);
  ASSERT_EQ(sys::kill(info.pid, kUser), 0);
  EXPECT_TRUE(traps.any());
  EXPECT_EQ(traps.take(), kUser);
  EXPECT_EQ(traps.take(), 0);
  traps.set(kUser, std::nullopt);
}

TEST(Traps, AnExitActionCatchesWhatWouldEndTheShell) {
  Traps traps;
  traps.attach();
  EXPECT_FALSE(traps.ends_shell(signal_number::kTerminate));
  traps.set(kTrapExit, "echo bye");
  EXPECT_TRUE(traps.ends_shell(signal_number::kTerminate));
  EXPECT_FALSE(traps.ends_shell(signal_number::kChild));
  abi::TaskInfo info{};
  sys::task_info(&info);
  ASSERT_EQ(sys::kill(info.pid, signal_number::kTerminate), 0);
  traps.collect();
  EXPECT_TRUE(traps.is_ending());
  EXPECT_EQ(traps.take(), signal_number::kTerminate);
  traps.set(signal_number::kTerminate, "echo mine");
  EXPECT_FALSE(traps.ends_shell(signal_number::kTerminate));
  traps.set(signal_number::kTerminate, std::nullopt);
  traps.set(kTrapExit, std::nullopt);
  EXPECT_FALSE(traps.ends_shell(signal_number::kTerminate));
}

TEST(Traps, ASubshellListsWhatItNoLongerDoes) {
  Traps traps;
  traps.attach();
  traps.set(kTrapExit, "echo bye");
  traps.set(kTrapError, "echo failed");
  traps.enter_subshell(/*keep_error=*/true, /*keep_debug=*/false);
  EXPECT_EQ(traps.action(kTrapExit), nullptr);
  ASSERT_NE(traps.listed(kTrapExit), nullptr);
  EXPECT_EQ(*traps.listed(kTrapExit), "echo bye");
  EXPECT_NE(traps.action(kTrapError), nullptr);
  traps.set(kTrapError, "other");  // the first of its own hides the parent's
  EXPECT_EQ(traps.listed(kTrapExit), nullptr);
}

TEST(Traps, ASuspendedActionComesBackUnlessReplaced) {
  Traps traps;
  traps.attach();
  traps.set(kTrapDebug, "first");
  auto action = traps.suspend(kTrapDebug);
  EXPECT_EQ(traps.action(kTrapDebug), nullptr);
  traps.resume(kTrapDebug, std::move(action));
  EXPECT_EQ(*traps.action(kTrapDebug), "first");
  action = traps.suspend(kTrapDebug);
  traps.set(kTrapDebug, "second");
  traps.resume(kTrapDebug, std::move(action));
  EXPECT_EQ(*traps.action(kTrapDebug), "second");
}

}  // namespace
}  // namespace swebash::engine
