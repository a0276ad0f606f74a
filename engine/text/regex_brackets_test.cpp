// SPDX-License-Identifier: Apache-2.0
#include "engine/text/regex_brackets.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

TEST(RegexBrackets, WritesCollatingSymbolsAsTheirCharacters) {
  EXPECT_EQ(without_collating("[[=d=]].."), "[d]..");
  EXPECT_EQ(without_collating("([[.d.][.D.]])o(.)"), "([dD])o(.)");
  EXPECT_EQ(without_collating("[[.a.]-[.c.]x]"), "[a-cx]");
  EXPECT_EQ(without_collating("[^[.hyphen.][:alpha:]a]"), "[^[:alpha:]a-]");
  EXPECT_EQ(without_collating("[a[.].]]"), "[]a]");
  EXPECT_EQ(without_collating("[[.^.]]"), "\\^");
}

TEST(RegexBrackets, LeavesTheRest) {
  EXPECT_EQ(without_collating("[].x]"), "[].x]");
  EXPECT_EQ(without_collating("a\\[[:alpha:]"), "a\\[[:alpha:]");
  EXPECT_EQ(without_collating("[[.nosuch.]]"), "[[.nosuch.]]");
  EXPECT_EQ(without_collating("[[.a"), "[[.a");
}

}  // namespace
}  // namespace swebash::engine
