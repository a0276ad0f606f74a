// SPDX-License-Identifier: Apache-2.0
#include "overlay/testing.hpp"

namespace swebash::overlay {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

class Apply : public OverlayTest {};

TEST_F(Apply, TakesWhatWasWrittenRemovedAndMade) {
  write("w/changed", "old");
  write("w/gone", "x");
  write("w/d/inner", "x");
  begin();
  write("kept/upper/changed", "new");
  write("kept/upper/made/deep", "y");
  remove_by_session("gone");
  remove_by_session("d");
  const Outcome outcome = apply_all();
  EXPECT_THAT(outcome.conflicts, IsEmpty());
  EXPECT_THAT(outcome.failed, IsEmpty());
  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(read("w/changed"), "new");
  EXPECT_EQ(read("w/made/deep"), "y");
  EXPECT_FALSE(is_there("w/gone"));
  EXPECT_FALSE(is_there("w/d"));
  EXPECT_FALSE(is_there("kept"));
}

TEST_F(Apply, WritesNothingWhereOneThingHasChangedUnderneath) {
  write("w/a", "old");
  write("w/b", "old");
  begin();
  write("kept/upper/a", "new");
  write("kept/upper/b", "new");
  write("w/b", "theirs");
  const Outcome outcome = apply_all();
  EXPECT_THAT(outcome.conflicts, ElementsAre(Field(&Change::path, "b")));
  EXPECT_EQ(read("w/a"), "old");
  EXPECT_EQ(read("w/b"), "theirs");
}

TEST_F(Apply, ChangedUnderneathIsAlsoWhatKeptItsSizeAndTime) {
  write("w/a", "old");
  begin();
  write("kept/upper/a", "new");
  struct stat before{};
  ASSERT_EQ(::stat((root + "/w/a").c_str(), &before), 0);
  write("w/a", "OLD");
  const timespec times[2] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, (root + "/w/a").c_str(), times, 0), 0);
  EXPECT_THAT(apply_all().conflicts, Not(IsEmpty()));
  EXPECT_EQ(read("w/a"), "OLD");
}

TEST_F(Apply, WhatIsTheSameAlreadyIsNoChange) {
  write("w/a", "old");
  begin();
  write("kept/upper/a", "new");
  write("w/a", "new");
  struct stat about{};
  ASSERT_EQ(::stat((root + "/w/a").c_str(), &about), 0);
  const timespec times[2] = {about.st_atim, about.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, (root + "/kept/upper/a").c_str(), times, 0), 0);
  const auto layers = open_layers(folder);
  EXPECT_THAT(find_changes(*layers), Not(testing::Contains(Field(&Change::path, "a"))));
}

TEST_F(Apply, AnOpaqueFolderRemovesWhatItHides) {
  write("w/d/old", "x");
  write("w/d/both", "x");
  write("w/d/in/deep", "x");
  begin();
  write("kept/upper/d/both", "y");
  write("kept/upper/d/in/new", "y");
  mark("kept/upper/d", "opaque");
  EXPECT_TRUE(apply_all().done);
  EXPECT_FALSE(is_there("w/d/old"));
  EXPECT_EQ(read("w/d/both"), "y");
  // It lies in a hidden folder, without a mark of its own.
  EXPECT_FALSE(is_there("w/d/in/deep"));
  EXPECT_EQ(read("w/d/in/new"), "y");
}

TEST_F(Apply, WhatSomebodyPutIntoARemovedFolderIsKept) {
  write("w/d/old", "x");
  begin();
  remove_by_session("d");
  write("w/d/theirs", "y");
  EXPECT_THAT(apply_all().conflicts, ElementsAre(Field(&Change::path, "d")));
  EXPECT_EQ(read("w/d/theirs"), "y");
  EXPECT_EQ(read("w/d/old"), "x");
}

TEST_F(Apply, AFolderThatWasPutAsideForAnotherIsAChange) {
  write("w/d/f", "one");
  write("w/other/f", "two");
  begin();
  write("kept/upper/d/f", "new");
  std::filesystem::rename(root + "/w/d", root + "/w/aside");
  std::filesystem::rename(root + "/w/other", root + "/w/d");
  EXPECT_THAT(apply_all().conflicts, Not(IsEmpty()));
  EXPECT_EQ(read("w/d/f"), "two");
}

TEST_F(Apply, NamesOfOneFileStayOne) {
  begin();
  write("kept/upper/a", "x");
  std::filesystem::create_directory(root + "/kept/upper/d");
  std::filesystem::create_hard_link(root + "/kept/upper/a", root + "/kept/upper/d/b");
  EXPECT_TRUE(apply_all().done);
  EXPECT_TRUE(std::filesystem::equivalent(root + "/w/a", root + "/w/d/b"));
}

TEST_F(Apply, APartIsTakenAndTheRestIsKept) {
  begin();
  write("kept/upper/d/a", "x");
  write("kept/upper/b", "x");
  const Outcome outcome = apply_all({"d/a"});
  EXPECT_FALSE(outcome.done);
  EXPECT_EQ(read("w/d/a"), "x");
  EXPECT_FALSE(is_there("w/b"));
  EXPECT_FALSE(is_there("kept/upper/d/a"));
  EXPECT_TRUE(apply_all().done);
  EXPECT_EQ(read("w/b"), "x");
}

TEST_F(Apply, WhatWasLeftByOneThatWasInterruptedIsRemoved) {
  write("w/d/f", "old");
  begin();
  write("kept/upper/d/f", "new");
  write("w/d/.swebash-apply-" + folder.about.id + "/half", "x");
  write("kept/applying", "");
  EXPECT_TRUE(apply_all().done);
  EXPECT_FALSE(is_there("w/d/.swebash-apply-" + folder.about.id));
  EXPECT_EQ(read("w/d/f"), "new");
}

TEST_F(Apply, NoTwoFoldersOfANameAreConfused) {
  EXPECT_TRUE(is_wanted("a/b", {"a"}));
  EXPECT_FALSE(is_wanted("ab", {"a"}));
  EXPECT_TRUE(is_wanted("ab", {}));
  EXPECT_TRUE(is_wanted("ab", {"."}));
}

}  // namespace
}  // namespace swebash::overlay
