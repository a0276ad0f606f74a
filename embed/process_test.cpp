// SPDX-License-Identifier: Apache-2.0
//
// The process that embeds: it forks, waits for children of its own, has handlers for signals, and
// many threads.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "embed/test_session.hpp"

namespace swebash {
namespace {

using namespace std::chrono_literals;

class ProcessTest : public SessionTest {};

std::atomic<int> children_heard = 0;

TEST_F(ProcessTest, ForksAndWaitsWhileSessionsRun) {
  struct sigaction heard{}, before{};
  heard.sa_handler = [](int) { ++children_heard; };
  heard.sa_flags = SA_RESTART;
  ASSERT_EQ(::sigaction(SIGCHLD, &heard, &before), 0);
  swebash::Run run =
      session_.start("for ((;;)); do (exit 3) & { echo x; } | cat > /dev/null; wait; done").value();
  constexpr int kChildren = 20;
  for (int i = 0; i < kChildren; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      // As any program with threads: the child execs, or ends.
      if (i % 2 == 0) ::execl("/bin/sh", "sh", "-c", "exit 7", nullptr);
      ::_exit(7);
    }
    int status = 0;
    pid_t waited = 0;
    do {
      waited = ::waitpid(child, &status, 0);
    } while (waited < 0 && errno == EINTR);
    EXPECT_EQ(waited, child);
    EXPECT_EQ(WEXITSTATUS(status), 7);
  }
  EXPECT_EQ(children_heard.load(), kChildren);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
  EXPECT_FALSE(run.done());
  run.interrupt();
  EXPECT_EQ(run.wait().end, RunEnd::interrupted);
  struct sigaction now{};
  ::sigaction(SIGCHLD, nullptr, &now);
  EXPECT_EQ(now.sa_handler, heard.sa_handler);
  ::sigaction(SIGCHLD, &before, nullptr);
}

[[noreturn]] void crash_with_a_handler() {
  struct sigaction own{};
  own.sa_handler = [](int) { ::_exit(42); };
  ::sigaction(SIGSEGV, &own, nullptr);
  auto runtime = Runtime::create();
  auto session = runtime->open();
  // A fault in there is not the program's.
  const RunResult result = session->run("f() { f; }; (f) 2>/dev/null; echo $?");
  if (result.output.empty() || result.end != RunEnd::finished) ::_exit(1);
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
  ::_exit(2);
}

TEST(ProcessDeathTest, ItsHandlerGetsItsOwnFaults) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(crash_with_a_handler(), testing::ExitedWithCode(42), "");
}

[[noreturn]] void write_beyond_the_limit(const std::string& directory) {
  auto runtime = Runtime::create();
  auto session = runtime->open();
  const auto tree = host_directory(directory, Access::read_write);
  const rlimit limit = {1000, 1000};
  if (!tree || !session->mount("/host", *tree) || ::setrlimit(RLIMIT_FSIZE, &limit) != 0)
    ::_exit(1);
  const RunResult result =
      session->run("seq 1 1000 > /host/large_file; echo $?; rm /host/large_file");
  ::_exit(result.output == "1\n" && result.end == RunEnd::finished ? 42 : 2);
}

TEST(ProcessDeathTest, ALimitOnFilesIsAnErrorToTheScript) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(write_beyond_the_limit(testing::TempDir()), testing::ExitedWithCode(42), "");
}

TEST_F(ProcessTest, AHundredThreadsHaveSessions) {
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 100; ++t) {
    threads.emplace_back([&, t] {
      Session session = open();
      const std::string number = std::to_string(t);
      if (output_of(session, "x=" + number + "; echo $x | cat; echo $(echo $x) > f") !=
          number + "\n") {
        return;
      }
      Session fork = session.fork().value();
      if (output_of(fork, "cat f; x=other") == number + "\n" &&
          output_of(session, "echo $x") == number + "\n") {
        ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good.load(), 100);
}

TEST_F(ProcessTest, SessionsAreClosedAndInterruptedFromOtherThreads) {
  std::vector<std::thread> threads;
  std::atomic<int> ended = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        auto session = std::make_unique<Session>(open());
        std::atomic<bool> started = false;
        RunOptions options;
        options.on_output = [&](std::string_view) { started = true; };
        std::thread other([&] {
          while (!started) std::this_thread::yield();
          if (t % 2 == 0) {
            session->interrupt();
          } else {
            session.reset();
          }
        });
        Session& running = *session;
        const RunResult result =
            running.run("echo on; while :; do (echo x) | cat > /dev/null; done", options);
        other.join();
        if (result.end == RunEnd::interrupted) ++ended;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ended.load(), 80);
}

TEST_F(ProcessTest, ManySessionsOpenedAndClosedLeaveNothing) {
  const auto descriptors = [] {
    int count = 0;
    for (int fd = 0; fd < 1024; ++fd) count += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return count;
  };
  const auto round = [] {
    Session session = open();
    Session fork = session.fork().value();
    (void)fork.snapshot();
    swebash::Run run = fork.start("echo hi | cat").value();
    EXPECT_EQ(run.wait().output, "hi\n");
  };
  for (int i = 0; i < 20; ++i) round();
  const int before = descriptors();
  for (int i = 0; i < 200; ++i) round();
  EXPECT_LE(descriptors(), before + 1);
}

}  // namespace
}  // namespace swebash
