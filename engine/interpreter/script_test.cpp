// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/script.hpp"

#include "abi/guest.hpp"
#include "engine/interpreter/redir.hpp"
#include "engine/interpreter/shell_test_fixture.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine {
namespace {

class ScriptTest : public ShellTest {
 protected:
  // Lines of `source` until its end, joined by |.
  static std::string lines(LineSource& source) {
    std::string all, line;
    while (source.read_line(line, false)) {
      if (line.ends_with('\n')) line.pop_back();
      all += line + "|";
    }
    return all;
  }
  i32 open_file(std::string_view name) {
    auto file = files::open(name, abi::kRead, 0);
    return file ? file->release() : -1;
  }
};

TEST_F(ScriptTest, AFileIsReadByItsLines) {
  run("printf 'one\\n\\nthree' > f");
  FileSource source;
  ASSERT_TRUE(source.open("f"));
  EXPECT_EQ(lines(source), "one||three|");
}

TEST_F(ScriptTest, ALineMayBeLongerThanABlock) {
  run("printf '%20000s\\nx\\n' a > f");
  FileSource source;
  ASSERT_TRUE(source.open("f"));
  std::string line;
  ASSERT_TRUE(source.read_line(line, false));
  EXPECT_EQ(line.size(), 20'001u);
  EXPECT_EQ(lines(source), "x|");
}

TEST_F(ScriptTest, WhatIsNoFileCannotBeOpened) {
  EXPECT_EQ(FileSource().open("nothing_here").error(), Errno::noent);
  EXPECT_EQ(FileSource().open("/").error(), Errno::isdir);
}

TEST_F(ScriptTest, OfASharedFileNoMoreIsTakenThanTheLinesRead) {
  run("printf 'one\\ntwo\\nthree\\n' > f");
  const i32 fd = open_file("f");
  FileSource source;
  source.share(fd);
  std::string line;
  ASSERT_TRUE(source.read_line(line, false));
  EXPECT_EQ(sys::seek(fd, 0, abi::kSeekCurrent), 4);
  // Somebody else reads a line.
  sys::seek(fd, 4, abi::kSeekCurrent);
  EXPECT_EQ(lines(source), "three|");
  sys::close(fd);
}

TEST_F(ScriptTest, OfASharedPipeNoMoreIsTakenThanTheLine) {
  const i32 fd = open_text("one\ntwo\n");
  FileSource source;
  source.share(fd);
  std::string line, rest;
  ASSERT_TRUE(source.read_line(line, false));
  EXPECT_EQ(line, "one\n");
  ASSERT_TRUE(read_to_end(fd, rest));
  EXPECT_EQ(rest, "two\n");
  sys::close(fd);
}

TEST_F(ScriptTest, APlainLineComesWithoutItsNewline) {
  const i32 fd = open_text("one\nlast");
  std::string line;
  EXPECT_EQ(read_plain_line(texts_, fd, line), true);
  EXPECT_EQ(line, "one");
  EXPECT_EQ(read_plain_line(texts_, fd, line), true);
  EXPECT_EQ(line, "last");
  EXPECT_EQ(read_plain_line(texts_, fd, line), false);
  sys::close(fd);
  EXPECT_EQ(read_plain_line(texts_, fd, line).error(), Errno::badf);
}

TEST_F(ScriptTest, VerboseEchoesTheLines) {
  run("echo 'echo a' > f");
  EXPECT_EQ(messages("set -v; . ./f > /dev/null; set +v"), "echo a");
}

TEST(LooksBinary, ByANulBeforeTheFirstNewline) {
  using std::string_view_literals::operator""sv;
  EXPECT_TRUE(looks_binary_text("a\0b\n"sv));
  EXPECT_FALSE(looks_binary_text("a\nb\0"sv));
  EXPECT_FALSE(looks_binary_text(""));
}

TEST_F(ScriptTest, AFifoDoesNotLookBinaryAndIsNotOpened) {
  run("command -p mkfifo fifo; printf 'a\\0' > nul");
  EXPECT_FALSE(looks_binary("fifo"));
  EXPECT_TRUE(looks_binary("nul"));
  EXPECT_FALSE(looks_binary("nothing_here"));
}

TEST_F(ScriptTest, AMenuStandsInColumnsByItsWidth) {
  const std::string words[] = {"a", "bb", "ccc"};
  EXPECT_EQ(select_menu(shell_, words), "1) a\n2) bb\n3) ccc\n");
  run("COLUMNS=20");
  std::vector<std::string> many;
  for (char c = 'a'; c <= 'f'; ++c) many.emplace_back(1, c);
  const std::string menu = select_menu(shell_, many);
  EXPECT_EQ(menu, "1) a  3) c  5) e\n2) b  4) d  6) f\n");
}

}  // namespace
}  // namespace swebash::engine
