// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/session_watch.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

Limits wall_time(i64 nanoseconds) {
  Limits limits;
  limits.wall_time = nanoseconds;
  return limits;
}

class WallTimeTest : public KernelTest {
 protected:
  WallTimeTest() : KernelTest(wall_time(200'000'000)) {}
};

TEST_F(WallTimeTest, EndsAllTasksAndEveryProcess) {
  const ScriptProgram script("trap '' TERM; sleep 1000 & wait");
  const i32 native = main().spawn(script.program()).value();
  run_pooled([](Task& task) {
    while (!task.doomed()) (void)task.poll({}, -1);
    return task.end_state();
  });
  while (!main().doomed()) (void)main().poll({}, -1);
  EXPECT_EQ(main().end_state(), ExitState::exited(kWallTimeStatus));
  kernel_->wait_for_tasks();
  kernel_->wait_for_end();
  EXPECT_NE(::kill(native, 0), 0);
  // Nothing starts any more.
  EXPECT_EQ(main().spawn(script.program()).error(), Errno::again);
}

class WrittenBytesTest : public KernelTest {
 protected:
  static Limits limit() {
    Limits limits;
    limits.written_bytes = 100;
    return limits;
  }
  WrittenBytesTest() : KernelTest(limit()) {}
};

TEST_F(WrittenBytesTest, CountsThoseOfAllTasks) {
  const i32 fd = main().open(abi::kCwd, "/dev/null", abi::kWrite, 0).value();
  run_inline([&](Task& task) {
    EXPECT_TRUE(write_text(task, fd, std::string(60, 'x')));
    return ExitState::exited(0);
  });
  EXPECT_FALSE(main().doomed());
  EXPECT_EQ(write_text(main(), fd, std::string(60, 'x')), 40u) << "up to the limit, to the byte";
  EXPECT_FALSE(main().doomed());
  static_cast<void>(write_text(main(), fd, "x"));
  EXPECT_TRUE(main().doomed());
  EXPECT_EQ(main().end_state(), ExitState::exited(kWrittenStatus));
}

TEST_F(WrittenBytesTest, CountsThoseOfAProgramThatWasWaitedFor) {
  const ScriptProgram script("printf '%060d' 0 > /dev/null");
  for (const bool past : {false, true}) {
    const i32 pid = main().spawn(script.program()).value();
    EXPECT_FALSE(main().doomed());
    abi::WaitResult result = {};
    while (main().wait(pid, 0, result) == std::unexpected(Errno::intr) && !main().doomed()) {
    }
    EXPECT_EQ(main().doomed(), past);
  }
  EXPECT_EQ(main().end_state(), ExitState::exited(kWrittenStatus));
}

TEST_F(WrittenBytesTest, CountsThoseOfAProgramThatGoesOn) {
  const ScriptProgram script("printf '%0120d' 0 > /dev/null; sleep 1000");
  const i32 native = main().spawn(script.program()).value();
  while (!main().doomed()) (void)main().poll({}, -1);
  EXPECT_EQ(main().end_state(), ExitState::exited(kWrittenStatus));
  kernel_->wait_for_end();
  EXPECT_NE(::kill(native, 0), 0);
}

class TaskTimeTest : public KernelTest {};

TEST_F(TaskTimeTest, ATaskThatPassesItsOwnIsSentSigxcpu) {
  const i32 pid = run_pooled([](Task& task) {
    EXPECT_TRUE(task.limit_set(RLIMIT_CPU, {1, RLIM_INFINITY}));
    while (!task.doomed()) {
    }
    return task.end_state();
  });
  const abi::WaitResult result = wait_for(pid);
  EXPECT_EQ(result.kind, abi::kSignaled);
  EXPECT_EQ(result.code, SIGXCPU);
  EXPECT_FALSE(main().doomed());
}

}  // namespace
}  // namespace swebash::kernel
