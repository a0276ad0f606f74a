// SPDX-License-Identifier: Apache-2.0
#include "engine/text/pattern.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace swebash::engine {
namespace {

std::string show(bool matched) { return matched ? "yes" : "no"; }

std::string remove_prefix(std::string_view subject, std::optional<usize> length) {
  return std::string(subject.substr(length.value_or(0)));
}

std::string remove_suffix(std::string_view subject, std::optional<usize> length) {
  return std::string(subject.substr(0, subject.size() - length.value_or(0)));
}

std::string replace_all(std::string_view subject, const Pattern& pattern) {
  std::string out;
  usize at = 0;
  while (at < subject.size()) {
    const std::optional<Pattern::Match> match = pattern.find(subject, at);
    if (!match) break;
    out.append(subject.substr(at, match->start - at)).append("<>");
    at = match->start + match->length;
    if (match->length == 0 && at < subject.size()) {
      const usize length = utf8::decode(subject, at).length;
      out.append(subject.substr(at, length));
      at += length;
    }
  }
  return out.append(subject.substr(at));
}

std::string ours(const char* pattern_text, const char* subject, bool ignore_case) {
  const Pattern pattern(pattern_text, {.extglob = true, .ignore_case = ignore_case});
  std::string out = show(pattern.matches(subject));
  out += "|" + remove_prefix(subject, pattern.shortest_prefix(subject));
  out += "|" + remove_prefix(subject, pattern.longest_prefix(subject));
  out += "|" + remove_suffix(subject, pattern.shortest_suffix(subject));
  out += "|" + remove_suffix(subject, pattern.longest_suffix(subject));
  return out + "|" + replace_all(subject, pattern);
}

const char* const kPatterns[] = {
    "a",           "abc",
    "*",           "?",
    "??",          "a*",
    "*a",          "*a*",
    "a*c",         "a?c",
    "*b*c",        "[abc]",
    "[!abc]",      "[^a]*",
    "[a-c]*",      "[]a]",
    "[a-]",        "[[:alpha:]]*",
    "[[:digit:]]", "*[[:space:]]*",
    "[[:upper:]]", "[[:nosuch:]]",
    "[[.a.]]",     "[[.-.]]",
    "[a",          "[",
    "a[b",         "\\*",
    "\\a",         "\\[a]",
    "[\\]]",       "[a\\-c]",
    "*\\**",       "a*b*c*",
    "**",          "a**c",
    "?*",          "*?",
    "*/*",         "*.*",
    "é",           "?é",
    "[é]",         "[à-ü]",
    "*é*",         "@(a|b)",
    "@(ab|a)c",    "?(a)b",
    "*(a)",        "+(a)",
    "+(a|b)",      "*(ab|c)",
    "!(a)",        "!(a*)",
    "a!(b)c",      "!(*)",
    "@(a*(b)c|d)", "+([a-c])",
    "*+(a)",       "+(?)",
    "@()",         "?()a",
    "*(*)",        "!(a|b)",
    "!(!(a))",     "*!(c)",
    "@(a|b",       "a(b)",
    "@(a\\|b)",    "+(a*)c",
    "*(a|ab)(b)",  "+(b)+(c)",
    "x@(|y)",      "*.@(c|h)",
    "[a-c][a-c]",  "[c-a]",
    "[--/]",       "*[!a]",
    "a b",         "*[ab]c*",
    "[[:word:]]*", "+([!/])",
    "*-*",         "ab[",
    "[a]]",        "[!a-c]",
    "B",           "*(A)b",
    "[A-C]*",      "[[:lower:]]*",
};

const char* const kSubjects[] = {
    "",      "a", "b",  "ab",  "abc",  "aabbcc", "abcabc", "aaab", "bca", "*", "[a]", "a[b",
    "a\\",   "]", "-",  "a-c", "A",    "ABC",    "é",      "aéb",  "éé",  "ü", "a b", "foo.c",
    "a/b/c", "x", "xy", "(b)", "a(b)", "a|b",    "123",    "a1",   "[",   ".", "cab", "ababc",
};

class Differential : public testing::TestWithParam<bool> {};

TEST_P(Differential, MatchesAsBash) {
  const bool ignore_case = GetParam();
  // A file of its own: the two parameters run at once.
  const std::string script =
      testing::TempDir() + (ignore_case ? "pattern_cases_i.sh" : "pattern_cases.sh");
  {
    std::ofstream file(script);
    file << "shopt -s extglob\n" << (ignore_case ? "shopt -s nocasematch\n" : "");
    file << "subjects=(";
    for (const char* subject : kSubjects) file << " '" << subject << "'";
    file << " )\npatterns=(";
    for (const char* pattern : kPatterns) file << " '" << pattern << "'";
    file << " )\nfor p in \"${patterns[@]}\"; do for s in \"${subjects[@]}\"; do\n"
            "[[ $s == $p ]] && m=yes || m=no\n"
            "printf '%s|%s|%s|%s|%s|%s\\n' $m \"${s#$p}\" \"${s##$p}\" \"${s%$p}\" \"${s%%$p}\" "
            "\"${s//$p/<>}\"\ndone; done\n";
  }
  FILE* oracle = popen(("LC_ALL=C.UTF-8 bash " + script).c_str(), "r");
  ASSERT_NE(oracle, nullptr);
  char buffer[4096];
  for (const char* pattern : kPatterns) {
    for (const char* subject : kSubjects) {
      ASSERT_NE(fgets(buffer, sizeof buffer, oracle), nullptr);
      std::string expected(buffer);
      expected.pop_back();
      std::string got = ours(pattern, subject, ignore_case);
      if (ignore_case) {
        // nocasematch holds for [[ ]] and ${//}, not for ${#} and ${%}.
        const std::string heedful = ours(pattern, subject, false);
        const usize removals = heedful.find('|');
        got = got.substr(0, got.find('|')) +
              heedful.substr(removals, heedful.rfind('|') - removals) + got.substr(got.rfind('|'));
      }
      // A `|` of a subject confuses only the cutting above.
      if (ignore_case && std::string_view(subject).contains('|')) continue;
      // For an empty subject ${//} has rules of its own, which are the expander's.
      if (*subject == '\0') {
        got.resize(got.rfind('|'));
        expected.resize(expected.rfind('|'));
      }
      EXPECT_EQ(got, expected) << "pattern " << pattern << " subject " << subject;
    }
  }
  pclose(oracle);
}

INSTANTIATE_TEST_SUITE_P(Pattern, Differential, testing::Bool());

TEST(Pattern, SaysWhetherItIsLiteral) {
  EXPECT_TRUE(Pattern("a\\*b").is_literal());
  EXPECT_EQ(Pattern("a\\*b").literal(), "a*b");
  EXPECT_FALSE(Pattern("a*b").is_literal());
  EXPECT_TRUE(Pattern("+(a)").is_literal());
  EXPECT_FALSE(Pattern("+(a)", {.extglob = true}).is_literal());
}

TEST(Pattern, SaysWhetherItNamesALeadingDot) {
  EXPECT_TRUE(Pattern(".*").names_leading_dot());
  EXPECT_TRUE(Pattern("\\.x*").names_leading_dot());
  EXPECT_FALSE(Pattern("*").names_leading_dot());
  EXPECT_FALSE(Pattern("[.]*").names_leading_dot());
  EXPECT_TRUE(Pattern("@(x|.y)", {.extglob = true}).names_leading_dot());
  EXPECT_FALSE(Pattern("!(.x)", {.extglob = true}).names_leading_dot());
}

TEST(Pattern, CountsBytesWhenAsked) {
  EXPECT_FALSE(Pattern("?").matches("\xff\xfe"));
  EXPECT_TRUE(Pattern("?").matches("\xff"));
  EXPECT_TRUE(Pattern("?").matches("é"));
  EXPECT_FALSE(Pattern("?", {.bytes = true}).matches("é"));
  EXPECT_TRUE(Pattern("??", {.bytes = true}).matches("é"));
}

TEST(Pattern, QuotesText) {
  std::string quoted;
  append_quoted_pattern(quoted, "a*[b]\\!(c)?é");
  const Pattern pattern(quoted, {.extglob = true});
  EXPECT_TRUE(pattern.is_literal());
  EXPECT_EQ(pattern.literal(), "a*[b]\\!(c)?é");
}

// Each takes a minute or never ends where matching is exponential or quadratic.
// Matching that tries every split would not end: the suite's time limit is what tells.
TEST(Pattern, EndsOnLongSubjects) {
  const std::string many(1u << 20, 'a');
  EXPECT_FALSE(Pattern("*a*a*a*a*a*a*a*b").matches(many));
  EXPECT_TRUE(Pattern("*a*a*a*a*a*a*a").matches(many));
  EXPECT_FALSE(Pattern("*[ab]*[ab]*[ab]*c").matches(many));
  EXPECT_EQ(Pattern("*a").shortest_suffix(many), 1u);
  EXPECT_EQ(Pattern("*a").longest_prefix(many), many.size());
  EXPECT_FALSE(Pattern("*b").find(many).has_value());
  const PatternOptions extended{.extglob = true};
  EXPECT_TRUE(Pattern("+(a|aa)", extended).matches(many));
  EXPECT_FALSE(Pattern("+(a|aa)b", extended).matches(many));
  EXPECT_FALSE(Pattern("*(*a)b", extended).matches(many));
  EXPECT_TRUE(Pattern("!(b)", extended).matches(many));
  EXPECT_TRUE(Pattern("*!(b)*", extended).matches(many));
  EXPECT_FALSE(Pattern("+([0-9])", extended).find(many).has_value());
  EXPECT_EQ(Pattern("+([a-z])", extended).find(many)->length, many.size());
  EXPECT_FALSE(Pattern("+(+(+(a)))b", extended).matches(many.substr(0, 2000)));
}

TEST(Pattern, TakesAnyNesting) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "@(";
  const Pattern pattern(deep + std::string(5000, ')'), {.extglob = true});
  EXPECT_FALSE(pattern.matches("x"));
}

}  // namespace
}  // namespace swebash::engine
