// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/task.hpp"

#include <fcntl.h>

#include <sys/stat.h>

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
      at += sizeof(entry) + (usize{entry.name_length} + 7) / 8 * 8;
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

}  // namespace
}  // namespace swebash::kernel
