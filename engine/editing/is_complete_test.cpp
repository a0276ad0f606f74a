// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/is_complete.hpp"

#include <gtest/gtest.h>

#include "engine/interpreter/shell_test_fixture.hpp"

namespace swebash::engine {
namespace {

using IsCompleteTest = ShellTest;

TEST_F(IsCompleteTest, WhatRuns) {
  for (const std::string_view text :
       {"", "  ", "# x", "echo a", "echo a;", "a &", "{ a; }", "if a; then b; fi", "cat <<E\nx\nE",
        "echo )", "fi", "a\nb", "echo 'a\nb'", "f() { a; }", "case x in a) ;; esac", "((1))"}) {
    EXPECT_TRUE(is_complete(shell_, text)) << text;
  }
}

TEST_F(IsCompleteTest, WhatGoesOn) {
  for (const std::string_view text : {"echo 'a",
                                      "echo \"a",
                                      "{",
                                      "{ a;",
                                      "(a",
                                      "if a",
                                      "if a; then b",
                                      "while a; do",
                                      "a |",
                                      "a &&",
                                      "a ||",
                                      "a \\",
                                      "cat <<E",
                                      "cat <<E\nx",
                                      "echo $(a",
                                      "echo `a",
                                      "f()",
                                      "case x in",
                                      "[[ -f a",
                                      "((1",
                                      "a=(1",
                                      "for i in a",
                                      "a\nfor i in a; do",
                                      "! {"}) {
    EXPECT_FALSE(is_complete(shell_, text)) << text;
  }
}

TEST_F(IsCompleteTest, AliasesCount) {
  run("shopt -s expand_aliases; alias loop='while a; do'");
  EXPECT_FALSE(is_complete(shell_, "loop b"));
  EXPECT_TRUE(is_complete(shell_, "loop b; done"));
}

TEST_F(IsCompleteTest, NothingIsSaid) {
  EXPECT_EQ(messages("x=$(compgen -L whole 'cat <<E')"), "");
}

}  // namespace
}  // namespace swebash::engine
