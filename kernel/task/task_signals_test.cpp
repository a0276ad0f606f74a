// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/task.hpp"

#include <fcntl.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>

#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

class TaskSignalsTest : public KernelTest {};

TEST_F(TaskSignalsTest, ACaughtSignalIsTakenOnce) {
  std::atomic<u32> word = 0;
  main().signal_word(&word);
  EXPECT_EQ(main().signal_action(SIGUSR1, abi::kSignalCatch), abi::kSignalDefault);
  ASSERT_TRUE(main().kill(main().pid(), SIGUSR1));
  EXPECT_EQ(word.load(), 1u);
  EXPECT_EQ(main().signal_take(), signal_bit(SIGUSR1));
  EXPECT_EQ(word.load(), 0u);
  EXPECT_EQ(main().signal_take(), 0u);
  EXPECT_EQ(main().signal_action(SIGUSR1, abi::kSignalDefault), abi::kSignalCatch);
  EXPECT_EQ(main().signal_action(SIGKILL, abi::kSignalCatch).error(), Errno::inval);
  EXPECT_EQ(main().signal_action(0, abi::kSignalCatch).error(), Errno::inval);
  main().signal_word(nullptr);
}

TEST_F(TaskSignalsTest, ACloneInheritsIgnoringButNotCatching) {
  (void)main().signal_action(SIGUSR1, abi::kSignalCatch);
  (void)main().signal_action(SIGUSR2, abi::kSignalIgnore);
  run_inline([](Task& task) {
    EXPECT_EQ(task.signal_action(SIGUSR1, abi::kSignalDefault), abi::kSignalDefault);
    EXPECT_EQ(task.signal_action(SIGUSR2, abi::kSignalIgnore), abi::kSignalIgnore);
    return ExitState::exited(0);
  });
  (void)main().signal_action(SIGUSR1, abi::kSignalDefault);
  (void)main().signal_action(SIGUSR2, abi::kSignalDefault);
}

TEST_F(TaskSignalsTest, ASignalFromOutsideInterruptsARead) {
  (void)main().signal_action(SIGUSR1, abi::kSignalCatch);
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, 0));
  const pid_t self = ::getpid();
  std::thread sender([self] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    ::kill(self, SIGUSR1);
  });
  char buffer[1];
  // The sender's thread does not block the signal, so either of the two may run the handler.
  EXPECT_EQ(main().read(fds[0], buffer).error(), Errno::intr);
  sender.join();
  EXPECT_EQ(main().signal_take(), signal_bit(SIGUSR1));
  (void)main().signal_action(SIGUSR1, abi::kSignalDefault);
}

TEST_F(TaskSignalsTest, KillEndsAPooledTaskThatWaits) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, 0));
  const i32 pid = run_pooled([fd = fds[0]](Task& task) {
    char buffer[1];
    EXPECT_EQ(task.read(fd, buffer).error(), Errno::intr);
    EXPECT_TRUE(task.doomed());
    return task.end_state();
  });
  EXPECT_GE(pid, kFirstTaskPid);
  ASSERT_TRUE(main().kill(pid, SIGTERM));
  const abi::WaitResult result = wait_for(pid);
  EXPECT_EQ(result.kind, abi::kSignaled);
  EXPECT_EQ(result.code, SIGTERM);
  EXPECT_EQ(main().kill(pid, 0).error(), Errno::srch);
}

TEST_F(TaskSignalsTest, KillEndsWhatAPooledTaskRunsInline) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, 0));
  const i32 pid = run_pooled([this, fd = fds[0]](Task& task) {
    run_inline(
        [fd](Task& inner) {
          char buffer[1];
          EXPECT_EQ(inner.read(fd, buffer).error(), Errno::intr);
          return inner.end_state();
        },
        &task);
    EXPECT_TRUE(task.doomed());
    return task.end_state();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_TRUE(main().kill(pid, SIGHUP));
  EXPECT_EQ(wait_for(pid).code, SIGHUP);
}

TEST_F(TaskSignalsTest, ACaughtSignalInterruptsAPooledTask) {
  std::atomic<bool> ready = false;
  const i32 pid = run_pooled([&ready](Task& task) {
    (void)task.signal_action(SIGTERM, abi::kSignalCatch);
    ready = true;
    while (task.poll({}, 1'000'000'000).has_value()) {
    }
    EXPECT_FALSE(task.doomed());
    return ExitState::exited(task.signal_take() == signal_bit(SIGTERM) ? 3 : 4);
  });
  while (!ready.load()) std::this_thread::yield();
  ASSERT_TRUE(main().kill(pid, SIGTERM));
  EXPECT_EQ(wait_for(pid).code, 3);
}

TEST_F(TaskSignalsTest, ASignalBeforeAReadOfATerminalEndsIt) {
  const OwnedFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(::grantpt(master.get()), 0);
  ASSERT_EQ(::unlockpt(master.get()), 0);
  const std::string name = ::ptsname(master.get());
  std::atomic<bool> done = false;
  CloneRequest request;
  request.group = abi::kOwnGroup;
  const i32 pid = run_pooled(
      [&](Task& task) {
        const i32 fd = task.open(abi::kCwd, name, abi::kRead | abi::kWrite, 0).value();
        EXPECT_TRUE(task.signal_action(SIGINT, abi::kSignalCatch));
        EXPECT_TRUE(task.kill(task.pid(), SIGINT));
        char byte;
        EXPECT_EQ(task.read(fd, {&byte, 1}), std::unexpected(Errno::intr));
        done = true;
        return task.end_state();
      },
      request);
  for (int i = 0; i < 500 && !done.load(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(done.load());
  EXPECT_EQ(::write(master.get(), "\n", 1), 1);  // lets a read that waits end
  wait_for(pid);
}

TEST_F(TaskSignalsTest, WritingToNobodyIsDeathOrAnError) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, 0));
  ASSERT_TRUE(main().close(fds[0]));
  const i32 fd = fds[1];
  run_inline([fd](Task& task) {
    EXPECT_EQ(write_text(task, fd, "x").error(), Errno::pipe);
    EXPECT_TRUE(task.doomed());
    EXPECT_EQ(task.end_state(), ExitState::signaled(SIGPIPE));
    return task.end_state();
  });
  (void)main().signal_action(SIGPIPE, abi::kSignalIgnore);
  EXPECT_EQ(write_text(main(), fd, "x").error(), Errno::pipe);
  EXPECT_FALSE(main().doomed());
  (void)main().signal_action(SIGPIPE, abi::kSignalCatch);
  EXPECT_EQ(write_text(main(), fd, "x").error(), Errno::pipe);
  EXPECT_EQ(main().signal_take(), signal_bit(SIGPIPE));
}

TEST_F(TaskSignalsTest, StopsAndContinuesAPooledTask) {
  std::atomic<u32> turns = 0;
  std::atomic<bool> end = false;
  const i32 pid = run_pooled([&](Task& task) {
    while (!end.load()) {
      (void)task.signal_take();
      if (task.doomed()) return task.end_state();
      ++turns;
      (void)task.poll({}, 1'000'000);
    }
    return ExitState::exited(0);
  });
  while (turns.load() == 0) std::this_thread::yield();
  ASSERT_TRUE(main().kill(pid, SIGSTOP));
  abi::WaitResult result = {};
  ASSERT_EQ(main().wait(pid, abi::kWaitUntraced, result), pid);
  EXPECT_EQ(result.kind, abi::kStopped);
  EXPECT_EQ(result.code, SIGSTOP);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const u32 before = turns.load();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(turns.load(), before);
  ASSERT_TRUE(main().kill(pid, SIGCONT));
  ASSERT_EQ(main().wait(pid, abi::kWaitContinued, result), pid);
  EXPECT_EQ(result.kind, abi::kContinued);
  end = true;
  EXPECT_EQ(wait_for(pid).kind, abi::kExited);
}

TEST_F(TaskSignalsTest, AGroupWithoutAProcessGetsASignal) {
  CloneRequest own;
  own.group = abi::kOwnGroup;
  const auto sleep = [](Task& task) {
    while (!task.doomed()) (void)task.poll({}, -1);
    return task.end_state();
  };
  const i32 leader = run_pooled(sleep, own);
  CloneRequest same;
  same.group = leader;
  const i32 member = run_pooled(sleep, same);
  ASSERT_TRUE(main().kill(-leader, SIGINT));
  EXPECT_EQ(wait_for(leader).code, SIGINT);
  EXPECT_EQ(wait_for(member).code, SIGINT);
  EXPECT_EQ(main().kill(-leader, SIGINT).error(), Errno::srch);
}

TEST_F(TaskSignalsTest, TheHostDiesOfTheSignalItsMainTaskDiesOf) {
  EXPECT_EXIT(Kernel::end_process(ExitState::signaled(SIGTERM)), testing::KilledBySignal(SIGTERM),
              "");
  EXPECT_EXIT(Kernel::end_process(ExitState::exited(7)), testing::ExitedWithCode(7), "");
}

TEST_F(TaskSignalsTest, ATaskIgnoresWhatItsParentDoesFromWhenItCanBeFound) {
  ASSERT_TRUE(main().signal_action(SIGUSR1, abi::kSignalIgnore));
  std::atomic<bool> stop = false;
  std::atomic<i32> next = kFirstTaskPid;
  const i32 sender = run_pooled([&](Task& task) {
    while (!stop.load()) {
      const i32 pid = next.load();
      for (i32 i = 0; i < 3; ++i) (void)task.kill(pid + i, SIGUSR1);
    }
    return ExitState::exited(0);
  });
  for (int i = 0; i < 20'000; ++i) {
    const TaskRef child = kernel_->create_task(main(), CloneRequest{}).value();
    next = child->pid() + 1;
    EXPECT_FALSE(child->doomed());
    kernel_->abandon(child);
  }
  stop = true;
  wait_for(sender);
}

}  // namespace
}  // namespace swebash::kernel
