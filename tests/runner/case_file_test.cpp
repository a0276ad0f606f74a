// SPDX-License-Identifier: Apache-2.0
#include "tests/runner/case_file.hpp"

#include <gtest/gtest.h>

namespace swebash::tests {
namespace {

TEST(CaseFile, ReadsScriptAndExpectations) {
  const CaseFile file = parse_cases("x",
                                    "# title\n### one\n\necho a\nexit 3\n#> a\n#! oops\n"
                                    "## status: 3\n\n### two\n:\n");
  ASSERT_EQ(file.error, "");
  ASSERT_EQ(file.cases.size(), 2U);
  const Case& one = file.cases[0];
  EXPECT_EQ(one.title, "one");
  EXPECT_EQ(one.line, 2);
  EXPECT_EQ(one.script, "echo a\nexit 3\n");
  EXPECT_EQ(one.status, 3);
  EXPECT_EQ(difference(one.standard_output, "a\n"), "");
  EXPECT_EQ(difference(one.standard_error, "oops\n"), "");
}

TEST(CaseFile, ReadsDirectives) {
  const CaseFile file =
      parse_cases("x",
                  "### one\n## args: -c 'echo \"$1\"' x \"y z\"\n## env: A=b c\n"
                  "## stdin\n#| in\n#|\n## file f 755\n#|   text\n## timeout: 3\n");
  ASSERT_EQ(file.error, "");
  const Case& one = file.cases.at(0);
  EXPECT_EQ(one.arguments, (std::vector<std::string>{"-c", "echo \"$1\"", "x", "y z"}));
  EXPECT_EQ(one.environment, (std::vector<std::string>{"A=b c"}));
  EXPECT_EQ(one.standard_input, "in\n\n");
  ASSERT_EQ(one.files.size(), 1U);
  EXPECT_EQ(one.files[0].text, "  text\n");
  EXPECT_EQ(one.files[0].mode, 0755U);
  EXPECT_EQ(one.timeout_seconds, 3);
}

TEST(CaseFile, NamesTheLineThatIsWrong) {
  EXPECT_EQ(parse_cases("x", "### one\n:\n## colour: red\n").error,
            "x:3: no such directive (see tests/README.md)");
  EXPECT_NE(parse_cases("x", "### one\n:\n#>$ \\q\n").error, "");
  EXPECT_NE(parse_cases("x", "### one\n#> a\n").error, "");
}

TEST(Difference, SeesWhatIsMissingMoreOrOther) {
  const auto expected = parse_cases("x", "### t\n:\n#> a\n#>~ b*\n").cases.at(0).standard_output;
  EXPECT_EQ(difference(expected, "a\nbcd\n"), "");
  EXPECT_NE(difference(expected, "a\nbcd"), "") << "no newline at the end";
  EXPECT_NE(difference(expected, "a\n"), "");
  EXPECT_NE(difference(expected, "a\nxbc\n"), "");
  EXPECT_NE(difference(expected, "a\nb\nc\n"), "");
  EXPECT_NE(difference({}, "a"), "");
}

TEST(ExpectationText, IsReadBackAsTheSame) {
  const std::string odd = "plain\n\n a\\b\ttab\nno newline \x01";
  const std::string text = "### t\n:\n" + expectation_text(odd, "e\n", 7);
  const CaseFile file = parse_cases("x", text);
  ASSERT_EQ(file.error, "") << text;
  EXPECT_EQ(difference(file.cases.at(0).standard_output, odd), "") << text;
  EXPECT_EQ(difference(file.cases.at(0).standard_error, "e\n"), "");
  EXPECT_EQ(file.cases.at(0).status, 7);
}

TEST(CaseFile, ALineThatMayBeThereMayBeMissing) {
  const CaseFile file = parse_cases("x", "### t\n:\n#> a\n#>?  *^\n#> b\n");
  ASSERT_EQ(file.error, "");
  const auto& lines = file.cases.at(0).standard_output;
  EXPECT_EQ(difference(lines, "a\nb\n"), "");
  EXPECT_EQ(difference(lines, "a\n   ^\nb\n"), "");
  EXPECT_NE(difference(lines, "a\nx\nb\n"), "");
  EXPECT_NE(difference(lines, "a\n   ^\n"), "");
}

}  // namespace
}  // namespace swebash::tests
