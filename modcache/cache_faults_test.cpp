// SPDX-License-Identifier: Apache-2.0
// The cache when calls fail, the disk fills and processes are killed, at every step there is.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "modcache/cache.hpp"
#include "modcache/testing/faulty_file_system.hpp"
#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

using namespace testing;

// Runs `work` in a child of its own; its exit status, or minus the signal that ended it.
template <class Work>
int in_child(const Work& work) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(work() ? 0 : 1);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

bool loads_right(FileSystem& files, const std::string& directory, Compiler& compiler,
                 std::string_view module = module_text()) {
  Cache cache(settings_in(directory), files);
  auto artefact = cache.get(memory_module(module), identity(), compiler);
  return artefact && text_of(*artefact) == artefact_text_of(module, identity().config_text);
}

// How many calls one load makes that starts from `prepare`.
template <class Prepare>
int calls_of_one_load(const Prepare& prepare) {
  const TemporaryDirectory directory;
  FakeCompiler compiler;
  prepare(directory.path());
  FaultyFileSystem files;
  EXPECT_TRUE(loads_right(files, directory.path(), compiler));
  return files.calls();
}

const auto kCold = [](const std::string&) {};
const auto kWarm = [](const std::string& directory) {
  FakeCompiler compiler;
  FaultyFileSystem files;
  ASSERT_TRUE(loads_right(files, directory, compiler));
};
const auto kCorrupt = [](const std::string& directory) {
  kWarm(directory);
  const std::string file = entry_files(directory).at(0);
  std::string whole = read_file(file);
  whole[1] = static_cast<char>(whole[1] ^ 1);
  write_file(file, whole);
};

class FaultTest : public ::testing::Test {
 protected:
  template <class Prepare>
  void fail_each_call(const Prepare& prepare) {
    const int calls = calls_of_one_load(prepare);
    ASSERT_GT(calls, 5);
    for (const int error : {EACCES, EROFS, ENOSPC, EIO, EMFILE, ENOENT, ELOOP, EAGAIN}) {
      for (const auto span : {FaultyFileSystem::Span::once, FaultyFileSystem::Span::lasting}) {
        for (int number = 1; number <= calls + 2; ++number) {
          const TemporaryDirectory directory;
          FakeCompiler compiler;
          prepare(directory.path());
          FaultyFileSystem files;
          files.fail_at(number, error, span);
          Settings settings = settings_in(directory.path());
          settings.lock_timeout = 5;
          {
            Cache cache(settings, files);
            auto artefact = cache.get(memory_module(module_text()), identity(), compiler);
            ASSERT_TRUE(artefact) << number << " " << error << ": " << describe(artefact.error());
            ASSERT_EQ(text_of(*artefact), artefact_text_of(module_text(), identity().config_text))
                << number << " " << error;
          }
          files.restart();
          ASSERT_TRUE(loads_right(files, directory.path(), compiler)) << number << " " << error;
          ASSERT_TRUE(loads_right(files, directory.path(), compiler)) << number << " " << error;
        }
      }
    }
  }

  template <class Prepare>
  void kill_at_each_call(const Prepare& prepare) {
    const int calls = calls_of_one_load(prepare);
    for (int number = 1; number <= calls; ++number) {
      const TemporaryDirectory directory;
      prepare(directory.path());
      const int status = in_child([&] {
        FakeCompiler compiler;
        FaultyFileSystem files;
        files.die_at(number);
        return loads_right(files, directory.path(), compiler);
      });
      ASSERT_EQ(status, -SIGKILL) << number;
      FakeCompiler compiler;
      FaultyFileSystem files;
      ASSERT_TRUE(loads_right(files, directory.path(), compiler)) << number;
      ASSERT_TRUE(loads_right(files, directory.path(), compiler)) << number;
      ASSERT_LE(compiler.started, 1) << number;
      ASSERT_EQ(entry_files(directory.path()).size(), 1U) << number;
      // What the dead writer left goes with the next prune, at the latest.
      ASSERT_TRUE(Cache(settings_in(directory.path()), files).prune(0, 0));
      ASSERT_EQ(temporary_files(directory.path()), 0) << number;
    }
  }
};

TEST_F(FaultTest, NoFailingCallFailsAColdLoad) { fail_each_call(kCold); }
TEST_F(FaultTest, NoFailingCallFailsAWarmLoad) { fail_each_call(kWarm); }
TEST_F(FaultTest, NoFailingCallFailsTheLoadOfACorruptEntry) { fail_each_call(kCorrupt); }

TEST_F(FaultTest, KilledAtAnyStepOfAPublicationNothingTornIsLoaded) { kill_at_each_call(kCold); }
TEST_F(FaultTest, KilledAtAnyStepOfAHitNothingIsLost) { kill_at_each_call(kWarm); }
TEST_F(FaultTest, KilledAtAnyStepOfAReplacement) { kill_at_each_call(kCorrupt); }

// A compiler that leaves a mark in a file for each start, so that starts are counted across
// processes and by no counter of the cache.
class MarkingCompiler final : public Compiler {
 public:
  explicit MarkingCompiler(std::string file) : file_(std::move(file)) {}
  Result<std::vector<std::byte>> compile(const CompileRequest& request) override {
    std::ofstream(file_, std::ios::app) << "started\n";
    FakeCompiler inner;
    inner.delay_ms = 150;
    return inner.compile(request);
  }

 private:
  std::string file_;
};

TEST(ColdProcesses, ThirtyTwoAtOnceCompileOnce) {
  const TemporaryDirectory directory;
  const std::string marks = directory / "marks";
  std::vector<pid_t> children;
  for (int i = 0; i < 32; ++i) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      MarkingCompiler compiler(marks);
      ::_exit(loads_right(host_files(), directory / "cache", compiler) ? 0 : 1);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(read_file(marks), "started\n");
  const Stats stats = Cache(settings_in(directory / "cache")).stats();
  EXPECT_EQ(stats.hits, 31U);
  EXPECT_EQ(stats.all_misses(), 1U);
}

TEST(ColdProcesses, AKilledCompilerOfOneIsTakenOverByAnother) {
  const TemporaryDirectory directory;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    class Stuck final : public Compiler {
     public:
      explicit Stuck(int fd) : fd_(fd) {}
      Result<std::vector<std::byte>> compile(const CompileRequest&) override {
        (void)!::write(fd_, "x", 1);
        ::pause();
        return {};
      }

     private:
      int fd_;
    } compiler(ready[1]);
    (void)loads_right(host_files(), directory.path(), compiler);
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  FakeCompiler compiler;
  EXPECT_TRUE(loads_right(host_files(), directory.path(), compiler));
  EXPECT_EQ(compiler.started, 1);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(ColdProcesses, SixtyFourBesideOneThatPrunesAndOneThatClears) {
  const TemporaryDirectory directory;
  std::vector<pid_t> children;
  for (int i = 0; i < 66; ++i) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      FakeCompiler compiler;
      bool right = true;
      Cache cache(settings_in(directory.path()));
      for (int round = 0; round < 25 && right; ++round) {
        if (i == 64) {
          right = cache.prune(1, 0).has_value();
        } else if (i == 65) {
          right = cache.clear().has_value();
        } else {
          right = loads_right(host_files(), directory.path(), compiler,
                              module_text(std::to_string((i + round) % 5)));
        }
      }
      ::_exit(right ? 0 : 1);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  ASSERT_TRUE(Cache(settings_in(directory.path())).prune(0, 0));
  EXPECT_EQ(temporary_files(directory.path()), 0);
  EXPECT_TRUE(Cache(settings_in(directory.path())).verify(Cache::Repair::report)->empty());
}

}  // namespace
}  // namespace modcache
