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
