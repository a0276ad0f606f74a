// SPDX-License-Identifier: Apache-2.0
#include "engine/system/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace swebash::engine::files {
namespace {

using testing::UnorderedElementsAre;

class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string name = testing::TempDir() + "files.XXXXXX";
    place_ = mkdtemp(name.data());
  }
  ~FilesTest() override { std::filesystem::remove_all(place_); }
  std::string path(std::string_view name) const { return join(place_, name); }
  void write(std::string_view name, std::string_view text) const {
    const auto file = open(path(name), abi::kWrite | abi::kCreate | abi::kTruncate);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(write_all(file->fd(), text).has_value());
  }

  std::string place_;
};

TEST_F(FilesTest, ReadsBackWhatWasWritten) {
  const std::string text(100000, 'x');
  write("a", text);
  EXPECT_EQ(read_text(path("a")), text);
  EXPECT_EQ(read_text(path("none")), "");
}

TEST_F(FilesTest, StopsReadingAtTheLimit) {
  write("a", "0123456789");
  const auto file = open(path("a"), abi::kRead);
  ASSERT_TRUE(file.has_value());
  std::string out;
  const auto read = read_all(file->fd(), out, 4);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error(), Errno::fbig);
}

TEST_F(FilesTest, ListsEntriesWithoutTheDots) {
  write("a", "");
  write(".hidden", "");
  ASSERT_TRUE(mkdir(path("d"), 0755).has_value());
  std::vector<Entry> entries;
  ASSERT_TRUE(list(place_, entries).has_value());
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  EXPECT_THAT(names, UnorderedElementsAre("a", ".hidden", "d"));
}

TEST_F(FilesTest, TellsALinkFromWhatItNames) {
  write("a", "text");
  ASSERT_TRUE(symlink("a", path("link")).has_value());
  EXPECT_EQ(stat(path("link"))->type, abi::kRegular);
  EXPECT_EQ(stat(path("link"), Follow::no)->type, abi::kSymlink);
  EXPECT_EQ(readlink(path("link")), "a");
}

TEST_F(FilesTest, ClosesWhatItOwns) {
  write("a", "");
  i32 fd = -1;
  {
    const auto file = open(path("a"), abi::kRead);
    fd = file->fd();
    ASSERT_GE(fd, 0);
  }
  EXPECT_FALSE(fstat(fd).has_value());
}

TEST(FileNames, SplitAsBasenameAndDirnameDo) {
  struct Case {
    std::string_view path, base, directory;
  };
  constexpr Case kCases[] = {
      {"/usr/bin/env", "env", "/usr/bin"},
      {"env", "env", "."},
      {"/", "/", "/"},
      {"///", "/", "/"},
      {"a/", "a", "."},
      {"/a", "a", "/"},
      {"a//b//", "b", "a"},
      {"", "", "."},
  };
  for (const Case& one : kCases) {
    EXPECT_EQ(base_name(one.path), one.base) << one.path;
    EXPECT_EQ(directory_name(one.path), one.directory) << one.path;
  }
}

}  // namespace
}  // namespace swebash::engine::files
