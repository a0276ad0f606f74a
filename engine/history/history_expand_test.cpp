// SPDX-License-Identifier: Apache-2.0
#include "engine/history/history_expand.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

using Outcome = HistoryExpander::Outcome;

class HistoryExpandTest : public testing::Test {
 protected:
  HistoryExpandTest() {
    for (const char* line : {"echo one two three", "ls -l /tmp/file.txt", "git commit -m 'a b'"}) {
      history_.add(line, 0);
    }
  }
  std::string expand(std::string_view line) {
    std::string text;
    outcome_ = expander_.expand(line, history_, {}, text);
    return text;
  }

  History history_;
  HistoryExpander expander_;
  Outcome outcome_ = Outcome::unchanged;
};

TEST_F(HistoryExpandTest, NamesEvents) {
  EXPECT_EQ(expand("!!"), "git commit -m 'a b'");
  EXPECT_EQ(outcome_, Outcome::changed);
  EXPECT_EQ(expand("!-2"), "ls -l /tmp/file.txt");
  EXPECT_EQ(expand("!1"), "echo one two three");
  EXPECT_EQ(expand("!ec"), "echo one two three");
  EXPECT_EQ(expand("!?tmp?"), "ls -l /tmp/file.txt");
}

TEST_F(HistoryExpandTest, TakesWords) {
  EXPECT_EQ(expand("cat !$"), "cat 'a b'");
  EXPECT_EQ(expand("cat !ls:2"), "cat /tmp/file.txt");
  EXPECT_EQ(expand("echo !1:1-2"), "echo one two");
  EXPECT_EQ(expand("echo !1*"), "echo one two three");
  EXPECT_EQ(expand("echo !1:^"), "echo one");
}

TEST_F(HistoryExpandTest, Modifies) {
  EXPECT_EQ(expand("cd !ls:2:h"), "cd /tmp");
  EXPECT_EQ(expand("echo !ls:2:t"), "echo file.txt");
  EXPECT_EQ(expand("echo !ls:2:r"), "echo /tmp/file");
  EXPECT_EQ(expand("!1:s/one/1/"), "echo 1 two three");
  EXPECT_EQ(expand("!1:gs/o/0/"), "ech0 0ne tw0 three");
}

TEST_F(HistoryExpandTest, ReplacesQuickly) {
  EXPECT_EQ(expand("^commit^status^"), "git status -m 'a b'");
}

TEST_F(HistoryExpandTest, LeavesAloneWhatIsNone) {
  for (const char* line : {"echo hi", "a ! b", "[ a != b ]", "echo '!!'"}) {
    expand(line);
    EXPECT_EQ(outcome_, Outcome::unchanged) << line;
  }
}

TEST_F(HistoryExpandTest, OnlyShowsWithP) {
  EXPECT_EQ(expand("!1:p"), "echo one two three");
  EXPECT_EQ(outcome_, Outcome::print_only);
}

TEST_F(HistoryExpandTest, SaysWhatIsNotThere) {
  EXPECT_EQ(expand("!nosuch"), "!nosuch: event not found");
  EXPECT_EQ(outcome_, Outcome::failed);
  expand("!1:9");
  EXPECT_EQ(outcome_, Outcome::failed);
}

TEST(OpenTextTest, SeesWhatALineLeavesOpen) {
  EXPECT_EQ(left_open("echo hi\n"), OpenText::none);
  EXPECT_EQ(left_open("echo 'a\n"), OpenText::single_quoted);
  EXPECT_EQ(left_open("echo \"a\n"), OpenText::double_quoted);
  EXPECT_EQ(left_open("echo a \\\n"), OpenText::continued);
  EXPECT_EQ(left_open("cat <<E\nbody\n"), OpenText::here_document);
  EXPECT_EQ(left_open("cat <<E\nbody\nE\n"), OpenText::none);
}

}  // namespace
}  // namespace swebash::engine
