// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/classify_line.hpp"

#include <gtest/gtest.h>

#include <string>

#include "engine/interpreter/shell_test_fixture.hpp"

namespace swebash::engine {
namespace {

class ClassifyLineTest : public ShellTest {
 protected:
  // "kind:text" of each part that is something, with a * where a path is.
  std::string kinds(std::string_view text, LookBudget budget = {}) {
    std::string out;
    for (const LineSpan& span : classify_line(shell_, text, std::string_view::npos, budget).spans) {
      if (span.kind == SpanKind::plain) continue;
      if (!out.empty()) out += " ";
      out.append(span_name(span.kind)).append(span.is_path ? "*:" : ":");
      out.append(text.substr(span.begin, span.end - span.begin));
    }
    return out;
  }
};

TEST_F(ClassifyLineTest, Commands) {
  run("f() { :; }; alias al=ls; shopt -s expand_aliases");
  EXPECT_EQ(kinds("cd"), "builtin:cd");
  EXPECT_EQ(kinds("f"), "function:f");
  EXPECT_EQ(kinds("al"), "alias:al");
  EXPECT_EQ(kinds("sh"), "program:sh");
  EXPECT_EQ(kinds("/bin/sh"), "program:/bin/sh");
  EXPECT_EQ(kinds("nosuch"), "unknown:nosuch");
  EXPECT_EQ(kinds("$x"), "variable:$x");
  EXPECT_EQ(kinds("x=1 cd"), "assignment:x= argument:1 builtin:cd");
  EXPECT_EQ(kinds("if cd; then nosuch"),
            "keyword:if builtin:cd operation:; keyword:then unknown:nosuch");
}

TEST_F(ClassifyLineTest, WordsAndWhatIsInThem) {
  run(": > file");
  EXPECT_EQ(kinds(": -l file nofile"), "builtin:: option:-l argument*:file argument:nofile");
  EXPECT_EQ(kinds(": \"a $x\" 'b'"), "builtin:: string:\"a  variable:$x string:\" string:'b'");
  EXPECT_EQ(kinds(": $(cd `f` ) ${x:-\"y\"}"),
            "builtin:: substitution:$( builtin:cd substitution:`f` substitution:) "
            "variable:${x:- string:\"y\" variable:}");
  EXPECT_EQ(kinds(": >out 2>&1 # c"),
            "builtin:: redirection:> argument:out redirection:2>& argument:1 comment:# c");
  EXPECT_EQ(kinds("((x + $y))"), "operation:(( argument:x +  variable:$y operation:))");
  EXPECT_EQ(kinds("[[ -f x ]]"), "keyword:[[ option:-f argument:x keyword:]]");
  EXPECT_EQ(kinds("cat <<E\na $x\nE\n"),
            "program:cat redirection:<< argument:E document:a $x\nE\n");
}

TEST_F(ClassifyLineTest, HalfOfALine) {
  EXPECT_EQ(kinds(": \"a b"), "builtin:: unclosed:\" string:a b");
  EXPECT_EQ(kinds(": 'a b"), "builtin:: unclosed:' string:a b");
  EXPECT_EQ(kinds(": $(cd \"x"), "builtin:: unclosed:$( builtin:cd unclosed:\" string:x");
  EXPECT_EQ(kinds(": ${x"), "builtin:: unclosed:${ variable:x");
  EXPECT_EQ(kinds("cd |"), "builtin:cd operation:|");
  EXPECT_EQ(kinds("while cd; do cd"), "keyword:while builtin:cd operation:; keyword:do builtin:cd");
  EXPECT_EQ(kinds(""), "");
}

TEST_F(ClassifyLineTest, WhatIsWrongHidesNothing) {
  EXPECT_EQ(kinds("cd ) cd | cd"), "builtin:cd wrong:) builtin:cd operation:| builtin:cd");
  EXPECT_EQ(kinds("cd; fi; cd"), "builtin:cd operation:; wrong:fi operation:; builtin:cd");
}

TEST_F(ClassifyLineTest, Brackets) {
  const auto pair = classify_line(shell_, "{ a (b) }", 8).brackets;
  ASSERT_TRUE(pair);
  EXPECT_EQ(*pair, (std::pair<usize, usize>{8, 0}));
  EXPECT_FALSE(classify_line(shell_, "echo '(' )", 6).brackets);
}

TEST_F(ClassifyLineTest, NothingRunsAndTheDiskIsLeftAloneBeyondTheBudget) {
  static_cast<void>(kinds("$(: > ran) `: > ran` ${x:=$(: > ran)} <(: > ran)"));
  EXPECT_EQ(output("echo *"), "written.txt");
  EXPECT_EQ(kinds("sh /bin/sh", {.looks = 0}), "command:sh argument:/bin/sh");
  EXPECT_EQ(kinds("sh /bin/sh", {.looks = 1}), "program:sh argument:/bin/sh");
}

TEST_F(ClassifyLineTest, SpansAreAllOfTheText) {
  std::string deep;
  for (int i = 0; i < 2000; ++i) deep += "$(";
  for (const std::string& text : {std::string("a\0b", 3), std::string(5000, ')'), deep,
                                  std::string(3000, '"'), std::string("${a[$(x)]}'\\\n`")}) {
    usize end = 0;
    for (const LineSpan& span : classify_line(shell_, text, text.size() / 2).spans) {
      EXPECT_EQ(span.begin, end);
      EXPECT_GT(span.end, span.begin);
      end = span.end;
    }
    EXPECT_EQ(end, text.size());
  }
}

}  // namespace
}  // namespace swebash::engine
