// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

class TaskForkTest : public KernelTest {
 protected:
  TaskForkTest() = default;
  explicit TaskForkTest(const Limits& limits) : KernelTest(limits) {}

  // Forks a child of `parent` that ends with what `function` answers; its pid.
  template <class F>
  SysResult<pid_t> fork_of(Task& parent, F function) {
    const SysResult<pid_t> pid = kernel_->fork_task(parent, CloneRequest{});
    if (pid == 0) Kernel::end_process(ExitState::exited(function(main())));
    return pid;
  }
  // Leaves a thread of the pool that has nothing to do.
  void leave_idle_thread() {
    wait_for(run_pooled([](Task&) { return ExitState::exited(0); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
};

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SWEBASH_TSAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define SWEBASH_TSAN 1
#endif

TEST_F(TaskForkTest, IsAChildLikeAProgram) {
  const pid_t host = ::getpid();
  const pid_t pid =
      fork_of(main(), [&](Task& task) {
        return task.pid() == ::getpid() && ::getppid() == host && task.is_main() ? 3 : 4;
      }).value();
  EXPECT_LT(pid, kFirstTaskPid);
  EXPECT_EQ(wait_for(pid).code, 3);
  EXPECT_EQ(kernel_->live_tasks(), 0u);
}

TEST_F(TaskForkTest, HasTheDescriptorsOfItsParentAndNoOthers) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, 0));
  run_inline([&](Task& inner) {
    EXPECT_TRUE(inner.close(fds[1]));
    const pid_t pid =
        fork_of(inner, [&](Task& task) {
          char buffer[1];
          // The end of the file comes although the outermost task could write.
          return task.fd_flags(fds[1]).error() == Errno::badf && task.read(fds[0], buffer) == 0 ? 0
                                                                                                : 1;
        }).value();
    // What this process could still write.
    EXPECT_TRUE(main().close(fds[1]));
    abi::WaitResult result = {};
    EXPECT_EQ(inner.wait(pid, 0, result), pid);
    EXPECT_EQ(result.code, 0);
    return ExitState::exited(0);
  });
}

TEST_F(TaskForkTest, WritesToAPipeInMemory) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, abi::kGrowing));
  ASSERT_EQ(write_text(main(), fds[1], "before "), 7u);
  const pid_t pid = fork_of(main(), [&](Task& task) {
                      return write_text(task, fds[1], "forked") == 6u ? 0 : 1;
                    }).value();
  ASSERT_TRUE(main().close(fds[1]));
  EXPECT_EQ(read_all(main(), fds[0]), "before forked");
  EXPECT_EQ(wait_for(pid).code, 0);
}

TEST_F(TaskForkTest, SignalsAreItsOwn) {
  ASSERT_TRUE(main().signal_action(SIGUSR1, abi::kSignalCatch));
  ASSERT_TRUE(main().signal_action(SIGUSR2, abi::kSignalIgnore));
  const pid_t pid = fork_of(main(), [&](Task& task) {
                      ::kill(::getpid(), SIGUSR2);
                      EXPECT_EQ(task.signal_action(SIGUSR2, abi::kSignalAsk), abi::kSignalIgnore);
                      ::kill(::getpid(), SIGUSR1);
                      return 0;
                    }).value();
  const abi::WaitResult result = wait_for(pid);
  EXPECT_EQ(result.kind, abi::kSignaled);
  EXPECT_EQ(result.code, SIGUSR1);
  EXPECT_EQ(main().signal_take() & signal_bit(SIGUSR1), 0u);
}

TEST_F(TaskForkTest, LeavesIdleThreadsBehindAndMakesNewOnes) {
  leave_idle_thread();
  const SysResult<pid_t> pid = fork_of(main(), [&](Task& task) {
    const i32 pooled = run_pooled([](Task&) { return ExitState::exited(7); });
    abi::WaitResult result = {};
    return task.wait(pooled, 0, result) == pooled ? result.code : 1;
  });
#if defined(SWEBASH_TSAN)
  EXPECT_EQ(pid.error(), Errno::notsup);
#else
  ASSERT_TRUE(pid.has_value());
  EXPECT_EQ(wait_for(*pid).code, 7);
  // And the parent has its own still.
  EXPECT_EQ(wait_for(run_pooled([](Task&) { return ExitState::exited(8); })).code, 8);
#endif
}

TEST_F(TaskForkTest, IsNotToBeHadWhileThreadsAreAtWork) {
  std::atomic<bool> go_on = false;
  std::atomic<bool> refused = false;
  const i32 pooled = run_pooled([&](Task& task) {
    refused = kernel_->fork_task(task, CloneRequest{}).error() == Errno::notsup;
    while (!go_on.load()) std::this_thread::yield();
    return ExitState::exited(0);
  });
  EXPECT_EQ(kernel_->fork_task(main(), CloneRequest{}).error(), Errno::notsup);
  go_on = true;
  wait_for(pooled);
  EXPECT_TRUE(refused.load());
}

class TaskForkLimitTest : public TaskForkTest {
 protected:
  static Limits limits() {
    Limits limits;
    limits.tasks = 4;
    return limits;
  }
  TaskForkLimitTest() : TaskForkTest(limits()) {}
};

TEST_F(TaskForkLimitTest, ForksCountInEveryProcessOfTheSession) {
  // The main task, this fork and two of its own are all there can be.
  const pid_t pid = fork_of(main(), [&](Task& task) {
                      for (int i = 0; i < 2; ++i) {
                        const SysResult<pid_t> below = fork_of(task, [](Task&) {
                          ::sleep(2);
                          return 0;
                        });
                        if (!below.has_value()) return 1;
                      }
                      const bool full =
                          fork_of(task, [](Task&) { return 0; }).error() == Errno::again;
                      return full ? 0 : 2;
                    }).value();
  EXPECT_EQ(wait_for(pid).code, 0);
}

TEST_F(TaskForkLimitTest, AForkThatIsKilledGivesBackWhatItHad) {
  for (int i = 0; i < 10; ++i) {
    const SysResult<pid_t> pid = fork_of(main(), [&](Task& task) {
      (void)kernel_->create_task(task, CloneRequest{});
      ::pause();
      return 0;
    });
    ASSERT_TRUE(pid.has_value()) << i;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_TRUE(main().kill(*pid, SIGKILL));
    EXPECT_EQ(wait_for(*pid).code, SIGKILL);
  }
}

class TaskForkWatchTest : public TaskForkTest {
 protected:
  static Limits limits() {
    Limits limits;
    limits.wall_time = 60'000'000'000;
    limits.written_bytes = 100;
    return limits;
  }
  TaskForkWatchTest() : TaskForkTest(limits()) {}
};

// TSan lets no fork make threads, the watch's among them.
#if !defined(SWEBASH_TSAN)
TEST_F(TaskForkWatchTest, ForksBesideTheWatchAndSharesTheCountOfWhatIsWritten) {
  const i32 fd = main().open(abi::kCwd, "/dev/null", abi::kWrite, 0).value();
  for (int i = 0; i < 3; ++i) {
    const pid_t pid = fork_of(main(), [&](Task& task) {
                        return write_text(task, fd, std::string(30, 'x')) == 30u ? 0 : 1;
                      }).value();
    EXPECT_EQ(wait_for(pid).code, 0);
  }
  EXPECT_EQ(kernel_->written_bytes(), 90u);
  const pid_t pid = fork_of(main(), [&](Task& task) {
                      const bool cut = write_text(task, fd, std::string(30, 'x')) == 10u;
                      static_cast<void>(write_text(task, fd, "x"));
                      return cut && task.doomed() ? 0 : 1;
                    }).value();
  while (!main().doomed()) (void)main().poll({}, -1);
  EXPECT_EQ(main().end_state(), ExitState::exited(kWrittenStatus));
  kernel_->wait_for_end();
  EXPECT_NE(::kill(pid, 0), 0);
}
#endif

}  // namespace
}  // namespace swebash::kernel
