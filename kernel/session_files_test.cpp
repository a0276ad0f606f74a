// SPDX-License-Identifier: Apache-2.0
//
// The files of a session: mounts, the walk of a path, the memory file system, commands.
#include <atomic>
#include <csignal>
#include <cstring>

#include "kernel/fs/fixed.hpp"
#include "kernel/fs/memory.hpp"
#include "kernel/test_support.hpp"
#include "kernel/vfs/command.hpp"
#include "kernel/vfs/mounts.hpp"

namespace swebash::kernel {
namespace {

constexpr u64 kLimit = 1 << 20;

class Greeting final : public vfs::Command {
 public:
  ExitState run(Task& task, const vfs::CommandLine& line) noexcept override {
    std::string text = line.arguments.at(0);
    for (usize i = 1; i < line.arguments.size(); ++i) text += " " + line.arguments[i];
    EXPECT_TRUE(write_text(task, 1, text + "\n"));
    return ExitState::exited(static_cast<i32>(line.environment.size()));
  }
};

class SessionFilesTest : public testing::Test {
 protected:
  SessionFilesTest() {
    mounts_ = std::make_shared<vfs::Mounts>(memory_.root());
    commands_ = std::make_shared<fs::CommandDirectory>();
    commands_->add("greet", std::make_shared<Greeting>());
    EXPECT_TRUE(mounts_->mount("/usr/bin", commands_, vfs::MountMode::read_only));
    EXPECT_TRUE(mounts_->mount("/dev", fs::device_directory(), vfs::MountMode::read_only));
    EXPECT_TRUE(mounts_->mount("/other", other_.root(), vfs::MountMode::read_write));
    StartOptions options;
    options.role = Role::session;
    options.mounts = mounts_;
    kernel_ = Kernel::create(host_, std::move(options));
    for (i32 fd = 0; fd < 3; ++fd) {
      EXPECT_EQ(main().open(abi::kCwd, "/dev/null", abi::kRead | abi::kWrite, 0), fd);
    }
  }

  Task& main() { return kernel_->main_task(); }

  SysResult<void> put(std::string_view path, std::string_view text, u32 flags = abi::kTruncate) {
    const i32 fd =
        SWEBASH_TRY(main().open(abi::kCwd, path, abi::kWrite | abi::kCreate | flags, 0666));
    const SysResult<usize> written = write_text(main(), fd, text);
    SWEBASH_TRY(main().close(fd));
    if (!written) return std::unexpected(written.error());
    return {};
  }
  SysResult<std::string> get(std::string_view path) {
    const i32 fd = SWEBASH_TRY(main().open(abi::kCwd, path, abi::kRead, 0));
    SysResult<std::string> text = read_all(main(), fd);
    SWEBASH_TRY(main().close(fd));
    return text;
  }
  std::vector<std::string> list(std::string_view path) {
    const i32 fd = main().open(abi::kCwd, path, abi::kRead | abi::kDirectory, 0).value();
    std::vector<std::string> names;
    alignas(8) char buffer[64];
    while (const usize size = main().read_directory(fd, buffer).value()) {
      for (usize at = 0; at < size;) {
        abi::DirectoryEntry entry;
        std::memcpy(&entry, buffer + at, sizeof(entry));
        names.emplace_back(buffer + at + sizeof(entry), entry.name_length);
        at += sizeof(entry) + (usize{entry.name_length} + 7) / 8 * 8;
      }
    }
    EXPECT_TRUE(main().close(fd));
    return names;
  }
  std::string directory() {
    char buffer[4096];
    return {buffer, main().working_directory(buffer).value()};
  }

  Host host_;
  fs::MemoryFileSystem memory_{kLimit};
  fs::MemoryFileSystem other_{kLimit};
  std::shared_ptr<vfs::Mounts> mounts_;
  std::shared_ptr<fs::CommandDirectory> commands_;
  std::unique_ptr<Kernel> kernel_;
};

TEST_F(SessionFilesTest, WritesReadsAppendsSeeksAndTruncates) {
  EXPECT_TRUE(put("/a", "hello\nworld\n"));
  EXPECT_EQ(get("/a"), "hello\nworld\n");
  EXPECT_TRUE(put("/a", "more\n", abi::kAppend));
  EXPECT_EQ(get("a"), "hello\nworld\nmore\n");
  const i32 fd = main().open(abi::kCwd, "/a", abi::kRead | abi::kWrite, 0).value();
  char buffer[100];
  EXPECT_EQ(main().read_until(fd, buffer, '\n'), 6u);
  EXPECT_EQ(main().seek(fd, 2, abi::kSeekCurrent), 8);
  EXPECT_EQ(main().seek(fd, -1, abi::kSeekSet), std::unexpected(Errno::inval));
  EXPECT_TRUE(main().truncate(fd, 5));
  EXPECT_EQ(main().read(fd, buffer), 0u);
  EXPECT_TRUE(write_text(main(), fd, "!"));
  EXPECT_EQ(get("/a"), std::string("hello\0\0\0!", 9));
  EXPECT_EQ(main().fstat(fd)->size, 9u);
  EXPECT_TRUE(put("/b", "x"));
  EXPECT_EQ(get("/b"), "x");
  abi::PollEntry entry = {fd, abi::kPollIn | abi::kPollOut, 0};
  EXPECT_EQ(main().poll(std::span(&entry, 1), -1), 1);
  EXPECT_EQ(entry.revents, abi::kPollIn | abi::kPollOut);
}

TEST_F(SessionFilesTest, AnOpenFileOutlivesItsName) {
  EXPECT_TRUE(put("/a", "text"));
  const i32 fd = main().open(abi::kCwd, "/a", abi::kRead, 0).value();
  EXPECT_TRUE(main().unlink(abi::kCwd, "/a", 0));
  EXPECT_EQ(get("/a"), std::unexpected(Errno::noent));
  EXPECT_EQ(read_all(main(), fd), "text");
  EXPECT_EQ(main().fstat(fd)->links, 0u);
}

TEST_F(SessionFilesTest, WalksAsPosixSays) {
  EXPECT_TRUE(main().mkdir(abi::kCwd, "/d", 0777));
  EXPECT_EQ(main().mkdir(abi::kCwd, "/d", 0777), std::unexpected(Errno::exist));
  EXPECT_EQ(main().mkdir(abi::kCwd, "/no/d", 0777), std::unexpected(Errno::noent));
  EXPECT_TRUE(main().mkdir(abi::kCwd, "/d/e/", 0777));
  EXPECT_EQ(main().stat(abi::kCwd, "/d", 0)->mode, 0755u);
  EXPECT_TRUE(put("/d/e/f", "f"));
  EXPECT_EQ(get("/d/./e//f"), "f");
  EXPECT_EQ(get("/d/e/../e/f"), "f");
  EXPECT_EQ(get("/../../d/e/f"), "f");
  EXPECT_EQ(get("/d/e/f/"), std::unexpected(Errno::notdir));
  EXPECT_EQ(get("/d/e/f/g"), std::unexpected(Errno::notdir));
  EXPECT_EQ(get("/d/no/../e/f"), std::unexpected(Errno::noent));
  EXPECT_EQ(get(""), std::unexpected(Errno::noent));
  EXPECT_EQ(get(std::string(5000, 'a')), std::unexpected(Errno::nametoolong));
  EXPECT_EQ(get("/" + std::string(256, 'a')), std::unexpected(Errno::nametoolong));
  EXPECT_TRUE(main().change_directory("d/e"));
  EXPECT_EQ(directory(), "/d/e");
  EXPECT_EQ(get("f"), "f");
  EXPECT_EQ(get("../e/f"), "f");
  const i32 fd = main().open(abi::kCwd, "/d", abi::kRead, 0).value();
  EXPECT_EQ(main().stat(fd, "e/f", 0)->size, 1u);
  EXPECT_EQ(main().change_directory("f"), std::unexpected(Errno::notdir));
  EXPECT_TRUE(main().change_directory(".."));
  EXPECT_EQ(directory(), "/d");
  EXPECT_EQ(list("."), (std::vector<std::string>{"e"}));
  EXPECT_EQ(main().unlink(abi::kCwd, "e", abi::kRemoveDirectory), std::unexpected(Errno::notempty));
  EXPECT_EQ(main().unlink(abi::kCwd, "e", 0), std::unexpected(Errno::isdir));
  EXPECT_EQ(main().unlink(abi::kCwd, "e/f", abi::kRemoveDirectory), std::unexpected(Errno::notdir));
  EXPECT_TRUE(main().unlink(abi::kCwd, "e/f", 0));
  EXPECT_TRUE(main().change_directory("e"));
  EXPECT_TRUE(main().unlink(abi::kCwd, "../e", abi::kRemoveDirectory));
  char buffer[100];
  EXPECT_EQ(main().working_directory(buffer), std::unexpected(Errno::noent));
  EXPECT_EQ(put("x", "x"), std::unexpected(Errno::noent));
}

TEST_F(SessionFilesTest, LinksMeanWhatTheyMeanInside) {
  EXPECT_TRUE(main().mkdir(abi::kCwd, "/d", 0777));
  EXPECT_TRUE(put("/other/f", "there"));
  EXPECT_TRUE(main().symlink("/other", abi::kCwd, "/d/up"));
  EXPECT_TRUE(main().symlink("../d/up/f", abi::kCwd, "/d/two"));
  EXPECT_TRUE(main().symlink("/etc/passwd", abi::kCwd, "/d/out"));
  EXPECT_TRUE(main().symlink("../../../../../../etc/passwd", abi::kCwd, "/d/out2"));
  EXPECT_TRUE(main().symlink("loop", abi::kCwd, "/d/loop"));
  EXPECT_EQ(get("/d/up/f"), "there");
  EXPECT_EQ(get("/d/two"), "there");
  EXPECT_EQ(get("/d/out"), std::unexpected(Errno::noent));
  EXPECT_EQ(get("/d/out2"), std::unexpected(Errno::noent));
  EXPECT_EQ(get("/d/loop"), std::unexpected(Errno::loop));
  EXPECT_EQ(main().stat(abi::kCwd, "/d/up", abi::kLinkItself)->type, abi::kSymlink);
  EXPECT_EQ(main().stat(abi::kCwd, "/d/up", 0)->type, abi::kDirectoryType);
  char buffer[100];
  EXPECT_EQ(main().readlink(abi::kCwd, "/d/up", buffer), 6u);
  EXPECT_EQ(main().readlink(abi::kCwd, "/other/f", buffer), std::unexpected(Errno::inval));
  // What is made through a link that leads nowhere yet is made where it leads.
  EXPECT_TRUE(main().symlink("/other/new", abi::kCwd, "/d/new"));
  EXPECT_TRUE(put("/d/new", "made"));
  EXPECT_EQ(get("/other/new"), "made");
  EXPECT_EQ(main().open(abi::kCwd, "/d/new", abi::kWrite | abi::kCreate | abi::kExclusive, 0666),
            std::unexpected(Errno::exist));
  EXPECT_TRUE(main().change_directory("/d/up"));
  EXPECT_EQ(directory(), "/other");
  EXPECT_TRUE(main().unlink(abi::kCwd, "/d/up", 0));
  EXPECT_EQ(get("f"), "there");
}

TEST_F(SessionFilesTest, RenamesAndLinks) {
  EXPECT_TRUE(put("/a", "a"));
  EXPECT_TRUE(put("/b", "b"));
  EXPECT_TRUE(main().rename(abi::kCwd, "/a", abi::kCwd, "/b"));
  EXPECT_EQ(get("/b"), "a");
  EXPECT_EQ(get("/a"), std::unexpected(Errno::noent));
  EXPECT_TRUE(main().link(abi::kCwd, "/b", abi::kCwd, "/c"));
  EXPECT_EQ(main().stat(abi::kCwd, "/c", 0)->links, 2u);
  EXPECT_EQ(main().stat(abi::kCwd, "/c", 0)->inode, main().stat(abi::kCwd, "/b", 0)->inode);
  EXPECT_EQ(main().link(abi::kCwd, "/b", abi::kCwd, "/other/b"), std::unexpected(Errno::xdev));
  EXPECT_EQ(main().rename(abi::kCwd, "/b", abi::kCwd, "/other/b"), std::unexpected(Errno::xdev));
  EXPECT_TRUE(main().mkdir(abi::kCwd, "/d", 0777));
  EXPECT_TRUE(main().mkdir(abi::kCwd, "/d/e", 0777));
  EXPECT_EQ(main().rename(abi::kCwd, "/d", abi::kCwd, "/d/e/d"), std::unexpected(Errno::inval));
  EXPECT_EQ(main().rename(abi::kCwd, "/b", abi::kCwd, "/d"), std::unexpected(Errno::isdir));
  EXPECT_EQ(main().rename(abi::kCwd, "/d", abi::kCwd, "/b"), std::unexpected(Errno::notdir));
  EXPECT_EQ(main().rename(abi::kCwd, "/dev", abi::kCwd, "/x"), std::unexpected(Errno::busy));
  EXPECT_EQ(main().rename(abi::kCwd, "/usr", abi::kCwd, "/x"), std::unexpected(Errno::busy));
  EXPECT_EQ(main().unlink(abi::kCwd, "/other", abi::kRemoveDirectory),
            std::unexpected(Errno::busy));
}

TEST_F(SessionFilesTest, PermissionsAreTheUsers) {
  EXPECT_TRUE(put("/a", "a"));
  EXPECT_TRUE(main().chmod(abi::kCwd, "/a", 0444));
  EXPECT_EQ(put("/a", "b"), std::unexpected(Errno::acces));
  EXPECT_EQ(main().access(abi::kCwd, "/a", abi::kAccessWrite), std::unexpected(Errno::acces));
  EXPECT_TRUE(main().access(abi::kCwd, "/a", abi::kAccessRead));
  EXPECT_TRUE(main().chmod(abi::kCwd, "/a", 0));
  EXPECT_EQ(get("/a"), std::unexpected(Errno::acces));
  EXPECT_TRUE(main().mkdir(abi::kCwd, "/d", 0));
  EXPECT_EQ(put("/d/x", "x"), std::unexpected(Errno::acces));
  EXPECT_EQ(main().change_directory("/d"), std::unexpected(Errno::acces));
  EXPECT_EQ(main().chown(abi::kCwd, "/a", 0, 0, 0), std::unexpected(Errno::perm));
  EXPECT_TRUE(main().set_times(abi::kCwd, "/a", 1, 2, 0));
  EXPECT_EQ(main().stat(abi::kCwd, "/a", 0)->modify_time, 2);
  EXPECT_EQ(put("/usr/bin/x", "x"), std::unexpected(Errno::rofs));
  EXPECT_EQ(put("/usr/bin/greet", "x"), std::unexpected(Errno::rofs));
  EXPECT_EQ(main().unlink(abi::kCwd, "/usr/bin/greet", 0), std::unexpected(Errno::rofs));
  EXPECT_EQ(main().chmod(abi::kCwd, "/usr/bin/greet", 0), std::unexpected(Errno::rofs));
}

TEST_F(SessionFilesTest, WhatDoesNotFitIsRefusedAndWhatGoesMakesRoom) {
  const std::string text(kLimit / 2, 'x');
  EXPECT_TRUE(put("/a", text));
  EXPECT_EQ(put("/b", text), std::unexpected(Errno::nospc));
  EXPECT_TRUE(main().unlink(abi::kCwd, "/b", 0));
  EXPECT_TRUE(main().unlink(abi::kCwd, "/a", 0));
  EXPECT_TRUE(put("/b", text));
  EXPECT_TRUE(main().unlink(abi::kCwd, "/b", 0));
  const u64 before = memory_.used();
  EXPECT_TRUE(main().mkdir(abi::kCwd, "/d", 0777));
  EXPECT_TRUE(put("/d/x", "x"));
  EXPECT_TRUE(main().symlink("x", abi::kCwd, "/d/y"));
  EXPECT_TRUE(main().rename(abi::kCwd, "/d/x", abi::kCwd, "/d/z"));
  EXPECT_TRUE(main().rename(abi::kCwd, "/d/z", abi::kCwd, "/d/y"));
  EXPECT_TRUE(main().unlink(abi::kCwd, "/d/y", 0));
  EXPECT_TRUE(main().unlink(abi::kCwd, "/d", abi::kRemoveDirectory));
  EXPECT_EQ(memory_.used(), before);
  const i32 fd = main().open(abi::kCwd, "/h", abi::kWrite | abi::kCreate, 0666).value();
  EXPECT_TRUE(main().seek(fd, INT64_MAX, abi::kSeekSet));
  EXPECT_FALSE(write_text(main(), fd, "x"));
  EXPECT_EQ(main().truncate(fd, INT64_MAX), std::unexpected(Errno::nospc));
}

TEST_F(SessionFilesTest, ADeepTreeEnds) {
  for (int i = 0; i < 4000; ++i) {
    ASSERT_TRUE(main().mkdir(abi::kCwd, "d", 0777));
    ASSERT_TRUE(main().change_directory("d"));
  }
}

TEST_F(SessionFilesTest, DevicesAreThere) {
  EXPECT_EQ(get("/dev/null"), "");
  EXPECT_TRUE(put("/dev/null", "gone"));
  EXPECT_EQ(put("/dev/full", "no"), std::unexpected(Errno::nospc));
  const i32 fd = main().open(abi::kCwd, "/dev/zero", abi::kRead, 0).value();
  char buffer[4] = {1, 2, 3, 4};
  EXPECT_EQ(main().read(fd, buffer), 4u);
  EXPECT_EQ(std::string_view(buffer, 4), std::string_view("\0\0\0\0", 4));
  EXPECT_EQ(main().stat(abi::kCwd, "/dev/null", 0)->type, abi::kCharacterDevice);
  i32 ends[2];
  ASSERT_TRUE(main().pipe(ends, 0));
  EXPECT_TRUE(put("/dev/fd/" + std::to_string(ends[1]), "through"));
  EXPECT_TRUE(main().close(ends[1]));
  EXPECT_EQ(read_all(main(), ends[0]), "through");
  EXPECT_EQ(get("/dev/fd/77"), std::unexpected(Errno::noent));
}

TEST_F(SessionFilesTest, CommandsRunAsTasks) {
  i32 ends[2];
  for (const bool waited : {false, true}) {
    ASSERT_TRUE(main().pipe(ends, 0));
    EXPECT_EQ(main().dup2(ends[1], 1, 0), 1);
    EXPECT_TRUE(main().close(ends[1]));
    Program program;
    program.path = "/usr/bin/greet";
    const std::string words("greet\0hello world\0", 18);
    const std::string environment("A=1\0B=2\0", 8);
    program.arguments = words;
    program.argument_count = 2;
    program.environment = environment;
    program.environment_count = 2;
    program.waited = waited;
    const i32 pid = main().spawn(program).value();
    abi::WaitResult result = {};
    EXPECT_EQ(main().wait(pid, 0, result), pid);
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(main().dup2(2, 1, 0), 1);
    EXPECT_EQ(read_all(main(), ends[0]), "greet hello world\n");
    EXPECT_TRUE(main().close(ends[0]));
    EXPECT_EQ(main().exec(program), std::unexpected(Errno::perm));
  }
}

TEST_F(SessionFilesTest, WhatIsNoCommandIsNotRun) {
  Program program;
  program.path = "/script";
  EXPECT_EQ(main().spawn(program), std::unexpected(Errno::noent));
  EXPECT_TRUE(put("/script", "echo hi\n"));
  EXPECT_EQ(main().spawn(program), std::unexpected(Errno::acces));
  EXPECT_TRUE(main().chmod(abi::kCwd, "/script", 0755));
  EXPECT_EQ(main().spawn(program), std::unexpected(Errno::noexec));
  EXPECT_TRUE(put("/script", "#!/usr/bin/env bash\necho hi\n"));
  EXPECT_EQ(main().spawn(program), std::unexpected(Errno::noexec));
  EXPECT_TRUE(put("/script", "#! /bin/sh -e\necho hi\n"));
  EXPECT_EQ(main().spawn(program), std::unexpected(Errno::noexec));
  EXPECT_TRUE(put("/script", "#!/usr/bin/python3\nprint()\n"));
  EXPECT_EQ(main().spawn(program), std::unexpected(Errno::noent));
  program.path = "/usr";
  EXPECT_EQ(main().spawn(program), std::unexpected(Errno::acces));
}

}  // namespace
}  // namespace swebash::kernel
