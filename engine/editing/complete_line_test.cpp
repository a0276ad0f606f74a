// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/complete_line.hpp"

#include <gtest/gtest.h>

#include "engine/interpreter/shell_test_fixture.hpp"

namespace swebash::engine {
namespace {

class CompleteLineTest : public ShellTest {
 protected:
  // `line` after Tab at its end.
  std::string tab(std::string line) {
    const LineCompletion completion = complete_line(executor_, line, line.size());
    if (completion.candidates.empty()) return line;
    std::string ending;
    if (completion.candidates.size() == 1) {
      ending = completion_ending(completion, completion.candidates[0], line);
    }
    line.replace(completion.begin, completion.end - completion.begin, completion.common + ending);
    return line;
  }
};

TEST_F(CompleteLineTest, FilesAreQuoted) {
  run("command -p mkdir 'd e'; : > 'd e/f g' > '$(touch ran)' > it\\'s");
  EXPECT_EQ(tab("cat d"), "cat d\\ e/");
  EXPECT_EQ(tab("cat \"d"), "cat \"d e\"/");
  EXPECT_EQ(tab("cat 'd e/"), "cat 'd e/f g' ");
  EXPECT_EQ(tab("cat it"), "cat it\\'s ");
  EXPECT_EQ(tab("cat '$(t"), "cat '$(touch ran)' ");
  EXPECT_EQ(tab("cat \\$"), "cat \\$\\(touch\\ ran\\) ");
}

TEST_F(CompleteLineTest, VariablesOfADirectoryStay) {
  run("command -p mkdir some; : > some/file; where=some; HOME=$PWD");
  EXPECT_EQ(tab("cat $where/f"), "cat $where/file ");
  EXPECT_EQ(tab("cat ~/so"), "cat ~/some/");
  EXPECT_EQ(tab("cat $wher"), "cat $where/");
  EXPECT_EQ(tab("cat \"${wher"), "cat \"${where}\"/");
}

TEST_F(CompleteLineTest, NothingRunsThatTheWordHolds) {
  run("command -p mkdir some");
  static_cast<void>(tab("cat $(: > ran)/f"));
  static_cast<void>(tab("cat `: > ran`/f"));
  static_cast<void>(tab("cat ${x:=$(: > ran)}/f"));
  EXPECT_EQ(output("echo *"), "some written.txt");
}

TEST_F(CompleteLineTest, FunctionIsTold) {
  run("f() { told=\"$1,$2,$3,$COMP_LINE,$COMP_POINT,$COMP_TYPE,$COMP_KEY,$COMP_CWORD,"
      "${COMP_WORDS[*]}\"; }; complete -F f git");
  static_cast<void>(tab("x | git a=b"));
  EXPECT_EQ(value("told"), "git,b,=,git a=b,7,9,9,3,git a = b");
  run("unset told; told=${COMP_WORDS+set}${COMP_LINE+set}");
  EXPECT_EQ(value("told"), "");
}

TEST_F(CompleteLineTest, FunctionChangesItsOptions) {
  run("f() { COMPREPLY=(one); compopt -o nospace; }; complete -F f git");
  EXPECT_EQ(tab("git o"), "git one");
  EXPECT_EQ(output("complete -p git"), "complete -F f git");
}

TEST_F(CompleteLineTest, FunctionAsksToBeLookedUpAgain) {
  run("f() { complete -W later \"$1\"; return 124; }; complete -D -F f");
  EXPECT_EQ(tab("git l"), "git later ");
  run("g() { return 124; }; complete -r; complete -F g same");
  EXPECT_EQ(tab("same l"), "same l");
}

TEST_F(CompleteLineTest, StatusStaysAndNothingEndsTheShell) {
  run("f() { false; exit 3; }; complete -F f git; (exit 7)");
  EXPECT_EQ(tab("git l"), "git l");
  EXPECT_EQ(shell_.last_status(), 7);
  EXPECT_EQ(run("true"), 0);
}

TEST_F(CompleteLineTest, CommandAfterAReservedWord) {
  EXPECT_EQ(tab("if unal"), "if unalias ");
  run("complete -W word foo");
  EXPECT_EQ(tab("while foo w"), "while foo word ");
  EXPECT_EQ(tab("for i in a; do foo w"), "for i in a; do foo word ");
}

TEST_F(CompleteLineTest, OptionsOfBuiltinsAreDescribed) {
  const LineCompletion completion = complete_line(executor_, "mapfile -", 9);
  ASSERT_FALSE(completion.candidates.empty());
  EXPECT_EQ(completion.candidates[0].inserted, "-C");
  EXPECT_EQ(completion.candidates[0].description, "callback");
}

TEST_F(CompleteLineTest, LineOfSeveral) {
  run(": > file");
  const std::string text = "echo a\ncat fi\necho b";
  const LineCompletion completion = complete_line(executor_, text, 13);
  EXPECT_EQ(completion.begin, 11U);
  EXPECT_EQ(completion.common, "file");
}

}  // namespace
}  // namespace swebash::engine
