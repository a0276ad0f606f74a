// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/line_hint.hpp"

#include <gtest/gtest.h>

#include "engine/interpreter/shell_test_fixture.hpp"

namespace swebash::engine {
namespace {

using LineHintTest = ShellTest;

TEST_F(LineHintTest, OfTheCommandAtTheCursor) {
  run("f() { :; }; alias al='ls -l'; shopt -s expand_aliases");
  const auto synopsis = [&](std::string_view line) {
    return line_hint(shell_, line, line.size()).synopsis;
  };
  EXPECT_EQ(synopsis("x=1 umask 02"), "umask [-p] [-S] [mode]");
  EXPECT_EQ(synopsis("echo a | break "), "break [n]");
  EXPECT_EQ(synopsis("f a"), "f ()");
  EXPECT_EQ(synopsis("al a"), "al = ls -l");
  EXPECT_EQ(synopsis("nosuch a"), "");
  EXPECT_EQ(synopsis(""), "");
  EXPECT_EQ(line_hint(shell_, "break; umask", 3).begin, 0U);
}

}  // namespace
}  // namespace swebash::engine
