// SPDX-License-Identifier: Apache-2.0
//
// Runs on their own: output while they go on, signals, what ends them, and from which thread; and
// descriptors as streams.
#include "swebash/run.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "embed/test_session.hpp"

namespace swebash {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

class RunTest : public SessionTest {
 protected:
  swebash::Run start(std::string_view script, const RunOptions& options = {}) {
    return session_.start(script, options).value();
  }
  // Waits until the run has written something, and takes it.
  static std::string first_output(swebash::Run& run) {
    run.wait_output(10s);
    return run.take_output();
  }
};

TEST_F(RunTest, GoesOnByItself) {
  swebash::Run run = start("echo one; read -r x; echo $x; exit 3", {.input = "two\n"});
  const RunResult result = run.wait();
  EXPECT_EQ(result.output, "one\ntwo\n");
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.end, RunEnd::finished);
  EXPECT_TRUE(run.done());
  EXPECT_EQ(run.wait().status, 3);
  EXPECT_EQ(output_of("echo on"), "on\n");
}

TEST_F(RunTest, OutputIsTakenAsItComes) {
  swebash::Run run = start(
      "echo one; echo err >&2; sleep 0.05; echo two; while [[ ! -e go ]]; do sleep 0.01; done; "
      "echo three");
  EXPECT_EQ(first_output(run), "one\n");
  EXPECT_EQ(first_output(run), "two\n");
  EXPECT_FALSE(run.wait_for(10ms).has_value());
  EXPECT_EQ(run.take_output(), "");
  EXPECT_EQ(session_.write_file("go", "").error().kind, ErrorKind::busy);
  EXPECT_EQ(session_.run("echo no").end, RunEnd::not_run);
  EXPECT_EQ(session_.start("echo no").error().kind, ErrorKind::busy);
  run.interrupt();
  const RunResult result = run.wait();
  EXPECT_EQ(result.end, RunEnd::interrupted);
  EXPECT_EQ(result.status, 130);
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(result.output_bytes, 8u);
}

TEST_F(RunTest, OfMuchOutputTheMiddleIsMissing) {
  RunOptions options;
  options.output_limit = 100;
  swebash::Run run = start("seq 1 1000; echo ready >&2; sleep 100", options);
  while (run.take_errors().empty()) std::this_thread::sleep_for(1ms);
  const std::string taken = run.take_output();
  EXPECT_THAT(taken, HasSubstr("bytes are missing"));
  EXPECT_THAT(taken, testing::StartsWith("1\n2\n"));
  EXPECT_THAT(taken, testing::EndsWith("1000\n"));
  run.interrupt();
  EXPECT_TRUE(run.wait().output_cut());
}

TEST_F(RunTest, SignalsReachTheShellAndAllItRuns) {
  swebash::Run run = start("trap 'echo caught' USR1; echo ready; while :; do sleep 0.01; done");
  EXPECT_EQ(first_output(run), "ready\n");
  ASSERT_TRUE(run.signal(SIGUSR1));
  EXPECT_EQ(first_output(run), "caught\n");
  ASSERT_TRUE(run.signal(SIGWINCH));
  EXPECT_EQ(run.signal(SIGSTOP).error().kind, ErrorKind::bad_argument);
  EXPECT_EQ(run.signal(99).error().kind, ErrorKind::bad_argument);
  ASSERT_TRUE(run.signal(SIGTERM));
  const RunResult result = run.wait();
  EXPECT_EQ(result.end, RunEnd::interrupted);
  EXPECT_EQ(result.status, 143);
  EXPECT_FALSE(session_.ended());
  run = start(
      "trap '' TERM; (trap 'echo sub; exit 3' TERM; echo ready; while :; do sleep 0.01; done); "
      "echo $?");
  EXPECT_EQ(first_output(run), "ready\n");
  ASSERT_TRUE(run.signal(SIGTERM));
  EXPECT_EQ(run.wait().output, "sub\n3\n");
}

TEST_F(RunTest, AnEndIsAnsweredWhateverRuns) {
  for (const char* script :
       {"while :; do :; done", "sleep 100 | cat | sleep 100", "sleep 100 & wait",
        "trap '' INT TERM; while :; do sleep 1; done", "f() { f | f; }; f 2>/dev/null",
        "cat < <(sleep 100)", "x=$(sleep 100)", "(trap '' TERM; sleep 100) & (sleep 100)"}) {
    RunOptions options;
    options.timeout = 50ms;
    const auto before = Clock::now();
    swebash::Run run = start(script, options);
    const RunResult result = run.wait();
    EXPECT_EQ(result.end, RunEnd::timed_out) << script;
    EXPECT_EQ(result.status, 124) << script;
    EXPECT_LT(Clock::now() - before, 5s) << script;
    EXPECT_EQ(session_.run("jobs -r").output, "") << script;
    if (session_.ended()) session_ = open();
  }
}

TEST_F(RunTest, KillEndsTheSession) {
  swebash::Run run = start("echo ready; while :; do :; done");
  EXPECT_EQ(first_output(run), "ready\n");
  run.kill();
  const RunResult result = run.wait();
  EXPECT_EQ(result.end, RunEnd::ended);
  EXPECT_EQ(result.status, 137);
  EXPECT_TRUE(session_.ended());
}

TEST_F(RunTest, ACommandThatDoesNotComeBackIsLeft) {
  // It goes on when the test is over.
  const auto go = std::make_shared<std::atomic<bool>>(false);
  ASSERT_TRUE(session_.add_command("stuck", [go](CommandCall&) {
    while (!*go) std::this_thread::sleep_for(1ms);
    return 0;
  }));
  {
    RunOptions options;
    options.timeout = 10ms;
    swebash::Run run = start("echo before; stuck; echo after", options);
    const RunResult result = run.wait();
    EXPECT_EQ(result.end, RunEnd::timed_out);
    EXPECT_EQ(result.output, "before\n");
    EXPECT_TRUE(session_.ended());
    EXPECT_EQ(run.wait().end, RunEnd::timed_out);
  }
  session_ = open();
  *go = true;
  EXPECT_EQ(output_of("echo on"), "on\n");
}

TEST_F(RunTest, ASessionIsClosedInTheMiddleOfARun) {
  for (int i = 0; i < 20; ++i) {
    Session session = open();
    swebash::Run run = session.start("echo ready; sleep 100 | cat").value();
    EXPECT_EQ(first_output(run), "ready\n");
    session = Session();
    EXPECT_EQ(run.wait().end, RunEnd::interrupted);
  }
  // And the run before the session.
  {
    swebash::Run run = start("sleep 100");
  }
  while (session_.run("echo on").end == RunEnd::not_run) std::this_thread::sleep_for(1ms);
  // Both, on another thread.
  std::thread([session = open()]() mutable {
    swebash::Run run = session.start("sleep 100").value();
  }).join();
}

TEST_F(RunTest, CallbacksEndWithTheRun) {
  for (int i = 0; i < 20; ++i) {
    Session session = open();
    std::atomic<int> calls = 0;
    bool gone = false;
    {
      RunOptions options;
      options.on_output = [&](std::string_view) {
        EXPECT_FALSE(gone);
        ++calls;
      };
      swebash::Run run = session.start("while echo x; do :; done", options).value();
      while (calls == 0) std::this_thread::yield();
    }
    gone = true;
    while (session.run("").end == RunEnd::not_run) std::this_thread::yield();
  }
  // One that lets go of its own run.
  swebash::Run run;
  std::atomic<bool> ready = false;
  RunOptions options;
  options.on_output = [&](std::string_view) {
    while (!ready) std::this_thread::yield();
    run = swebash::Run();
  };
  run = start("while echo x; do :; done", options);
  ready = true;
  while (session_.run("").end == RunEnd::not_run) std::this_thread::yield();
}

TEST_F(RunTest, TheRuntimeMayGoFirst) {
  auto runtime = std::make_unique<Runtime>(Runtime::create().value());
  Session session = runtime->open().value();
  swebash::Run run = session.start("sleep 0.05; echo done | cat").value();
  runtime.reset();
  session = Session();
  (void)run.wait();
}

TEST_F(RunTest, DescriptorsAreStreams) {
  int in[2], out[2];
  ASSERT_EQ(::pipe2(in, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(out, O_CLOEXEC), 0);
  RunOptions options;
  options.input_descriptor = in[0];
  options.output_descriptor = out[1];
  swebash::Run run = start("read -r x; echo got $x; cat | cat; echo end; echo err >&2", options);
  ::close(in[0]);
  ::close(out[1]);
  ASSERT_EQ(::write(in[1], "line\n", 5), 5);
  char buffer[100];
  ssize_t count = ::read(out[0], buffer, sizeof buffer);
  EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(count)), "got line\n");
  ASSERT_EQ(::write(in[1], "rest", 4), 4);
  ::close(in[1]);
  const RunResult result = run.wait();
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.output_bytes, 17u);
  count = ::read(out[0], buffer, sizeof buffer);
  EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(count)), "restend\n");
  // Nobody writes, nobody reads: that ends as well.
  ASSERT_EQ(::pipe2(in, O_CLOEXEC), 0);
  options = {};
  options.input_descriptor = in[0];
  options.timeout = 50ms;
  EXPECT_EQ(session_.run("cat", options).end, RunEnd::timed_out);
  int full[2];
  ASSERT_EQ(::pipe2(full, O_CLOEXEC), 0);
  options.input_descriptor = -1;
  options.output_descriptor = full[1];
  EXPECT_EQ(session_.run("while echo xxxxxxxxxxxxxxx; do :; done", options).end, RunEnd::timed_out);
  // A reader that has left is no signal to the process.
  ::close(out[0]);
  options.timeout = 5s;
  ASSERT_EQ(::pipe2(out, O_CLOEXEC), 0);
  ::close(out[0]);
  options.output_descriptor = out[1];
  EXPECT_EQ(session_.run("trap '' PIPE; echo x || exit 7", options).status, 7);
  for (const int fd : {in[0], in[1], full[0], full[1], out[1]}) ::close(fd);
}

TEST_F(RunTest, ACallbackThatThrowsIsAWriteError) {
  RunOptions options;
  int calls = 0;
  options.on_output = [&](std::string_view) {
    ++calls;
    throw std::runtime_error("no");
  };
  const RunResult result = run("echo one || echo failed >&2; echo two", options);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(result.end, RunEnd::finished);
  EXPECT_THAT(result.errors, HasSubstr("write error"));
  EXPECT_THAT(result.errors, HasSubstr("failed"));
  EXPECT_EQ(output_of("echo on"), "on\n");
}

TEST_F(RunTest, ACallbackThatCallsTheSessionIsToldSo) {
  RunOptions options;
  RunEnd end = RunEnd::finished;
  options.on_output = [&](std::string_view) { end = session_.run("echo x").end; };
  EXPECT_EQ(run("echo one", options).end, RunEnd::finished);
  EXPECT_EQ(end, RunEnd::not_run);
  options.on_output = [&](std::string_view) { session_ = Session(); };
  EXPECT_EQ(run("while echo one; do :; done", options).end, RunEnd::interrupted);
}

}  // namespace
}  // namespace swebash
