// SPDX-License-Identifier: Apache-2.0
//
// Sessions of a library: many kernels on one host, which take nothing of the process.
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

class SessionTest : public testing::Test {
 protected:
  std::unique_ptr<Kernel> open(u32 umask = 022) {
    StartOptions options;
    options.role = Role::session;
    options.umask = umask;
    return Kernel::create(host_, std::move(options));
  }

  Host host_;
};

// Waits in the kernel until it is doomed.
ExitState wait_for_doom(Task& task) {
  while (!task.doomed()) (void)task.poll({}, -1);
  return task.end_state();
}

TEST_F(SessionTest, TheMainTasksHaveNumbersOfTheirOwn) {
  const auto one = open();
  const auto other = open();
  EXPECT_NE(one->main_task().pid(), other->main_task().pid());
  EXPECT_GE(one->main_task().pid(), kFirstTaskPid);
  const abi::TaskInfo info = one->main_task().task_info().value();
  EXPECT_EQ(info.pid, one->main_task().pid());
  EXPECT_EQ(info.group, info.pid);
  EXPECT_EQ(info.session, info.pid);
}

TEST_F(SessionTest, KillReachesNobodyOutside) {
  const auto one = open();
  const auto other = open();
  Task& main = one->main_task();
  EXPECT_EQ(main.kill(other->main_task().pid(), SIGTERM), std::unexpected(Errno::srch));
  EXPECT_EQ(main.kill(-other->main_task().pid(), SIGTERM), std::unexpected(Errno::srch));
  EXPECT_EQ(main.kill(::getpid(), SIGTERM), std::unexpected(Errno::srch));
  EXPECT_EQ(main.kill(-::getpgrp(), SIGTERM), std::unexpected(Errno::srch));
  EXPECT_EQ(main.kill(1, 0), std::unexpected(Errno::srch));
  EXPECT_TRUE(main.kill(-1, SIGTERM));
  EXPECT_FALSE(main.doomed());
  EXPECT_FALSE(other->main_task().doomed());
  EXPECT_TRUE(main.kill(0, SIGTERM));
  EXPECT_TRUE(main.doomed());
  EXPECT_FALSE(other->main_task().doomed());
}

TEST_F(SessionTest, KillOfAllReachesTheOwnTasks) {
  const auto one = open();
  const auto other = open();
  std::vector<i32> pids;
  for (Kernel* kernel : {one.get(), other.get()}) {
    TaskRef task = kernel->create_task(kernel->main_task(), CloneRequest{}).value();
    pids.push_back(task->pid());
    auto body = std::make_unique<LambdaBody<ExitState (*)(Task&)>>(&wait_for_doom);
    ASSERT_TRUE(kernel->run_pooled(std::move(task), std::move(body)));
  }
  EXPECT_TRUE(one->main_task().kill(-1, SIGUSR1));
  abi::WaitResult result = {};
  EXPECT_EQ(one->main_task().wait(-1, 0, result), pids[0]);
  EXPECT_EQ(result.code, SIGUSR1);
  EXPECT_EQ(other->main_task().wait(-1, abi::kWaitNoHang, result), 0);
  EXPECT_EQ(one->main_task().wait(pids[1], 0, result), std::unexpected(Errno::child));
}

TEST_F(SessionTest, TheUmaskIsTheSessionsOwn) {
  const mode_t before = ::umask(0);
  ::umask(before);
  const auto one = open(0);
  const auto other = open(077);
  EXPECT_EQ(one->main_task().umask(-1), 0u);
  EXPECT_EQ(other->main_task().umask(027), 077u);
  EXPECT_EQ(other->main_task().umask(-1), 027u);
  EXPECT_EQ(one->main_task().umask(-1), 0u);
  EXPECT_EQ(::umask(before), before);
}

TEST_F(SessionTest, ActionsOfSignalsAreNotTheProcess) {
  constexpr int kSignals[] = {SIGINT, SIGTERM, SIGCHLD, SIGPIPE, SIGQUIT, SIGUSR1};
  const auto actions = [&] {
    std::vector<decltype(SIG_DFL)> handlers;
    for (const int signal : kSignals) {
      struct sigaction action;
      ::sigaction(signal, nullptr, &action);
      handlers.push_back(action.sa_handler);
    }
    return handlers;
  };
  const auto before = actions();
  const auto kernel = open();
  Task& main = kernel->main_task();
  for (const i32 signal : kSignals) {
    EXPECT_TRUE(main.signal_action(signal, abi::kSignalCatch));
    EXPECT_EQ(actions(), before) << signal;
    EXPECT_TRUE(main.kill(main.pid(), signal));
    EXPECT_EQ(main.signal_take(), signal_bit(signal));
    EXPECT_TRUE(main.signal_action(signal, abi::kSignalIgnore));
    EXPECT_TRUE(main.kill(main.pid(), signal));
    EXPECT_FALSE(main.doomed());
    EXPECT_EQ(actions(), before) << signal;
  }
}

TEST_F(SessionTest, TimeZonesAreFixedOffsets) {
  const auto kernel = open();
  Task& main = kernel->main_task();
  struct Case {
    std::string_view zone;
    std::string_view name;
    i32 offset;
  };
  for (const Case& one : {Case{"", "UTC", 0}, Case{"UTC0", "UTC", 0}, Case{"EST5", "EST", -18000},
                          Case{"IST-5:30", "IST", 19800}, Case{"<+03>-3", "+03", 10800},
                          Case{"Europe/Berlin", "UTC", 0}, Case{"ABC", "UTC", 0},
                          Case{"ABC999", "UTC", 0}, Case{"<", "UTC", 0}}) {
    const abi::LocalTime time = main.local_time(86400, one.zone).value();
    EXPECT_EQ(time.utc_offset, one.offset) << one.zone;
    EXPECT_EQ(std::string_view(time.zone_name), one.name) << one.zone;
    EXPECT_EQ(
        ((time.hour + 24 - one.offset / 3600) * 60 + time.minute - one.offset % 3600 / 60) % 1440,
        0)
        << one.zone;
  }
  EXPECT_EQ(main.local_time(INT64_MAX, "").error(), Errno::overflow);
}

TEST_F(SessionTest, TheEndOfASessionEndsItsTasks) {
  std::atomic<int> ended = 0;
  auto kernel = open();
  for (int i = 0; i < 4; ++i) {
    const auto function = [&ended](Task& task) {
      const ExitState end = wait_for_doom(task);
      ended.fetch_add(1);
      return end;
    };
    TaskRef task = kernel->create_task(kernel->main_task(), CloneRequest{}).value();
    ASSERT_TRUE(kernel->run_pooled(std::move(task),
                                   std::make_unique<LambdaBody<decltype(function)>>(function)));
  }
  kernel.reset();
  EXPECT_EQ(ended.load(), 4);
}

TEST_F(SessionTest, SessionsOfManyThreadsDoNotMeet) {
  const auto work = [this] {
    for (int i = 0; i < 50; ++i) {
      const auto kernel = open();
      Task& main = kernel->main_task();
      i32 ends[2];
      ASSERT_TRUE(main.pipe(ends, 0));
      const auto write = [ends](Task& task) {
        EXPECT_TRUE(write_text(task, ends[1], "hello"));
        return ExitState::exited(3);
      };
      TaskRef task = kernel->create_task(main, CloneRequest{}).value();
      const i32 pid = task->pid();
      ASSERT_TRUE(kernel->run_pooled(std::move(task),
                                     std::make_unique<LambdaBody<decltype(write)>>(write)));
      ASSERT_TRUE(main.close(ends[1]));
      EXPECT_EQ(read_all(main, ends[0]), "hello");
      abi::WaitResult result = {};
      EXPECT_EQ(main.wait(pid, 0, result), pid);
      EXPECT_EQ(result.code, 3);
    }
  };
  std::thread threads[] = {std::thread(work), std::thread(work), std::thread(work)};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace swebash::kernel
