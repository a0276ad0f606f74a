// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/task.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <set>
#include <thread>

#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

class TaskFilesTest : public KernelTest {
 protected:
  void SetUp() override {
    char name[] = "/tmp/task_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    directory_ = name;
    ASSERT_TRUE(main().change_directory(directory_));
  }
  void TearDown() override {
    const std::string remove = "rm -rf " + directory_;
    EXPECT_EQ(std::system(remove.c_str()), 0);
  }

  std::string directory_;
};

std::string working_directory(Task& task) {
  char buffer[4096];
  const usize length = task.working_directory(buffer).value();
  return std::string(buffer, length);
}

TEST_F(TaskFilesTest, OpensReadsSeeksAndTruncates) {
  const i32 fd = main().open(abi::kCwd, "f", abi::kRead | abi::kWrite | abi::kCreate, 0666).value();
  EXPECT_EQ(write_text(main(), fd, "hello"), 5u);
  EXPECT_EQ(main().seek(fd, 1, abi::kSeekSet), 1);
  EXPECT_EQ(read_all(main(), fd), "ello");
  ASSERT_TRUE(main().truncate(fd, 2));
  EXPECT_EQ(main().fstat(fd).value().size, 2u);
  EXPECT_EQ(main().fstat(fd).value().type, abi::kRegular);
  EXPECT_EQ(main().stat(abi::kCwd, "nothing", 0).error(), Errno::noent);
  EXPECT_EQ(main().open(abi::kCwd, "", abi::kRead, 0).error(), Errno::noent);
  EXPECT_EQ(main().open(abi::kCwd, std::string(5000, 'x'), abi::kRead, 0).error(),
            Errno::nametoolong);
  EXPECT_EQ(main().open(abi::kCwd, std::string_view("a\0b", 3), abi::kRead, 0).error(),
            Errno::noent);
  EXPECT_EQ(main().fd_flags(fd), abi::kRead | abi::kWrite);
}

TEST_F(TaskFilesTest, AFifoThatNobodyOpensCanBeLeft) {
  ASSERT_EQ(::mkfifo((directory_ + "/fifo").c_str(), 0600), 0);
  std::atomic<bool> caught = false;
  for (const u32 mode : {abi::kRead, abi::kWrite}) {
    caught = false;
    const i32 pid = run_pooled([&caught, mode](Task& task) {
      EXPECT_TRUE(task.signal_action(SIGUSR1, abi::kSignalCatch));
      EXPECT_EQ(task.open(abi::kCwd, "fifo", mode, 0).error(), Errno::intr);
      EXPECT_EQ(task.signal_take(), signal_bit(SIGUSR1));
      caught = true;
      EXPECT_EQ(task.open(abi::kCwd, "fifo", mode, 0).error(), Errno::intr);
      EXPECT_TRUE(task.doomed());
      return task.end_state();
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ASSERT_TRUE(main().kill(pid, SIGUSR1));
    while (!caught.load()) std::this_thread::yield();
    ASSERT_TRUE(main().kill(pid, SIGTERM));
    EXPECT_EQ(wait_for(pid).code, SIGTERM);
  }
}

TEST_F(TaskFilesTest, BothEndsOfAFifoMeet) {
  ASSERT_EQ(::mkfifo((directory_ + "/fifo").c_str(), 0600), 0);
  for (int i = 0; i < 20; ++i) {
    const i32 pid = run_pooled([i](Task& task) {
      std::this_thread::sleep_for(std::chrono::milliseconds(i % 3 * 15));
      const i32 fd = task.open(abi::kCwd, "fifo", abi::kWrite, 0).value();
      EXPECT_TRUE(write_text(task, fd, "word"));
      return ExitState::exited(0);
    });
    const i32 fd = main().open(abi::kCwd, "fifo", abi::kRead, 0).value();
    EXPECT_EQ(read_all(main(), fd), "word");
    EXPECT_TRUE(main().close(fd));
    (void)wait_for(pid);
  }
}

TEST_F(TaskFilesTest, HostDescriptorsAreAlwaysCloseOnExec) {
  const i32 fd = main().open(abi::kCwd, "f", abi::kWrite | abi::kCreate, 0666).value();
  EXPECT_EQ(::fcntl(main().host_fd(fd).value(), F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(main().fd_flags(fd).value() & abi::kCloexec, 0u);
  const i32 kept = main().dup(fd, 10, abi::kCloexec).value();
  EXPECT_GE(kept, 10);
  EXPECT_NE(main().fd_flags(kept).value() & abi::kCloexec, 0u);
}

TEST_F(TaskFilesTest, DuplicatesShareTheOffset) {
  const i32 fd = main().open(abi::kCwd, "f", abi::kRead | abi::kWrite | abi::kCreate, 0666).value();
  const i32 copy = main().dup(fd, 0, 0).value();
  EXPECT_EQ(write_text(main(), fd, "abc"), 3u);
  EXPECT_EQ(main().seek(copy, 0, abi::kSeekCurrent), 3);
  EXPECT_EQ(main().dup2(copy, 99, 0), 99);
  EXPECT_EQ(main().seek(99, 0, abi::kSeekSet), 0);
  EXPECT_EQ(read_all(main(), fd), "abc");
  EXPECT_EQ(main().dup2(77, 1, 0).error(), Errno::badf);
}

TEST_F(TaskFilesTest, ReadsAPipeUpToADelimiter) {
  i32 fds[2];
  ASSERT_TRUE(main().pipe(fds, 0));
  const std::string longer(3000, 'x');
  EXPECT_EQ(write_text(main(), fds[1], "one\ntwo\n" + longer + "\nrest"), 3013u);
  char buffer[4096];
  EXPECT_EQ(main().read_until(fds[0], buffer, '\n'), 4u);
  EXPECT_EQ(main().read_until(fds[0], std::span(buffer, 2), '\n'), 2u);
  EXPECT_EQ(main().read_until(fds[0], buffer, '\n'), 2u);
  std::string line;
  while (!line.ends_with('\n')) {
    const usize count = main().read_until(fds[0], buffer, '\n').value();
    ASSERT_GT(count, 0u);
    line.append(buffer, count);
  }
  EXPECT_EQ(line, longer + "\n");
  ASSERT_TRUE(main().close(fds[1]));
  EXPECT_EQ(read_all(main(), fds[0]), "rest");
  EXPECT_EQ(main().read_until(fds[0], buffer, '\n'), 0u);
}

TEST_F(TaskFilesTest, ReadsNothingTooMuchWhereItCannotLookAhead) {
  const i32 fd = main().open(abi::kCwd, "f", abi::kRead | abi::kWrite | abi::kCreate, 0666).value();
  EXPECT_EQ(write_text(main(), fd, "a\nb"), 3u);
  EXPECT_EQ(main().seek(fd, 0, abi::kSeekSet), 0);
  char buffer[8];
  EXPECT_EQ(main().read_until(fd, buffer, '\n'), 1u);
  EXPECT_EQ(read_all(main(), fd), "\nb");
  EXPECT_EQ(main().read_until(99, buffer, '\n').error(), Errno::badf);
}

TEST_F(TaskFilesTest, DirectoryAndUmaskAreTheTasksOwn) {
  ASSERT_TRUE(main().mkdir(abi::kCwd, "sub", 0777));
  const u32 host_mask = main().umask(022).value();
  run_inline([&](Task& task) {
    EXPECT_TRUE(task.change_directory("sub"));
    EXPECT_EQ(task.umask(077), 022u);
    EXPECT_TRUE(task.open(abi::kCwd, "private", abi::kWrite | abi::kCreate, 0666).has_value());
    EXPECT_EQ(working_directory(task), directory_ + "/sub");
    return ExitState::exited(0);
  });
  EXPECT_EQ(working_directory(main()), directory_);
  EXPECT_EQ(main().umask(-1), 022u);
  EXPECT_EQ(main().stat(abi::kCwd, "sub/private", 0).value().mode, 0600u);
  ASSERT_TRUE(main().open(abi::kCwd, "shared", abi::kWrite | abi::kCreate, 0666));
  EXPECT_EQ(main().stat(abi::kCwd, "shared", 0).value().mode, 0644u);
  (void)main().umask(static_cast<i32>(host_mask));
  EXPECT_EQ(main().change_directory("nowhere").error(), Errno::noent);
  EXPECT_EQ(main().change_directory("shared").error(), Errno::notdir);
}

TEST_F(TaskFilesTest, ARemovedWorkingDirectoryHasNoPath) {
  ASSERT_TRUE(main().mkdir(abi::kCwd, "gone", 0777));
  ASSERT_TRUE(main().change_directory("gone"));
  ASSERT_TRUE(main().unlink(abi::kCwd, "../gone", abi::kRemoveDirectory));
  char buffer[100];
  EXPECT_EQ(main().working_directory(buffer).error(), Errno::noent);
}

TEST_F(TaskFilesTest, ListsADirectoryInSmallPieces) {
  std::set<std::string> names;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "file-" + std::to_string(i);
    names.insert(name);
    const i32 made = main().open(abi::kCwd, name, abi::kWrite | abi::kCreate, 0600).value();
    ASSERT_TRUE(main().close(made));
  }
  const i32 fd = main().open(abi::kCwd, ".", abi::kRead | abi::kDirectory, 0).value();
  std::set<std::string> found;
  alignas(8) char buffer[300];
  while (true) {
    const usize size = main().read_directory(fd, buffer).value();
    if (size == 0) break;
    ASSERT_EQ(size % 8, 0u);
    for (usize at = 0; at < size;) {
      abi::DirectoryEntry entry;
      std::memcpy(&entry, buffer + at, sizeof(entry));
      EXPECT_EQ(entry.type, abi::kRegular);
      found.emplace(buffer + at + sizeof(entry), entry.name_length);
      at += sizeof(entry) + (entry.name_length + 7) / 8 * 8;
    }
  }
  EXPECT_EQ(found, names);
}

TEST_F(TaskFilesTest, LinksAndTimes) {
  ASSERT_TRUE(main().symlink("target text", abi::kCwd, "link"));
  char buffer[6];
  EXPECT_EQ(main().readlink(abi::kCwd, "link", buffer), 11u);
  EXPECT_EQ(std::string_view(buffer, 6), "target");
  EXPECT_EQ(main().stat(abi::kCwd, "link", abi::kLinkItself).value().type, abi::kSymlink);
  constexpr i64 kBefore1970 = -1'500'000'000;
  ASSERT_TRUE(main().set_times(abi::kCwd, "link", 7, kBefore1970, abi::kLinkItself));
  const abi::Stat about = main().stat(abi::kCwd, "link", abi::kLinkItself).value();
  EXPECT_EQ(about.access_time, 7);
  EXPECT_EQ(about.modify_time, kBefore1970);
  ASSERT_TRUE(main().rename(abi::kCwd, "link", abi::kCwd, "other"));
  EXPECT_TRUE(main().unlink(abi::kCwd, "other", 0));
}

TEST_F(TaskFilesTest, CopiesBetweenAllKindsOfDescriptors) {
  const std::string text(100'000, 'q');
  const i32 file =
      main().open(abi::kCwd, "a", abi::kRead | abi::kWrite | abi::kCreate, 0600).value();
  ASSERT_EQ(write_text(main(), file, text), text.size());
  ASSERT_EQ(main().seek(file, 0, abi::kSeekSet), 0);
  i32 growing[2];
  ASSERT_TRUE(main().pipe(growing, abi::kGrowing));
  const auto copy_all = [&](i32 from, i32 to) {
    i64 total = 0;
    while (const i64 count = main().copy(from, to, 1 << 20).value()) total += count;
    return total;
  };
  EXPECT_EQ(copy_all(file, growing[1]), 100'000);
  ASSERT_TRUE(main().close(growing[1]));
  const i32 second =
      main().open(abi::kCwd, "b", abi::kRead | abi::kWrite | abi::kCreate, 0600).value();
  EXPECT_EQ(copy_all(growing[0], second), 100'000);
  ASSERT_EQ(main().seek(second, 0, abi::kSeekSet), 0);
  const i32 append =
      main().open(abi::kCwd, "c", abi::kWrite | abi::kCreate | abi::kAppend, 0600).value();
  EXPECT_EQ(copy_all(second, append), 100'000);
  EXPECT_EQ(main().stat(abi::kCwd, "c", 0).value().size, 100'000u);
  // A file of /proc has no size, and something in it.
  const i32 proc = main().open(abi::kCwd, "/proc/version", abi::kRead, 0).value();
  EXPECT_GT(copy_all(proc, append), 10);
}

TEST_F(TaskFilesTest, PathsOfDescriptorsNameTheGuestsNumbers) {
  const i32 fd = main().open(abi::kCwd, "f", abi::kRead | abi::kWrite | abi::kCreate, 0600).value();
  ASSERT_EQ(write_text(main(), fd, "text"), 4u);
  ASSERT_EQ(main().dup2(fd, 200, 0), 200);
  const i32 again = main().open(abi::kCwd, "/dev/fd/200", abi::kRead, 0).value();
  EXPECT_EQ(read_all(main(), again), "text");
  EXPECT_EQ(main().stat(abi::kCwd, "/dev/fd/200", 0).value().size, 4u);
  EXPECT_EQ(main().stat(abi::kCwd, "/dev/fd/201", 0).error(), Errno::noent);
  EXPECT_TRUE(main().access(abi::kCwd, "/dev/fd/200", abi::kAccessRead));
}

TEST_F(TaskFilesTest, OpenFilesHaveALimit) {
  ASSERT_TRUE(main().limit_set(RLIMIT_NOFILE, {20, 20}));
  Errno error = Errno::io;
  for (int i = 0; i < 30; ++i) {
    const SysResult<i32> fd = main().open(abi::kCwd, "/dev/null", abi::kRead, 0);
    if (!fd.has_value()) {
      error = fd.error();
      break;
    }
  }
  EXPECT_EQ(error, Errno::mfile);
  EXPECT_EQ(main().dup2(0, 20, 0).error(), Errno::badf);
}

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
