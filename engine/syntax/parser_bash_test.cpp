// SPDX-License-Identifier: Apache-2.0
//
// What the parser takes and refuses is what `bash -n` takes and refuses. Skipped where there is no
// bash.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "engine/syntax/parser.hpp"

namespace swebash::engine {
namespace {

constexpr const char* kBash = "/bin/bash";

class PlainHost final : public ParserHost {
 public:
  std::optional<std::string_view> find_alias(std::string_view) override { return std::nullopt; }
  bool extglob() override { return false; }
  bool posix() override { return false; }
  void warn(u32, std::string_view) override {}
};

bool bash_accepts(std::string_view script) {
  // Its status is 0 for a fault at the end of the input: what it says is what counts.
  FILE* const bash = ::popen("! /bin/bash -n 2>&1 | grep -qv 'warning: '", "w");
  if (bash == nullptr) return false;
  std::fwrite(script.data(), 1, script.size(), bash);
  const int status = ::pclose(bash);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class ParserAgainstBash : public ::testing::TestWithParam<std::string_view> {};

TEST_P(ParserAgainstBash, Agrees) {
  if (::access(kBash, X_OK) != 0) GTEST_SKIP() << "no bash";
  PlainHost host;
  EXPECT_EQ(parse_text(GetParam(), host).has_value(), bash_accepts(GetParam())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Snippets, ParserAgainstBash,
    ::testing::Values(
        "a;", "a;;", "a &", "a & b", "a &; b", "a | b", "a |", "| a", "a || b", "a ||\nb",
        "a && && b", "! a", "! ! a", "a | ! b", "!", "time", "time a | b", "{ a; }", "{ a }",
        "{a; }", "{ }", "{ a;} b", "( a )", "( )", "(a;b)", "(a))", "((1+2))", "((1+2)", "( (a) )",
        "((a);b)", "if a; then b; fi", "if a; then fi", "if a then b; fi", "if; then b; fi",
        "if a; then b; else c; elif d; then e; fi", "if a\nthen b\nelif c\nthen d\nelse e\nfi",
        "while a; do b; done", "while do b; done", "until a; do done", "for x in a b; do c; done",
        "for x; do c; done", "for x do c; done", "for x in; do c; done", "for 1x in a; do c; done",
        "for x\nin a\ndo c\ndone", "for ((i=0;i<3;i++)); do a; done", "for ((;;)) { a; }",
        "for ((a;b)); do c; done", "select x in a; do b; done", "case x in a) b;; esac",
        "case x in esac", "case x in (a|b) c;& d) e;;& f) g; esac", "case x in a b) c;; esac",
        "case x in a) b esac", "case x\nin\na) b\n;;\nesac", "case in in in) a;; esac",
        "f() { a; }", "f () ( a )", "f() a", "f() if a; then b; fi", "function f { a; }",
        "function f() { a; } >x", "function f a", "f(a) { b; }", "f( ) { a; }", "1f() { a; }",
        "a=1 f() { b; }", "[[ a ]]", "[[ a == b ]]", "[[ a == b c ]]", "[[ -f a && b ]]",
        "[[ ( a ) ]]", "[[ ( a ]]", "[[ a =~ (b|c) ]]", "[[ a < b ]]", "[[ a\n&& b ]]", "[[ ! a ]]",
        "[[ a -eq ]]", "coproc a", "coproc N { a; }", "a > b", "a >", "> b", "a >& b",
        "a 2>&1 <&- 3<>c", "a {x}> b", "a <<< b", "a <<E\nx\nE", "a <<E\nx", "a <<'E' | b\nx\nE",
        "a <<", "a &> b", "a &>> b", "a >| b", "a >| | b", "a < > b", "echo $(a", "echo $(a)",
        "echo $(case x in a) b;; esac)", "echo $((1+", "echo $((1+2))", "echo $( (a) )", "echo ${a",
        "echo ${a:-$(b)}", "echo \"a", "echo \"$(echo \"b\")\"", "echo 'a", "echo $'a\\'b'",
        "echo `a", "echo `a`", "echo `a | `", "a=(1 2)", "a=(1", "a=(1; 2)", "a=([1]=2 [b]=c)",
        "a[1]=2", "declare a=(1)", "command declare a=(1)", "echo a=(1)", "let a=(1)",
        "let a=( 1 ) b", "echo (a)", "echo a(b)", "echo <(a) >(b)", "a\\\n| b", "# only a comment",
        "a # b", "", "\n\n", "}", "fi", "done", "echo fi", "esac", "then", "a; }",
        "{ a; } | { b; }", "a | { b; } && c", "a\n| b", "alias x=y; x", "time -p a",
        "a () { b; }; c", "if a; then b; fi; fi", "echo ${x!y}"));

}  // namespace
}  // namespace swebash::engine
