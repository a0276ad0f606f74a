// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/completion_words.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

TEST(CompletionWords, CutsTheListAtSeparatorsThatAreNotQuoted) {
  EXPECT_EQ(shell_words("a b", nullptr), "a b");
  const std::string colon = ":";
  EXPECT_EQ(shell_words("a:b c", &colon), "a b\\ c");
  EXPECT_EQ(shell_words("'a:b':c", &colon), "'a:b' c");
  EXPECT_EQ(shell_words("$(echo a:b):c", &colon), "$(echo a:b) c");
  EXPECT_EQ(shell_words("\"open", nullptr), "\"open\"");
}

TEST(CompletionWords, PutsTheWordIntoTheFilter) {
  EXPECT_EQ(filter_pattern("&*", "ab"), "ab*");
  EXPECT_EQ(filter_pattern("\\&*", "ab"), "&*");
  EXPECT_EQ(filter_pattern("\\*", "ab"), "\\*");
}

TEST(CompletionWords, TakesTheQuotesOff) {
  EXPECT_EQ(without_quotes("a\\ b"), "a b");
  EXPECT_EQ(without_quotes("\"a b"), "a b");
  EXPECT_EQ(without_quotes("x'y z'"), "xy z");
}

TEST(CompletionWords, LinesThatAreEmptyDoNotCount) {
  std::vector<std::string> lines;
  split_lines("a\n\nb", lines);
  EXPECT_EQ(lines, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace swebash::engine
