// SPDX-License-Identifier: Apache-2.0
#include "kernel/signals/group_proxy.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

// What `proxy` has noted, once it has.
SignalSet wait_for_news(GroupProxy& proxy) {
  for (int i = 0; i < 2000; ++i) {
    if (const SignalSet set = proxy.take(); set != 0) return set;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return 0;
}

// A signal of another process to `group`.
void send_from_outside(pid_t group, i32 signal) {
  const std::string command = "kill -" + std::to_string(signal) + " -" + std::to_string(group);
  ASSERT_EQ(std::system(command.c_str()), 0);
}

TEST(GroupProxy, NotesWhatOthersSendToItsGroup) {
  const auto proxy = GroupProxy::create(0).value();
  EXPECT_EQ(::getpgid(proxy->group()), proxy->group());
  send_from_outside(proxy->group(), SIGINT);
  EXPECT_EQ(wait_for_news(*proxy), signal_bit(SIGINT));
  send_from_outside(proxy->group(), SIGTSTP);
  EXPECT_EQ(wait_for_news(*proxy), signal_bit(SIGTSTP));
  EXPECT_EQ(proxy->take(), 0u);
}

TEST(GroupProxy, LeavesOutWhatTheHostSends) {
  const auto proxy = GroupProxy::create(0).value();
  ASSERT_EQ(::kill(-proxy->group(), SIGUSR1), 0);
  send_from_outside(proxy->group(), SIGUSR2);
  EXPECT_EQ(wait_for_news(*proxy), signal_bit(SIGUSR2));
}

TEST(GroupProxy, SaysWhenItWasKilledItself) {
  const auto proxy = GroupProxy::create(0).value();
  send_from_outside(proxy->group(), SIGKILL);
  EXPECT_EQ(wait_for_news(*proxy), signal_bit(SIGKILL));
}

TEST(GroupProxy, JoinsAGroupThatIsThere) {
  const auto first = GroupProxy::create(0).value();
  const auto second = GroupProxy::create(first->group()).value();
  EXPECT_EQ(second->group(), first->group());
  EXPECT_FALSE(GroupProxy::create(::getppid()).has_value() &&
               ::getpgid(::getppid()) != ::getppid());
}

class MixedGroupTest : public KernelTest {};

TEST_F(MixedGroupTest, ATaskGetsWhatOthersSendToTheProcessGroupOfItsNative) {
  CloneRequest own;
  own.group = abi::kOwnGroup;
  const i32 pid = run_pooled(
      [](Task& task) {
        while (!task.doomed()) (void)task.poll({}, -1);
        return task.end_state();
      },
      own);
  const ScriptProgram script("trap '' INT; exec sleep 1000");
  Program program = script.program();
  program.group = pid;
  const i32 native = main().spawn(program).value();
  const pid_t group = ::getpgid(native);
  EXPECT_NE(group, ::getpgrp());
  send_from_outside(group, SIGTERM);
  EXPECT_EQ(wait_for(native).code, SIGTERM);
  EXPECT_EQ(wait_for(pid).code, SIGTERM);
}

}  // namespace
}  // namespace swebash::kernel
