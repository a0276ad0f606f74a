// SPDX-License-Identifier: Apache-2.0
#include "engine/text/regex_work.hpp"

#include <gtest/gtest.h>

#include <string>

namespace swebash::engine {
namespace {

std::string times(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

bool compiles(std::string_view expression) { return is_reasonable(regex_work(expression)); }

TEST(RegexWork, OrdinaryExpressionsAreReasonable) {
  const std::string_view expressions[] = {
      "",
      "^[[:space:]]*([A-Za-z_][A-Za-z0-9_]*)=(.*)$",
      "^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$",
      "^(a+)+$",
      "(a*)*b",
      "^(.{1,200}){1,200}$",
      "a{255}",
      "^.*(.*)(.*)(.*)x",
      "[]a-z[.-.]]{2,}|[^]]+",
  };
  for (const std::string_view expression : expressions) {
    const RegexWork work = regex_work(expression);
    EXPECT_TRUE(is_reasonable(work)) << expression;
  }
  EXPECT_TRUE(is_reasonable(regex_work("^(a|b|c)*(x|yz?)+$"), 100'000'000));
  EXPECT_TRUE(compiles(times("a", 1'000'000)));
  EXPECT_TRUE(compiles("^(" + times("word|", 5'000) + ")$"));
}

TEST(RegexWork, WhatGrowsWithItselfIsNot) {
  EXPECT_FALSE(compiles(times("(a|)", 30'000)));
  EXPECT_FALSE(compiles(times("(a|)", 1'000)));
  EXPECT_FALSE(compiles(times("a?", 3'000)));
  EXPECT_FALSE(compiles("(((a{1,200}){1,200}){1,200}){1,200}"));
  EXPECT_FALSE(compiles("((a{200}){200}){200}"));
  EXPECT_FALSE(compiles("(a*){200}(b*){200}((c?){200}){20}"));
}

TEST(RegexWork, CountsTheTextWhereTheAutomatonIsLarge) {
  const RegexWork work = regex_work(times("(a|)", 200));
  EXPECT_TRUE(is_reasonable(work));
  EXPECT_TRUE(is_reasonable(work, 100));
  EXPECT_FALSE(is_reasonable(work, 100'000));
}

TEST(RegexWork, TakesWhatIsNoExpression) {
  for (const std::string_view text : {"(((", ")))", "[", "[[:", "[[:a", "{", "a{", "a{1", "a{1,",
                                      "a{999}", "\\", "*", "|||", "a**{3}{3}"}) {
    (void)regex_work(text);
  }
}

}  // namespace
}  // namespace swebash::engine
