// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/line_words.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

constexpr std::string_view kBreaks = " \t\n\"'@><=;|&(:";

using Words = std::vector<std::string>;

TEST(LineWords, DelimitersAreHiddenByQuotesAndSubstitutions) {
  EXPECT_EQ(find_delimiter("a 'b;c' d;e", 0, ";"), 9U);
  EXPECT_EQ(find_delimiter("a \"$(x;y)\" ;", 0, ";"), 11U);
  EXPECT_EQ(find_delimiter("a `x;y`;", 0, ";"), 7U);
  EXPECT_EQ(find_delimiter("a $(x;y", 0, ";"), 7U);
  EXPECT_EQ(find_delimiter("a ${x;y} \\; ;", 0, ";"), 12U);
}

TEST(LineWords, WordBeginsAfterABreakOrAnOpenQuote) {
  const auto begin = [](std::string_view line) {
    return find_completed_word(line, line.size(), kBreaks).begin;
  };
  EXPECT_EQ(begin("git a"), 4U);
  EXPECT_EQ(begin("git --x=a"), 8U);
  EXPECT_EQ(begin("git \"a b"), 5U);
  EXPECT_EQ(begin("git a\\ b"), 4U);
  EXPECT_EQ(begin("git @h"), 4U);
  EXPECT_EQ(begin("git 'a b'"), 4U);
  EXPECT_EQ(begin("git"), 0U);
  EXPECT_EQ(find_completed_word("git \"a", 6, kBreaks).quote, '"');
}

TEST(LineWords, CommandOfAWord) {
  const auto name = [](std::string_view line) {
    const CompletedWord word = find_completed_word(line, line.size(), kBreaks);
    const CommandAt at = find_command_at(line, line.size(), word.begin, word.end);
    return std::string(line.substr(at.name_begin, at.name_end - at.name_begin));
  };
  EXPECT_EQ(name("a | git x"), "git");
  EXPECT_EQ(name("x=1 y=2 git x"), "git");
  EXPECT_EQ(name("{ git x"), "git");
  EXPECT_EQ(name("a >| git x"), "a");
  EXPECT_EQ(name("a {b c"), "a");
  EXPECT_EQ(name("a;b && git x"), "git");
}

TEST(LineWords, BreaksAreWordsOfTheirOwn) {
  EXPECT_EQ(split_command("git a==b", 8, kBreaks).words, (Words{"git", "a", "==", "b"}));
  EXPECT_EQ(split_command("git 'a b' c", 11, kBreaks).words, (Words{"git", "'a b'", "c"}));
  EXPECT_EQ(split_command("git <(a", 7, kBreaks).words, (Words{"git", "<(", "a"}));
}

TEST(LineWords, CurrentWord) {
  EXPECT_EQ(split_command("git a b", 5, kBreaks).current, 1);
  EXPECT_EQ(split_command("git a=b", 6, kBreaks).current, 3);
  EXPECT_EQ(split_command("git ", 4, kBreaks).current, 1);
  EXPECT_EQ(split_command("git ", 4, kBreaks).words, (Words{"git", ""}));
  EXPECT_EQ(split_command("git x    y", 7, kBreaks).words, (Words{"git", "x", "", "y"}));
  EXPECT_EQ(split_command("", 0, kBreaks).current, -1);
}

TEST(LineWords, NestingWithoutEndIsPassedOver) {
  std::string line;
  for (int i = 0; i < 100'000; ++i) line += "\"$(";
  EXPECT_EQ(find_delimiter(line, 0, ";"), line.size());
}

}  // namespace
}  // namespace swebash::engine
