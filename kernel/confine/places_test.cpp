// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/places.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace swebash::kernel::confine {
namespace {

class ResolvedPlaces : public ::testing::Test {
 protected:
  ResolvedPlaces() {
    std::string name = "/tmp/places-XXXXXX";
    root_ = ::mkdtemp(name.data());
    std::filesystem::create_directories(root_ + "/ws");
    policy_.workspace = root_ + "/ws";
  }
  ~ResolvedPlaces() override { std::filesystem::remove_all(root_); }

  std::string fault() {
    const auto places = resolve_places(policy_, surroundings_);
    return places.has_value() ? "" : places.error().message;
  }

  std::string root_;
  Policy policy_;
  Surroundings surroundings_;
};

TEST(Paths, LieWithinWholeComponentsAlone) {
  EXPECT_TRUE(is_within("/a/b", "/a"));
  EXPECT_TRUE(is_within("/a", "/a"));
  EXPECT_TRUE(is_within("/a", "/"));
  EXPECT_FALSE(is_within("/ab", "/a"));
  EXPECT_FALSE(is_within("/", "/a"));
}

TEST(Paths, AreMadeNormalByTheirText) {
  EXPECT_EQ(normal_path("/w", "a/./b//c/"), "/w/a/b/c");
  EXPECT_EQ(normal_path("/w", "../../../etc/shadow"), "/etc/shadow");
  EXPECT_EQ(normal_path("/w", "/a/../b"), "/b");
  EXPECT_EQ(normal_path("/w", ".."), "/");
}

TEST_F(ResolvedPlaces, RefuseAWorkspaceThatCannotBeOne) {
  for (const auto& [workspace, says] :
       std::vector<std::pair<std::string, std::string>>{{"", "no folder"},
                                                        {root_ + "/none", "No such file"},
                                                        {"/", "whole system"},
                                                        {"/usr", "system's own"},
                                                        {"/proc/self", "no place for files"},
                                                        {"/etc/passwd", "Not a directory"}}) {
    policy_.workspace = workspace;
    EXPECT_NE(fault().find(says), std::string::npos) << workspace << ": " << fault();
  }
}

TEST_F(ResolvedPlaces, RefuseAWorkspaceOfAnother) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  ASSERT_EQ(::chown((root_ + "/ws").c_str(), 1, 1), 0);
  EXPECT_NE(fault().find("another user"), std::string::npos) << fault();
}

TEST_F(ResolvedPlaces, AreWithoutLinks) {
  ASSERT_EQ(::symlink("ws", (root_ + "/link").c_str()), 0);
  policy_.workspace = root_ + "/link";
  const auto places = resolve_places(policy_, surroundings_);
  ASSERT_TRUE(places.has_value());
  EXPECT_EQ(places->workspace, root_ + "/ws");
  EXPECT_TRUE(
      std::ranges::any_of(places->links, [&](const Link& l) { return l.at == root_ + "/link"; }));
}

TEST_F(ResolvedPlaces, MakeWhatMayBeWrittenAndIsNotThere) {
  policy_.write = {root_ + "/file", root_ + "/folder/"};
  ASSERT_EQ(fault(), "");
  EXPECT_TRUE(std::filesystem::is_regular_file(root_ + "/file"));
  EXPECT_TRUE(std::filesystem::is_directory(root_ + "/folder"));
}

TEST_F(ResolvedPlaces, RefuseToOpenTheSystemForWriting) {
  for (const char* path : {"/", "/usr", "/etc", "/proc/sys", "/dev/null"}) {
    policy_.write = {path};
    EXPECT_NE(fault().find("cannot be allowed"), std::string::npos) << path;
  }
}

TEST_F(ResolvedPlaces, DenyOnlyWhatIsThere) {
  policy_.deny = {root_ + "/ws/none"};
  EXPECT_NE(fault().find("must be there"), std::string::npos);
  policy_.deny = {root_};
  EXPECT_NE(fault().find("holds the workspace"), std::string::npos);
}

// Whoever writes there runs code: a cache that does not exist could be made by a script.
TEST_F(ResolvedPlaces, DenyTheModuleCacheBelowAWorkspace) {
  surroundings_.caches = {root_ + "/ws/.cache/modcache", root_ + "/elsewhere"};
  const auto places = resolve_places(policy_, surroundings_);
  ASSERT_TRUE(places.has_value());
  EXPECT_EQ(places->denied, std::vector<std::string>{root_ + "/ws/.cache/modcache"});
  EXPECT_EQ(places->pinned, std::vector<std::string>{root_ + "/ws/.cache"});
  EXPECT_TRUE(std::filesystem::is_directory(root_ + "/ws/.cache/modcache"));
}

TEST_F(ResolvedPlaces, RefuseAModuleCacheBehindALinkThatAScriptCouldChange) {
  std::filesystem::create_directories(root_ + "/cache");
  ASSERT_EQ(::symlink("../cache", (root_ + "/ws/.cache").c_str()), 0);
  surroundings_.caches = {root_ + "/ws/.cache"};
  EXPECT_NE(fault().find("behind a link"), std::string::npos) << fault();
}

TEST_F(ResolvedPlaces, FollowWhatLeadsIntoAWorkspaceFromOutside) {
  namespace fs = std::filesystem;
  fs::create_directories(root_ + "/ws/config");
  fs::create_symlink(root_ + "/ws/config", root_ + "/link");
  fs::create_symlink("ws/coming", root_ + "/dangling");
  surroundings_.policy_folder = root_ + "/link/swebash";
  surroundings_.caches = {root_ + "/dangling/../modcache"};
  const auto places = resolve_places(policy_, surroundings_);
  ASSERT_TRUE(places.has_value()) << places.error().message;
  EXPECT_EQ(places->policies, std::vector<std::string>{root_ + "/ws/config/swebash"});
  EXPECT_EQ(places->denied, std::vector<std::string>{root_ + "/ws/modcache"});
  EXPECT_TRUE(fs::is_directory(root_ + "/ws/config/swebash"));
  EXPECT_TRUE(fs::is_directory(root_ + "/ws/modcache"));
  fs::create_symlink("config", root_ + "/ws/own");
  fs::create_symlink(root_ + "/ws/own", root_ + "/other");
  for (std::string* place : {&surroundings_.policy_folder, &surroundings_.caches[0]}) {
    const std::string before = std::exchange(*place, root_ + "/other/swebash");
    EXPECT_NE(fault().find("behind a link"), std::string::npos) << fault();
    *place = before;
  }
}

TEST_F(ResolvedPlaces, ListProgramsWithWhatTheKernelOpensForThem) {
  std::ofstream(root_ + "/ws/script") << "#!/bin/sh -e\n";
  ::chmod((root_ + "/ws/script").c_str(), 0755);
  policy_.native = Programs::listed;
  policy_.programs = {root_ + "/ws/script"};
  const auto places = resolve_places(policy_, surroundings_);
  ASSERT_TRUE(places.has_value());
  ASSERT_GE(places->programs.size(), 2u);
  EXPECT_EQ(places->programs[1], real_path("/bin/sh"));
  policy_.programs = {"no-such-program"};
  EXPECT_NE(fault().find("no such program"), std::string::npos);
}

}  // namespace
}  // namespace swebash::kernel::confine
