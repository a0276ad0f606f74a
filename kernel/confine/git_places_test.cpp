// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/git_places.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace swebash::kernel::confine {
namespace {

namespace fs = std::filesystem;

class GitPlaces : public ::testing::Test {
 protected:
  GitPlaces() {
    std::string name = "/tmp/git-places-XXXXXX";
    root_ = ::mkdtemp(name.data());
    work_ = root_ + "/ws";
    fs::create_directories(work_);
    places_.workspace = work_;
    places_.writable = {work_};
  }
  ~GitPlaces() override { fs::remove_all(root_); }

  void make_repository(const std::string& at) {
    for (const char* part : {"/objects", "/refs", "/hooks"}) fs::create_directories(at + part);
    std::ofstream(at + "/HEAD") << "ref: refs/heads/main\n";
    std::ofstream(at + "/config") << "[core]\n\tbare = false\n";
  }
  bool keeps(const std::string& path) { return std::ranges::count(places_.kept, path) > 0; }
  bool writes(const std::string& path) { return std::ranges::count(places_.writable, path) > 0; }

  std::string root_, work_;
  Places places_;
};

TEST(GitSettings, NameHooksInCoreAlone) {
  EXPECT_EQ(hooks_path_in("[core]\n\thooksPath = a/b # c\n"), "a/b");
  EXPECT_EQ(hooks_path_in("[CORE] HooksPath = \"a b\"\n"), "a b");
  EXPECT_EQ(hooks_path_in("[core \"x\"]\nhooksPath = a\n"), "");
  EXPECT_EQ(hooks_path_in("[other]\nhooksPath = a\n"), "");
  EXPECT_EQ(hooks_path_in("[core]\nhooksPath = a\nhooksPath = b"), "b");
  EXPECT_EQ(hooks_path_in("# [core]\n[core];x\n; hooksPath = a\nbare\nhooksPath = b"), "b");
}

TEST(GitSettings, AreReadAsGitReadsThem) {
  EXPECT_EQ(hooks_path_in("[core]hooksPath=\"to\"\"ols\"/h ; c\n"), "tools/h");
  EXPECT_EQ(hooks_path_in("[core]\nhooksPath = tools/\\\n hooks\n"), "tools/ hooks");
  EXPECT_EQ(hooks_path_in("[core]\nhooksPath = \"a # b \" \\\"c\\\\\n"), "a # b  \"c\\");
  EXPECT_EQ(hooks_path_in("[core]\n\thooksPath\t=\ta  b\t\r\n"), "a  b");
  EXPECT_EQ(hooks_path_in("[core]\nx = \\\nhooksPath = a\n"), "") << "x goes on";
}

TEST_F(GitPlaces, KeepHooksAndSettings) {
  make_repository(work_ + "/.git");
  fs::remove(work_ + "/.git/hooks");
  ASSERT_TRUE(add_git_places(places_, "").has_value());
  EXPECT_TRUE(keeps(work_ + "/.git/hooks")) << "made, since a script could make them";
  EXPECT_TRUE(keeps(work_ + "/.git/config"));
  EXPECT_EQ(places_.pinned, std::vector<std::string>{work_ + "/.git"}) << "or it is put aside";
}

TEST_F(GitPlaces, KeepHooksThatTheSettingsName) {
  make_repository(work_ + "/.git");
  std::ofstream(work_ + "/.git/config") << "[core]\n hooksPath = tools/hooks\n";
  fs::create_directories(work_ + "/tools/hooks");
  ASSERT_TRUE(add_git_places(places_, "").has_value());
  EXPECT_TRUE(keeps(work_ + "/tools/hooks"));
}

TEST_F(GitPlaces, RefuseHooksBehindALink) {
  make_repository(work_ + "/.git");
  fs::remove(work_ + "/.git/hooks");
  fs::create_symlink("../elsewhere", work_ + "/.git/hooks");
  EXPECT_FALSE(add_git_places(places_, "").has_value());
}

TEST_F(GitPlaces, RefuseHooksWithALinkOnTheWay) {
  make_repository(work_ + "/.git");
  fs::create_directories(work_ + "/v2/hooks");
  fs::create_symlink("v2", work_ + "/tools");
  for (const char* named : {"tools/hooks", "tools/other", "tools/../hooks", "."}) {
    std::ofstream(work_ + "/.git/config") << "[core]\n hooksPath = " << named << "\n";
    EXPECT_FALSE(add_git_places(places_, "").has_value()) << named;
  }
}

TEST_F(GitPlaces, MakeAndKeepHooksThatAreNotThere) {
  make_repository(work_ + "/.git");
  std::ofstream(work_ + "/.git/config") << "[core]\n hooksPath = a/b/_\n";
  ASSERT_TRUE(add_git_places(places_, "").has_value());
  EXPECT_TRUE(keeps(work_ + "/a/b/_"));
  EXPECT_TRUE(fs::is_directory(work_ + "/a/b/_"));
  EXPECT_EQ(std::ranges::count(places_.pinned, work_ + "/a"), 1);
}

TEST_F(GitPlaces, KeepHooksThatSettingsElsewhereName) {
  make_repository(work_ + "/.git");
  fs::create_directories(root_ + "/config/git");
  fs::create_symlink(work_ + "/d", root_ + "/link");
  fs::create_directories(work_ + "/d");
  std::ofstream(root_ + "/config/git/config") << "[core]\n hooksPath = one\n";
  std::ofstream(root_ + "/global") << "[core]\n hooksPath = " << root_ << "/link\n";
  ::setenv("XDG_CONFIG_HOME", (root_ + "/config").c_str(), 1);
  ::setenv("GIT_CONFIG_GLOBAL", (root_ + "/global").c_str(), 1);
  const auto added = add_git_places(places_, "");
  ::unsetenv("XDG_CONFIG_HOME");
  ::unsetenv("GIT_CONFIG_GLOBAL");
  ASSERT_TRUE(added.has_value());
  EXPECT_TRUE(keeps(work_ + "/one"));
  EXPECT_TRUE(keeps(work_ + "/d"));
}

TEST_F(GitPlaces, OpenTheRepositoryOfALinkedWorktree) {
  const std::string repository = root_ + "/main/.git";
  make_repository(repository);
  fs::create_directories(repository + "/worktrees/ws");
  std::ofstream(repository + "/worktrees/ws/gitdir") << work_ + "/.git\n";
  std::ofstream(repository + "/worktrees/ws/commondir") << "../..\n";
  std::ofstream(work_ + "/.git") << "gitdir: " + repository + "/worktrees/ws\n";
  ASSERT_TRUE(add_git_places(places_, "").has_value());
  EXPECT_TRUE(writes(repository));
  EXPECT_TRUE(keeps(repository + "/hooks"));
  EXPECT_TRUE(keeps(work_ + "/.git"));
}

// What a script wrote into the workspace must not open anything in the next session.
TEST_F(GitPlaces, BelieveNoFileThatARepositoryDoesNotConfirm) {
  const std::string home = root_ + "/home";
  fs::create_directories(home + "/.ssh");
  std::ofstream(work_ + "/.git") << "gitdir: ../home/.ssh\n";
  ASSERT_TRUE(add_git_places(places_, "").has_value());
  EXPECT_EQ(places_.writable, std::vector<std::string>{work_});
  const std::string repository = root_ + "/main/.git";
  make_repository(repository);
  fs::create_directories(repository + "/worktrees/other");
  std::ofstream(repository + "/worktrees/other/gitdir") << root_ + "/other/.git\n";
  std::ofstream(repository + "/worktrees/other/commondir") << "../..\n";
  std::ofstream(work_ + "/.git") << "gitdir: " + repository + "/worktrees/other\n";
  ASSERT_TRUE(add_git_places(places_, "").has_value());
  EXPECT_EQ(places_.writable, std::vector<std::string>{work_}) << "another worktree's";
}

}  // namespace
}  // namespace swebash::kernel::confine
