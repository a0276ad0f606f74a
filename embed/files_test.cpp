// SPDX-License-Identifier: Apache-2.0
//
// Mounts of the embedding program: directories of the host, which are never left, memory, overlays;
// and trees that are carried in and out.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "embed/test_session.hpp"

namespace swebash {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class FilesTest : public SessionTest {
 protected:
  FilesTest() {
    std::string name = testing::TempDir() + "files_test.XXXXXX";
    base_ = ::mkdtemp(name.data());
    here_ = base_ / "here";
    fs::create_directory(here_);
    write(base_ / "secret", "secret\n");
  }
  ~FilesTest() override { fs::remove_all(base_); }

  static void write(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }
  static std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
  }
  void mount(Access access) {
    ASSERT_TRUE(session_.mount("/job", host_directory(here_.native(), access).value()));
  }

  fs::path base_;
  fs::path here_;
};

TEST_F(FilesTest, ADirectoryOfTheHostIsReadAndWritten) {
  write(here_ / "in", "from the host\n");
  mount(Access::read_write);
  EXPECT_EQ(
      output_of("cd /job; cat in; echo out > out; mkdir -p d/e; echo x > d/e/f; mv d/e/f d/g\n"
                "ln -s ../in d/link; cat d/link; ln in hard; echo more >> in\n"
                "rm -r d/e; ls; ls d; pwd; umask 077; echo > private; [[ -O in ]] && echo mine"),
      "from the host\nfrom the host\nd\nhard\nin\nout\ng\nlink\n/job\nmine\n");
  EXPECT_EQ(read(here_ / "out"), "out\n");
  EXPECT_EQ(read(here_ / "hard"), "from the host\nmore\n");
  EXPECT_EQ(read(here_ / "d/g"), "x\n");
  EXPECT_EQ(mode_of(here_ / "private"), 0600U);
  EXPECT_FALSE(fs::exists(here_ / "d/e"));
}

TEST_F(FilesTest, ReadOnlyIsReadOnly) {
  write(here_ / "in", "text\n");
  mount(Access::read_only);
  EXPECT_EQ(output_of("cat /job/in"), "text\n");
  for (const char* script :
       {"echo x > /job/in", "echo x > /job/new", "rm /job/in", "mkdir /job/d", "chmod 600 /job/in",
        "mv /job/in /tmp/in", "ln -s x /job/l", "touch /job/in"}) {
    EXPECT_NE(run(script).status, 0) << script;
  }
  EXPECT_EQ(read(here_ / "in"), "text\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(here_), fs::directory_iterator()), 1);
  EXPECT_EQ(session_.mount("/job/sub", memory_tree()).error().kind, ErrorKind::refused);
  EXPECT_FALSE(fs::exists(here_ / "sub"));
}

TEST_F(FilesTest, NothingLeadsOutOfADirectory) {
  fs::create_symlink(base_ / "secret", here_ / "absolute");
  fs::create_symlink("../secret", here_ / "relative");
  fs::create_symlink("..", here_ / "up");
  fs::create_symlink("/proc/self/cwd/../../etc/hostname", here_ / "proc");
  mount(Access::read_write);
  for (const char* path : {"absolute", "relative", "up/secret", "../secret", "up/up/secret", "proc",
                           "../../../../etc/hostname"}) {
    EXPECT_NE(run(std::string("cat /job/") + path).status, 0) << path;
  }
  // A link means what it means inside.
  EXPECT_EQ(output_of("cd /job; echo session > /tmp/s; ln -s /tmp/s to; cat to; cd up; pwd -P"),
            "session\n/\n");
  EXPECT_NE(run("cd /job; echo no > relative").status, 126);
  EXPECT_EQ(read(base_ / "secret"), "secret\n");
}

TEST_F(FilesTest, LinksThatAreSwappedMeanwhileLeadNowhere) {
  // `sub` is now a directory, now a link to what must not be read.
  fs::create_directory(base_ / "outside");
  write(base_ / "outside/file", "SECRET\n");
  fs::create_directory(here_ / "real");
  write(here_ / "real/file", "inside\n");
  fs::create_symlink(base_ / "outside", here_ / "link");
  mount(Access::read_write);
  std::atomic<bool> stop = false;
  std::thread swapper([&] {
    const std::string real = here_ / "real", link = here_ / "link", sub = here_ / "sub";
    while (!stop) {
      ::rename(real.c_str(), sub.c_str());
      ::rename(sub.c_str(), real.c_str());
      ::rename(link.c_str(), sub.c_str());
      ::rename(sub.c_str(), link.c_str());
    }
  });
  const RunResult result =
      run("for ((i = 0; i < 3000; i++)); do read -r line < /job/sub/file && echo $line\n"
          "echo written > /job/sub/file$((i % 7)); done 2>/dev/null");
  stop = true;
  swapper.join();
  EXPECT_THAT(result.output, testing::Not(HasSubstr("SECRET")));
  EXPECT_EQ(std::distance(fs::directory_iterator(base_ / "outside"), fs::directory_iterator()), 1);
  EXPECT_EQ(read(base_ / "outside/file"), "SECRET\n");
}

TEST_F(FilesTest, AFifoOfTheHostIsNotOpened) {
  ASSERT_EQ(::mkfifo((here_ / "fifo").c_str(), 0666), 0);
  mount(Access::read_write);
  EXPECT_NE(run("cat /job/fifo").status, 0);
  EXPECT_NE(run("echo x > /job/fifo").status, 0);
  EXPECT_EQ(output_of("[[ -p /job/fifo ]] && echo fifo; rm /job/fifo"), "fifo\n");
}

TEST_F(FilesTest, AnOverlayKeepsChangesToItself) {
  fs::create_directories(here_ / "d/e");
  write(here_ / "a", "below\n");
  write(here_ / "d/b", "b\n");
  write(here_ / "d/e/c", "c\n");
  ASSERT_TRUE(session_.mount("/job", overlay(host_directory(here_.native()).value())));
  EXPECT_EQ(output_of("cd /job; echo above >> a; cat a; rm d/b; ls d; rm -r d; ls; mkdir d; ls d\n"
                      "echo new > d/b; cat d/b; mv a z; ls; cat z; [[ -e a ]] || echo gone"),
            "below\nabove\ne\na\nnew\nd\nz\nbelow\nabove\ngone\n");
  EXPECT_EQ(read(here_ / "a"), "below\n");
  EXPECT_TRUE(fs::exists(here_ / "d/e/c"));
  EXPECT_EQ(
      std::distance(fs::recursive_directory_iterator(here_), fs::recursive_directory_iterator()),
      5);
  // A fork has what is above as its own; so has one from a file, which is given what is below.
  Session fork = session_.fork().value();
  EXPECT_EQ(output_of(fork, "cat z; echo forked > z; rm d/b"), "below\nabove\n");
  EXPECT_EQ(output_of("cat z d/b"), "below\nabove\nnew\n");
  const Snapshot read = runtime().read_snapshot(session_.snapshot()->bytes()).value();
  const auto without = runtime().open(read);
  ASSERT_FALSE(without.has_value());
  EXPECT_EQ(without.error().kind, ErrorKind::bad_argument);
  EXPECT_THAT(without.error().message, HasSubstr("/job"));
  Session opened = runtime().open(read, {{"/job", host_directory(here_.native()).value()}}).value();
  EXPECT_EQ(output_of(opened, "pwd; ls; cat z; [[ -e a ]] || echo gone"),
            "/job\nd\nz\nbelow\nabove\ngone\n");
}

TEST_F(FilesTest, AnOverlayMovesDirectories) {
  fs::create_directories(here_ / "d/e");
  write(here_ / "d/e/c", "c\n");
  ASSERT_TRUE(session_.mount("/job", overlay(host_directory(here_.native()).value())));
  EXPECT_EQ(
      output_of("cd /job; mv d moved; ls; cat moved/e/c; mkdir x; mv x d; ls d; ln moved/e/c l\n"
                "echo more >> l; cat moved/e/c"),
      "moved\nc\nc\nmore\n");
}

TEST_F(FilesTest, MemoryIsSharedByThoseWhoHaveIt) {
  SessionOptions options;
  options.mounts.emplace("/shared/files", memory_tree(1000));
  Session one = open(options);
  Session two = open(options);
  EXPECT_EQ(output_of(one, "echo hi > /shared/files/f"), "");
  EXPECT_EQ(output_of(two, "cat /shared/files/f"), "hi\n");
  EXPECT_NE(two.run("seq 1 1000 > /shared/files/g").status, 0);
  options.mounts.clear();
  options.mounts.emplace("relative", memory_tree());
  EXPECT_EQ(runtime().open(options).error().kind, ErrorKind::bad_argument);
}

TEST_F(FilesTest, TreesAreCarriedInAndOut) {
  fs::create_directories(here_ / "d");
  write(here_ / "d/f", "f\n");
  ASSERT_EQ(::chmod((here_ / "d/f").c_str(), 0751), 0);
  fs::create_symlink("f", here_ / "d/l");
  ASSERT_TRUE(session_.import_tree(here_.native(), "project"));
  EXPECT_EQ(output_of("cat project/d/l; [[ -x project/d/f ]] && echo more > project/d/g"), "f\n");
  const fs::path out = base_ / "out";
  ASSERT_TRUE(session_.export_tree("project", out.native()));
  EXPECT_EQ(read(out / "d/g"), "more\n");
  EXPECT_EQ(fs::read_symlink(out / "d/l"), "f");
  EXPECT_EQ(mode_of(out / "d/f"), 0751U);
  // Again, over what is there; a link in the place of a file is not followed.
  fs::remove(out / "d/g");
  fs::create_symlink(base_ / "secret", out / "d/g");
  ASSERT_TRUE(session_.export_tree("project", out.native()));
  EXPECT_EQ(read(out / "d/g"), "more\n");
  EXPECT_EQ(read(base_ / "secret"), "secret\n");
  EXPECT_EQ(session_.import_tree("/nowhere", "x").error().kind, ErrorKind::not_found);
  EXPECT_EQ(session_.import_tree(here_.native(), "/etc/x").error().kind, ErrorKind::refused);
}

}  // namespace
}  // namespace swebash
