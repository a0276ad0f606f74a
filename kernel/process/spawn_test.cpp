// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/spawn.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace swebash::kernel {
namespace {

// What `script`, run by /bin/sh with `plan`'s settings, writes to descriptor 1.
struct Outcome {
  std::string output;
  int status = -1;
};

Outcome run_script(const std::string& script, SpawnPlan plan, std::vector<FdMapping> mapping) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  for (FdMapping& m : mapping) {
    if (m.source == -1) m.source = ends[1];
  }
  std::string text[] = {"sh", "-c", script};
  char* arguments[] = {text[0].data(), text[1].data(), text[2].data(), nullptr};
  std::string path = "PATH=/usr/bin:/bin";
  char* environment[] = {path.data(), nullptr};
  plan.path = "/bin/sh";
  plan.arguments = arguments;
  plan.environment = environment;
  plan.descriptors = mapping;
  const SysResult<pid_t> pid = spawn_process(plan);
  ::close(ends[1]);
  Outcome run;
  EXPECT_TRUE(pid.has_value());
  if (pid.has_value()) {
    char buffer[4096];
    ssize_t count;
    while ((count = ::read(ends[0], buffer, sizeof(buffer))) > 0) {
      run.output.append(buffer, static_cast<usize>(count));
    }
    EXPECT_EQ(::waitpid(*pid, &run.status, 0), *pid);
  }
  ::close(ends[0]);
  return run;
}

// An open file that says `text`.
OwnedFd file_with(const std::string& text) {
  char name[] = "/tmp/spawn_test.XXXXXX";
  OwnedFd fd(::mkostemp(name, O_CLOEXEC));
  ::unlink(name);
  EXPECT_EQ(::pwrite(fd.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  return fd;
}

TEST(Spawn, SaysWhyAProgramDidNotStart) {
  char* arguments[] = {nullptr};
  SpawnPlan plan = {};
  plan.arguments = arguments;
  plan.environment = arguments;
  plan.path = "/no/such/program";
  EXPECT_EQ(spawn_process(plan).error(), Errno::noent);
  plan.path = "/etc/passwd";
  EXPECT_EQ(spawn_process(plan).error(), Errno::acces);
  plan.path = "/tmp";
  EXPECT_EQ(spawn_process(plan).error(), Errno::acces);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left";
}

TEST(Spawn, GivesOnlyTheMappedDescriptors) {
  const OwnedFd leak(::open("/dev/null", O_RDONLY));
  const Outcome run = run_script("exec ls /proc/self/fd", {}, {{-1, 1}, {2, 2}});
  // 0 is the directory that ls reads.
  EXPECT_EQ(run.output, "0\n1\n2\n");
  EXPECT_EQ(run.status, 0);
}

TEST(Spawn, SwapsDescriptorsWhoseNumbersCollide) {
  const OwnedFd a = file_with("A");
  const OwnedFd b = file_with("B");
  const OwnedFd c = file_with("C");
  // A cycle: each source is the target of another.
  std::vector<FdMapping> mapping = {
      {-1, 1}, {b.get(), a.get()}, {c.get(), b.get()}, {a.get(), c.get()}};
  const std::string script = "cat /proc/self/fd/" + std::to_string(a.get()) + " /proc/self/fd/" +
                             std::to_string(b.get()) + " /proc/self/fd/" + std::to_string(c.get());
  EXPECT_EQ(run_script(script, {}, mapping).output, "BCA");
}

TEST(Spawn, KeepsADescriptorThatHasItsNumberAlready) {
  const OwnedFd a = file_with("same");
  const std::string number = std::to_string(a.get());
  EXPECT_EQ(run_script("cat /proc/self/fd/" + number, {}, {{-1, 1}, {a.get(), a.get()}}).output,
            "same");
}

TEST(Spawn, StartsInADirectoryWithAUmaskAndALimit) {
  const OwnedFd root(::open("/usr", O_PATH | O_CLOEXEC));
  const LimitSetting limits[] = {{RLIMIT_NOFILE, {77, 77}}};
  SpawnPlan plan = {};
  plan.directory = root.get();
  plan.umask = 027;
  plan.limits = limits;
  EXPECT_EQ(run_script("pwd; umask; ulimit -n", plan, {{-1, 1}}).output, "/usr\n0027\n77\n");
}

TEST(Spawn, MakesAProcessGroup) {
  SpawnPlan plan = {};
  plan.group = 0;
  EXPECT_EQ(
      run_script("set -- $(cat /proc/$$/stat); test $1 = $5 && echo leads", plan, {{-1, 1}}).output,
      "leads\n");
}

TEST(Spawn, SetsDispositionsAndMask) {
  ::signal(SIGPIPE, SIG_IGN);
  SpawnPlan plan = {};
  plan.defaults = signal_bit(SIGPIPE);
  plan.ignore = signal_bit(SIGHUP);
  plan.mask = ProgramMask::empty;
  sigset_t block;
  sigset_t old;
  sigemptyset(&block);
  sigaddset(&block, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &block, &old);
  const Outcome run =
      run_script("grep -E 'Sig(Blk|Ign)' /proc/self/status | tr -d '\\t'", plan, {{-1, 1}});
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
  EXPECT_EQ(run.output, "SigBlk:0000000000000000\nSigIgn:0000000000000001\n");
  ::signal(SIGPIPE, SIG_DFL);
}

TEST(Replace, PutsBackWhatItChangedWhenTheProgramDoesNotStart) {
  const OwnedFd a = file_with("A");
  const OwnedFd b = file_with("B");
  const OwnedFd root(::open("/usr", O_PATH | O_CLOEXEC));
  const mode_t before = ::umask(022);
  char* arguments[] = {nullptr};
  const FdMapping mapping[] = {{2, 2}, {b.get(), a.get()}, {a.get(), b.get()}};
  SpawnPlan plan = {};
  plan.path = "no/such/program";
  plan.arguments = arguments;
  plan.environment = arguments;
  plan.descriptors = mapping;
  plan.directory = root.get();
  plan.umask = 077;
  plan.ignore = signal_bit(SIGUSR2);
  char old_directory[4096];
  ASSERT_NE(::getcwd(old_directory, sizeof(old_directory)), nullptr);
  EXPECT_EQ(replace_process(plan), Errno::noent);
  char letter = 0;
  EXPECT_EQ(::pread(a.get(), &letter, 1, 0), 1);
  EXPECT_EQ(letter, 'A');
  EXPECT_EQ(::pread(b.get(), &letter, 1, 0), 1);
  EXPECT_EQ(letter, 'B');
  char directory[4096];
  ASSERT_NE(::getcwd(directory, sizeof(directory)), nullptr);
  EXPECT_STREQ(directory, old_directory);
  EXPECT_EQ(::umask(before), 022u);
  struct sigaction action;
  ::sigaction(SIGUSR2, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
  EXPECT_NE(::fcntl(a.get(), F_GETFD) & FD_CLOEXEC, 0);
}

}  // namespace
}  // namespace swebash::kernel
