// SPDX-License-Identifier: Apache-2.0
#include "overlay/folder.hpp"

#include "overlay/testing.hpp"

namespace swebash::overlay {
namespace {

using testing::HasSubstr;

class FolderTest : public OverlayTest {
 protected:
  FolderTest() { ::setenv("XDG_STATE_HOME", root.c_str(), 1); }
  ~FolderTest() override { ::unsetenv("XDG_STATE_HOME"); }
};

TEST_F(FolderTest, TellsOfAWorkspaceWithAnyName) {
  const std::string workspace = root + "/w\nid 0 x";
  std::filesystem::create_directory(workspace);
  const auto made = start_folder(workspace, "", Lifetime::keep);
  ASSERT_TRUE(made.has_value()) << made.error();
  const auto again = open_folder(made->path);
  ASSERT_TRUE(again.has_value()) << again.error();
  EXPECT_EQ(again->about.workspace, workspace);
  EXPECT_EQ(again->about.id, made->about.id);
  EXPECT_FALSE(again->locked);
}

TEST_F(FolderTest, NamesAreTheFirstThatAreFree) {
  const auto one = start_folder(root + "/w", "", Lifetime::keep);
  auto two = start_folder(root + "/w", "", Lifetime::keep);
  ASSERT_TRUE(one.has_value() && two.has_value());
  EXPECT_TRUE(one->path.ends_with("/w-1"));
  EXPECT_TRUE(two->path.ends_with("/w-2"));
  EXPECT_EQ(list_folders().size(), 2U);
}

TEST_F(FolderTest, WhatAKilledDryRunLeftIsRemoved) {
  std::string left;
  {
    const auto dry = start_folder(root + "/w", "", Lifetime::session);
    ASSERT_TRUE(dry.has_value());
    left = dry->path;
    EXPECT_EQ(list_folders().size(), 1U);
  }
  EXPECT_TRUE(list_folders().empty());
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(FolderTest, OneOfALaterVersionIsLeftAlone) {
  std::string path, begun;
  {
    const auto made = start_folder(root + "/w", "", Lifetime::keep);
    const auto other = start_folder(root + "/w", "", Lifetime::keep);
    ASSERT_TRUE(made.has_value() && other.has_value());
    path = made->path;
    begun = other->path;
  }
  std::ofstream(path + "/about") << "swebash-overlay 2\n";
  std::filesystem::remove(begun + "/about");
  EXPECT_TRUE(list_folders().empty());
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(begun)) << "its session ended before it was one";
}

TEST_F(FolderTest, OneThatOthersMayWriteIsRefused) {
  std::filesystem::create_directory(root + "/open");
  ::chmod((root + "/open").c_str(), 0777);
  const auto made = start_folder(root + "/w", root + "/open", Lifetime::keep);
  ASSERT_FALSE(made.has_value());
  EXPECT_THAT(made.error(), HasSubstr("others may write there"));
}

TEST_F(FolderTest, ADescriptionThatIsNoneIsRefused) {
  begin();
  write("kept/about", "swebash-overlay 2\n");
  EXPECT_FALSE(open_folder(root + "/kept").has_value());
}

TEST_F(FolderTest, OneInItsWorkspaceIsNotBelieved) {
  ASSERT_TRUE(start_folder(root + "/w", root + "/w/kept", Lifetime::keep).has_value());
  const auto planted = open_folder(root + "/w/kept");
  ASSERT_FALSE(planted.has_value());
  EXPECT_THAT(planted.error(), HasSubstr("lies in its workspace"));
  EXPECT_TRUE(list_folders().empty());
  // But for the place where no session reaches any, in a workspace that is a home too.
  const auto made = start_folder(root, "", Lifetime::keep);
  ASSERT_TRUE(made.has_value()) << made.error();
  EXPECT_TRUE(open_folder(made->path).has_value());
}

TEST_F(FolderTest, LayersThatAreLinksAreNotGoneOnWith) {
  begin();
  for (const char* part : {"/kept/upper", "/kept/work"}) {
    folder = {};
    std::filesystem::rename(root + part, root + "/aside");
    std::filesystem::create_directory_symlink(root + "/out", root + part);
    const auto again = start_folder(root + "/w", root + "/kept", Lifetime::keep);
    ASSERT_FALSE(again.has_value());
    EXPECT_THAT(again.error(), HasSubstr("its layers are no folders"));
    std::filesystem::remove(root + part);
    std::filesystem::rename(root + "/aside", root + part);
  }
  EXPECT_TRUE(start_folder(root + "/w", root + "/kept", Lifetime::keep).has_value());
}

TEST_F(FolderTest, ATreeOfAnyDepthIsRemoved) {
  begin();
  std::string deep = root + "/kept/upper";
  OwnedFd at(::open(deep.c_str(), O_RDONLY | O_DIRECTORY));
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE(at);
    ASSERT_EQ(::mkdirat(at.get(), "d", 0700), 0);
    at = OwnedFd(::openat(at.get(), "d", O_RDONLY | O_DIRECTORY));
  }
  remove_folder(folder);
  EXPECT_FALSE(is_there("kept"));
}

}  // namespace
}  // namespace swebash::overlay
