// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <set>
#include <thread>

#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

class TaskWaitTest : public KernelTest {};

TEST_F(TaskWaitTest, AnInlineTaskIsWaitedForLikeAnyChild) {
  const i32 pid = run_inline([](Task&) { return ExitState::exited(42); });
  EXPECT_EQ(kernel_->live_tasks(), 0u);
  abi::WaitResult result = {};
  EXPECT_EQ(main().wait(-1, abi::kWaitNoHang, result), pid);
  EXPECT_EQ(result.kind, abi::kExited);
  EXPECT_EQ(result.code, 42);
  EXPECT_EQ(main().wait(pid, 0, result).error(), Errno::child);
}

TEST_F(TaskWaitTest, NoHangAnswersZeroWhileAChildRuns) {
  std::atomic<bool> end = false;
  const i32 pid = run_pooled([&](Task&) {
    while (!end.load()) std::this_thread::yield();
    return ExitState::exited(1);
  });
  abi::WaitResult result = {};
  EXPECT_EQ(main().wait(pid, abi::kWaitNoHang, result), 0);
  end = true;
  EXPECT_EQ(wait_for(pid).code, 1);
}

TEST_F(TaskWaitTest, NativeAndWasmChildrenAreWaitedForTogether) {
  const ScriptProgram script("exit 5");
  std::set<i32> pids;
  for (int i = 0; i < 3; ++i) pids.insert(main().spawn(script.program()).value());
  for (int i = 0; i < 3; ++i) {
    pids.insert(run_pooled([](Task& task) {
      (void)task.poll({}, 5'000'000);
      return ExitState::exited(5);
    }));
  }
  while (!pids.empty()) {
    abi::WaitResult result = {};
    const i32 pid = main().wait(-1, 0, result).value();
    EXPECT_EQ(pids.erase(pid), 1u);
    EXPECT_EQ(result.code, 5);
  }
}

TEST_F(TaskWaitTest, ANativeChildThatDiesOfASignalSaysWhich) {
  const ScriptProgram script("kill -KILL $$");
  const i32 pid = main().spawn(script.program()).value();
  const abi::WaitResult result = wait_for(pid);
  EXPECT_EQ(result.kind, abi::kSignaled);
  EXPECT_EQ(result.code, SIGKILL);
}

TEST_F(TaskWaitTest, SeesANativeChildStopAndGoOn) {
  const ScriptProgram script("kill -STOP $$; exit 3");
  const i32 pid = main().spawn(script.program()).value();
  std::atomic<bool> end = false;
  // With another task about, the wait is not the plain one.
  const i32 other = run_pooled([&](Task& task) {
    while (!end.load()) (void)task.poll({}, 1'000'000);
    return ExitState::exited(0);
  });
  (void)main().signal_action(SIGUSR1, abi::kSignalCatch);
  abi::WaitResult result = {};
  ASSERT_EQ(main().wait(pid, abi::kWaitUntraced, result), pid);
  EXPECT_EQ(result.kind, abi::kStopped);
  EXPECT_EQ(result.code, SIGSTOP);
  ASSERT_TRUE(main().kill(pid, SIGCONT));
  EXPECT_EQ(wait_for(pid).code, 3);
  end = true;
  (void)wait_for(other);
  (void)main().signal_action(SIGUSR1, abi::kSignalDefault);
}

TEST_F(TaskWaitTest, ACaughtSignalInterruptsTheWait) {
  (void)main().signal_action(SIGUSR1, abi::kSignalCatch);
  const ScriptProgram script("kill -USR1 $PPID; exec sleep 30");
  const i32 pid = main().spawn(script.program()).value();
  abi::WaitResult result = {};
  EXPECT_EQ(main().wait(pid, 0, result).error(), Errno::intr);
  EXPECT_EQ(main().signal_take(), signal_bit(SIGUSR1));
  ASSERT_TRUE(main().kill(pid, SIGKILL));
  EXPECT_EQ(wait_for(pid).code, SIGKILL);
  (void)main().signal_action(SIGUSR1, abi::kSignalDefault);
}

TEST_F(TaskWaitTest, CapturesMoreThanAPipeHoldsOnOneThread) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, abi::kGrowing | abi::kCloexec));
  run_inline([&](Task& task) {
    EXPECT_TRUE(task.dup2(fds[1], 1, 0));
    EXPECT_TRUE(task.close(fds[1]));
    EXPECT_TRUE(write_text(task, 1, "first\n"));
    const ScriptProgram script("head -c 3000000 /dev/zero; echo native");
    const i32 pid = task.spawn(script.program()).value();
    abi::WaitResult result = {};
    EXPECT_EQ(task.wait(pid, 0, result), pid);
    EXPECT_EQ(result.code, 0);
    EXPECT_TRUE(write_text(task, 1, "last\n"));
    return ExitState::exited(0);
  });
  ASSERT_TRUE(main().close(fds[1]));
  const std::string got = read_all(main(), fds[0]).value();
  EXPECT_EQ(got.size(), 6u + 3'000'000 + 7 + 5);
  EXPECT_TRUE(got.starts_with("first\n"));
  EXPECT_TRUE(got.ends_with("native\nlast\n"));
}

TEST_F(TaskWaitTest, TheReaderWaitsForABackgroundNativeThatKeepsTheDescriptor) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, abi::kGrowing | abi::kCloexec));
  run_inline([&](Task& task) {
    EXPECT_TRUE(task.dup2(fds[1], 1, 0));
    const ScriptProgram script("sleep 0.05; echo late");
    EXPECT_TRUE(task.spawn(script.program()));
    return ExitState::exited(0);
  });
  ASSERT_TRUE(main().close(fds[1]));
  EXPECT_EQ(read_all(main(), fds[0]), "late\n");
}

TEST_F(TaskWaitTest, APipelineOfPooledTasksMovesItsBytes) {
  i32 first[2];
  i32 second[2];
  ASSERT_TRUE(main().pipe(first, abi::kCloexec));
  ASSERT_TRUE(main().pipe(second, abi::kCloexec));
  constexpr usize kBytes = 2'000'000;
  const i32 writer = run_pooled([&, out = first[1]](Task& task) {
    (void)task.close(first[0]);
    const std::string text(10'000, 'x');
    for (usize done = 0; done < kBytes;) done += write_text(task, out, text).value();
    return ExitState::exited(0);
  });
  const i32 copier = run_pooled([in = first[0], other = first[1], out = second[1]](Task& task) {
    (void)task.close(other);
    while (true) {
      const SysResult<i64> count = task.copy(in, out, 1 << 20);
      if (!count.has_value()) return ExitState::exited(1);
      if (*count == 0) return ExitState::exited(0);
    }
  });
  ASSERT_TRUE(main().close(first[0]));
  ASSERT_TRUE(main().close(first[1]));
  ASSERT_TRUE(main().close(second[1]));
  EXPECT_GE(read_all(main(), second[0]).value().size(), kBytes);
  EXPECT_EQ(wait_for(writer).code, 0);
  EXPECT_EQ(wait_for(copier).code, 0);
}

TEST_F(TaskWaitTest, DescriptorsAreClosedBeforeTheEndIsKnown) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, 0));
  const i32 pid = run_pooled([](Task&) { return ExitState::exited(0); });
  ASSERT_TRUE(main().close(fds[1]));
  (void)wait_for(pid);
  EXPECT_EQ(read_all(main(), fds[0]), "");
}

TEST_F(TaskWaitTest, ChildrenOfAnEndedTaskAreNobodysAndNotZombies) {
  run_inline([&](Task& task) {
    const ScriptProgram script("exit 0");
    EXPECT_TRUE(task.spawn(script.program()));
    run_inline([](Task&) { return ExitState::exited(0); }, &task);
    return ExitState::exited(0);
  });
  abi::WaitResult result = {};
  EXPECT_GE(main().wait(-1, 0, result).value(), kFirstTaskPid);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(main().wait(-1, 0, result).error(), Errno::child);
}

TEST_F(TaskWaitTest, ExecInAWasmTaskEndsItWithTheProgramsStatus) {
  const i32 pid = run_inline([](Task& task) {
    const ScriptProgram script("exit 9");
    EXPECT_EQ(task.exec(script.program()).error(), Errno::intr);
    EXPECT_TRUE(task.doomed());
    return task.end_state();
  });
  EXPECT_EQ(wait_for(pid).code, 9);
  const ScriptProgram script("");
  Program missing = script.program();
  missing.path = "/no/such";
  EXPECT_EQ(main().exec(missing).error(), Errno::noent);
}

TEST_F(TaskWaitTest, ExecOfTheMainTaskReplacesTheHost) {
  EXPECT_EXIT(
      {
        const ScriptProgram script("exit 11");
        (void)main().exec(script.program());
      },
      testing::ExitedWithCode(11), "");
}

TEST_F(TaskWaitTest, NativeChildrenGetDirectoryUmaskAndDescriptorsOfTheTask) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, abi::kCloexec));
  run_inline([&](Task& task) {
    EXPECT_TRUE(task.change_directory("/usr"));
    (void)task.umask(031);
    EXPECT_TRUE(task.dup2(fds[1], 7, 0));
    const ScriptProgram script("{ pwd; umask; } >&7; ls /proc/self/fd | grep -c . >&7");
    abi::WaitResult result = {};
    const i32 pid = task.spawn(script.program()).value();
    EXPECT_EQ(task.wait(pid, 0, result), pid);
    return ExitState::exited(0);
  });
  ASSERT_TRUE(main().close(fds[1]));
  EXPECT_TRUE(read_all(main(), fds[0]).value().starts_with("/usr\n0031\n"));
}

TEST_F(TaskWaitTest, UsageCountsTheTimeOfChildren) {
  const ScriptProgram script("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
  (void)wait_for(main().spawn(script.program()).value());
  const abi::Usage usage = main().usage(abi::kUsageChildren).value();
  EXPECT_GT(usage.user_time + usage.system_time, 0);
  EXPECT_GT(usage.peak_memory, 0u);
}

class TaskLimitTest : public KernelTest {
 protected:
  TaskLimitTest() : KernelTest(Limits{.tasks = 5, .captured_bytes = 1000}) {}
};

TEST_F(TaskLimitTest, TasksBeyondTheLimitAreRefusedAndTheRestGoesOn) {
  std::vector<TaskRef> tasks;
  for (int i = 0; i < 4; ++i) tasks.push_back(kernel_->create_task(main(), {}).value());
  EXPECT_EQ(kernel_->create_task(main(), {}).error(), Errno::again);
  const ScriptProgram script("exit 0");
  EXPECT_EQ(main().spawn(script.program()).error(), Errno::again);
  for (const TaskRef& task : tasks) kernel_->abandon(task);
  (void)wait_for(main().spawn(script.program()).value());
}

TEST_F(TaskLimitTest, ANativeThatWritesBeyondTheCaptureLimitIsStopped) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, abi::kGrowing | abi::kCloexec));
  run_inline([&](Task& task) {
    EXPECT_TRUE(task.dup2(fds[1], 1, 0));
    const ScriptProgram script("exec yes");
    const i32 pid = task.spawn(script.program()).value();
    abi::WaitResult result = {};
    EXPECT_EQ(task.wait(pid, 0, result), pid);
    EXPECT_EQ(result.kind, abi::kSignaled);
    EXPECT_EQ(result.code, SIGPIPE);
    return ExitState::exited(0);
  });
  EXPECT_EQ(read_all(main(), fds[0]).error(), Errno::fbig);
}

// Threads that may still be made.
std::atomic<int> threads_left = 0;

int few_threads(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                void* argument) {
  if (threads_left.fetch_sub(1) <= 0) return EAGAIN;
  return ::pthread_create(thread, attributes, start, argument);
}

class FewThreadsTest : public KernelTest {
 protected:
  FewThreadsTest()
      : KernelTest(StartOptions(), {.kept_threads = 0, .create_thread = &few_threads}) {}
};

// A pipeline of tasks, each of which copies: the one that gets no thread is no child, its ends of
// pipes are closed, and those before it end.
TEST_F(FewThreadsTest, ATaskWithoutAThreadLeavesNothing) {
  constexpr int kStages = 4;
  for (int threads = 0; threads <= kStages; ++threads) {
    threads_left = threads;
    const usize descriptors = main().open_descriptors();
    std::vector<i32> pids;
    i32 in = main().open(abi::kCwd, "/dev/zero", abi::kRead, 0).value();
    bool failed = false;
    for (int i = 0; i < kStages && !failed; ++i) {
      i32 ends[2];
      ASSERT_TRUE(main().pipe(ends, 0));
      TaskRef task = kernel_->create_task(main(), CloneRequest{}).value();
      const i32 pid = task->pid();
      const auto copy = [in, ends](Task& self) {
        EXPECT_TRUE(self.close(ends[0]));
        while (!self.doomed() && self.copy(in, ends[1], 1 << 20).value_or(0) > 0) {
        }
        return self.doomed() ? self.end_state() : ExitState::exited(0);
      };
      const SysResult<void> started =
          kernel_->run_pooled(std::move(task), std::make_unique<LambdaBody<decltype(copy)>>(copy));
      EXPECT_TRUE(main().close(in));
      EXPECT_TRUE(main().close(ends[1]));
      in = ends[0];
      failed = !started.has_value();
      if (failed) {
        EXPECT_EQ(started.error(), Errno::again);
        abi::WaitResult result = {};
        EXPECT_EQ(main().wait(pid, 0, result), std::unexpected(Errno::child));
      } else {
        pids.push_back(pid);
      }
    }
    EXPECT_EQ(failed, threads < kStages);
    EXPECT_EQ(pids.size(), static_cast<usize>(threads));
    EXPECT_TRUE(main().close(in));
    for (const i32 pid : pids) {
      const abi::WaitResult result = wait_for(pid);
      EXPECT_EQ(result.kind, abi::kSignaled);
      EXPECT_EQ(result.code, SIGPIPE);
    }
    EXPECT_EQ(kernel_->live_tasks(), 0u);
    EXPECT_EQ(main().open_descriptors(), descriptors);
    // The next round makes its threads anew.
    while (host_.pool().thread_count() > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
}

}  // namespace
}  // namespace swebash::kernel
