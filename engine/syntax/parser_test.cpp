// SPDX-License-Identifier: Apache-2.0
#include "engine/syntax/parser.hpp"

#include <gtest/gtest.h>

#include "engine/syntax/parser_test_tree.hpp"

namespace swebash::engine {
namespace {

using testing::TestHost;
using testing::TreeText;

struct Case {
  std::string_view script;
  std::string_view tree;
};

std::string tree_of(std::string_view script, TestHost& host) {
  const auto unit = parse_text(script, host);
  return unit.has_value() ? TreeText::of((*unit)->list) : "error: " + unit.error().message;
}

class ParserTree : public ::testing::TestWithParam<Case> {};

TEST_P(ParserTree, IsTheOneExpected) {
  TestHost host;
  EXPECT_EQ(tree_of(GetParam().script, host), GetParam().tree) << GetParam().script;
}

INSTANTIATE_TEST_SUITE_P(
    Words, ParserTree,
    ::testing::Values(Case{"a'b'\"c\"\\d", "(cmd <a 'b' \"'c'\" 'd'>)"}, Case{"''", "(cmd <''>)"},
                      Case{"'a''b'\\c", "(cmd <'abc'>)"},
                      Case{"\"a\\$b\\x\\\"\"", "(cmd <\"'a$b\\x\"'\">)"},
                      Case{"$'a\\x41\\n\\101\\u00e9\\cA'", "(cmd <'aA\\nA\xc3\xa9\\1'>)"},
                      Case{"$'a\\0b'c", "(cmd <'a' c>)"}, Case{"a\\\nb c", "(cmd ab c)"},
                      Case{"$a$1$@${b}$", "(cmd <${a} ${1} ${@} ${b} $>)"},
                      Case{"echo {a,b} {1..3} {a} {a,b ${x}",
                           "(cmd echo <{a , b}> <{1..3 step 0 width 0}> {a} {a,b <${x}>)"},
                      Case{"{01..10..2}{a..c}",
                           "(cmd <{1..10 step 2 width 2} {97..99 step 0 width 0 letters}>)"},
                      Case{"{a,{b,'c,'}d}e", "(cmd <{a , <{b , <'c,'>} d>} e>)"},
                      Case{"~ ~u/x a~ a=~:~b", "(cmd <~<>> <~<u> /x> a~ <a= ~<> : ~<b>>)"}));

INSTANTIATE_TEST_SUITE_P(
    Parameters, ParserTree,
    ::testing::Values(
        Case{"${x:-a b}", "(cmd <${x :- a b}>)"},
        Case{"\"${x-'a}'}\"", "(cmd <\"\"${x - <''a}''>}\">)"},
        Case{"${x#a*} ${x##'a'} ${x%%\"b\"}",
             "(cmd <${x # a*}> <${x ## <'a'>}> <${x %% <\"'b'\">}>)"},
        Case{"${x/a/b} ${x//a} ${x////z} ${x/#/y}",
             "(cmd <${x / a / b}> <${x // a}> <${x // / / z}> <${x /# <> / y}>)"},
        Case{
            "${x:1} ${x: -1:2} ${x:a?b:c:d}",
            "(cmd <${x slice <'1'>}> <${x slice <' -1'> / <'2'>}> <${x slice <'a?b:c'> / <'d'>}>)"},
        Case{"${#x} ${#} ${##} ${#a[@]} ${#-y}",
             "(cmd <${#x}> <${#}> <${##}> <${#a[@]}> <${# - y}>)"},
        Case{"${!x} ${!x*} ${!a[@]} ${!} ${!#}",
             "(cmd <${!x}> <${prefix x*}> <${keys a[@]}> <${!}> <${!#}>)"},
        Case{"${x@Q} ${x^^} ${x,a}", "(cmd <${x @Q Q}> <${x ^^ <>}> <${x , a}>)"},
        Case{"${x y} ${}", "(cmd <${BAD <>}> <${BAD <>}>)"},
        Case{"${a[$i+1]} ${a[\"k v\"]}", "(cmd <${a[<${i} +1>]}> <${a[<\"'k v'\">]}>)"}));

INSTANTIATE_TEST_SUITE_P(
    Substitutions, ParserTree,
    ::testing::Values(Case{"$(case x in a) b;; esac)", "(cmd <$((case x [ a ) (cmd b) ;;]))>)"},
                      Case{"`echo \\`b\\``", "(cmd <$((cmd echo <$((cmd b))>))>)"},
                      Case{"`echo (`", "(cmd <$(null)>)"},
                      Case{"$((1+$x)) $((a); b) $[1]",
                           "(cmd <(('1+' \"${x}))> <$((subshell (cmd a)) ; (cmd b))> <(('1'))>)"}));

INSTANTIATE_TEST_SUITE_P(
    Assignments, ParserTree,
    ::testing::Values(Case{"x=1 y+=a\\ b z= c d=e",
                           "(cmd (x = 1) (y += <a ' ' b>) (z = <>) c d=e)"},
                      Case{"a=(1 [2]=b # c\n [k]+='d')", "(cmd (a = (1 [2]=b [k]+=<'d'>)))"},
                      Case{"a[1 + 2]=3", "(cmd (a[1 + 2] = 3))"},
                      Case{"export x=~ y", "(cmd export <x= ~<>>=(x = <~<>>) y)"}));

INSTANTIATE_TEST_SUITE_P(
    Commands, ParserTree,
    ::testing::Values(
        Case{"a && b || ! c | d & e", "(cmd a) && (cmd b) || ! (cmd c) | (cmd d) & ; (cmd e)"},
        Case{"if a; then b; elif c; then d; else e; fi",
             "(if [(cmd a)] then [(cmd b)] [(cmd c)] then [(cmd d)] else [(cmd e)])"},
        Case{"for i do a; done", "(for i [(cmd a)])"},
        Case{"for i in; { a; }", "(for i in [(cmd a)])"},
        Case{"for ((;x<3;)) do a; done", "(for null <(('x<3'))> null [(cmd a)])"},
        Case{"case x in esac", "(case x)"},
        Case{"case x in (a|b) c;& d) ;; esac", "(case x [ a b ) (cmd c) ;&] [ d ) null ;;])"},
        Case{"((a)) ; ((b); c)", "(arith <(('a'))>) ; (subshell (subshell (cmd b)) ; (cmd c))"},
        Case{"f() { a; } >b; function g (c)",
             "(function f (group (cmd a) > b)) ; (function g (subshell (cmd c)))"},
        Case{"coproc N { a; }; coproc b c=d",
             "(coproc N (group (cmd a))) ; (coproc COPROC (cmd b c=d))"},
        Case{"time -p ! a |& b", "! time -p (cmd a) |& (cmd b)"},
        Case{"[[ -f a && ( b == c* || ! d =~ (e|f) ) ]]",
             "(cond (&& (-f a) (|| (== b c*) (! (=~ d (e|f))))))"},
        Case{"a <b 2>c >&2 >&d {e}<>f 3<&4- <<<g &>>h",
             "(cmd a < b 2> c >& 2 &> d {e}<> f 3<& 4- <<< g &>> h)"},
        Case{"cat <<A <<-'B'; c\n$x\nA\n\t$y\n\tB\nd",
             "(cmd cat << <\"${x} '\\n'> <<- <'$y\\n'>) ; (cmd c) ; (cmd d)"},
        Case{"$(cat <<E\na\nE\n)", "(cmd <$((cmd cat << <'a\\n'>))>)"}));

TEST(Parser, ReadsOneCommandAtATime) {
  TestHost host;
  TextSource source("a; b\n\nif c\nthen d; fi\n");
  Parser parser(source, host);
  EXPECT_EQ(TreeText::of((*parser.next())->list), "(cmd a) ; (cmd b)");
  EXPECT_EQ((*parser.next())->list, nullptr);
  EXPECT_EQ(TreeText::of((*parser.next())->list), "(if [(cmd c)] then [(cmd d)])");
  EXPECT_FALSE(*parser.next());
}

TEST(Parser, ExpandsAliases) {
  TestHost host;
  host.aliases = {{"ll", "ls -l "}, {"x", "x y"}, {"w", "while a; do"}, {"q", "echo 'a"}};
  EXPECT_EQ(tree_of("ll x x; w b; done; q b'", host),
            "(cmd ls -l x y x) ; (while [(cmd a)] do [(cmd b)]) ; (cmd echo <'a b'>)");
}

TEST(Parser, KeepsExtendedPatternsInOneWord) {
  TestHost host;
  host.extended = true;
  EXPECT_EQ(tree_of("echo a@(b|'c d' e)f", host), "(cmd echo <a@(b| 'c d'  e)f>)");
}

TEST(Parser, GoesOnAfterAnError) {
  TestHost host;
  TextSource source("a ) b\nc\n");
  Parser parser(source, host);
  const auto bad = parser.next();
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().message, "syntax error near unexpected token `)'");
  EXPECT_EQ(bad.error().text, "a ) b");
  EXPECT_EQ(bad.error().column, 2U);
  EXPECT_EQ(TreeText::of((*parser.next())->list), "(cmd c)");
}

TEST(Parser, ReportsAnErrorInTheFirstWordOfACommand) {
  for (const std::string_view script : {"$(x\n", "`x\n", "a=(1\n&)\n", "'"}) {
    TestHost host;
    TextSource source(script);
    Parser parser(source, host);
    EXPECT_FALSE(parser.next().has_value()) << script;
  }
}

TEST(Parser, WarnsOfAHereDocumentThatEndsWithTheInput) {
  TestHost host;
  EXPECT_EQ(tree_of("cat <<E\na", host), "(cmd cat << <'a\\n'>)");
  ASSERT_EQ(host.warnings.size(), 1U);
  EXPECT_EQ(host.warnings[0],
            "line 2: here-document at line 1 delimited by end-of-file (wanted `E')");
}

TEST(Parser, DropsNulBytes) {
  TestHost host;
  EXPECT_EQ(tree_of(std::string_view("a\0b c\0", 6), host), "(cmd ab c)");
}

class ParserNesting : public ::testing::TestWithParam<std::string_view> {};

TEST_P(ParserNesting, HasALimit) {
  std::string script = "echo ";
  for (int i = 0; i < 10000; ++i) script.append(GetParam());
  TestHost host;
  EXPECT_FALSE(parse_text(script, host).has_value());
}

INSTANTIATE_TEST_SUITE_P(Openers, ParserNesting,
                         ::testing::Values("$(", "${x:-", "$((", "\"$(", "$((echo $(", "<(", ";( ",
                                           ";{ ", ";if ", ";[[ ! ", "${a[", ";a[$(", "${x:-\""));

struct ErrorCase {
  std::string_view script;
  std::string_view message;
  u32 line;
};

class ParserError : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(ParserError, IsWordedAsBashWordsIt) {
  TestHost host;
  const auto unit = parse_text(GetParam().script, host);
  ASSERT_FALSE(unit.has_value()) << GetParam().script;
  EXPECT_EQ(unit.error().message, GetParam().message);
  EXPECT_EQ(unit.error().line, GetParam().line);
}

INSTANTIATE_TEST_SUITE_P(
    Messages, ParserError,
    ::testing::Values(
        ErrorCase{"echo \"a", "unexpected EOF while looking for matching `\"'", 1},
        ErrorCase{"echo 'a\n", "unexpected EOF while looking for matching `''", 1},
        ErrorCase{"echo $(a", "unexpected EOF while looking for matching `)'", 2},
        ErrorCase{"echo ${a", "unexpected EOF while looking for matching `}'", 1},
        ErrorCase{"echo `a", "unexpected EOF while looking for matching ``'", 1},
        ErrorCase{"echo $((1+2)", "unexpected EOF while looking for matching `)'", 1},
        ErrorCase{"if true", "syntax error: unexpected end of file", 2},
        ErrorCase{"if true; fi", "syntax error near unexpected token `fi'", 1},
        ErrorCase{"echo (a)", "syntax error near unexpected token `a'", 1},
        ErrorCase{"echo >", "syntax error near unexpected token `newline'", 1},
        ErrorCase{"a | ! b", "syntax error near unexpected token `!'", 1},
        ErrorCase{"f() echo", "syntax error near unexpected token `echo'", 1},
        ErrorCase{"a=(1 & 2)", "syntax error near unexpected token `&'", 1},
        ErrorCase{"{ { :; } >x }", "syntax error near unexpected token `}'", 1},
        ErrorCase{"a;;b", "syntax error near unexpected token `;;'", 1},
        ErrorCase{"[[ a b ]]", "conditional binary operator expected", 1},
        ErrorCase{"[[ a ; ]]", "unexpected token `;', conditional binary operator expected", 1},
        ErrorCase{"[[ -f ]]", "unexpected argument `]]' to conditional unary operator", 1},
        ErrorCase{"[[ ( a ]]", "unexpected token `]]', expected `)'", 1}));

}  // namespace
}  // namespace swebash::engine
