// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/shell.hpp"

#include "engine/interpreter/shell_test_fixture.hpp"

namespace swebash::engine {
namespace {

TEST_F(ShellTest, TakesItsVariablesFromTheEnvironment) {
  EXPECT_EQ(value("FROM"), "outside");
  EXPECT_EQ(output("sh -c 'echo $FROM'"), "outside");
  EXPECT_EQ(output("f() { :; }; export -f f; bash -c 'type -t f'"), "function");
}

TEST_F(ShellTest, NamesItselfTheLineAndTheBuiltinInMessages) {
  EXPECT_EQ(messages("\n\ncd /nothing_here"),
            "test: line 3: cd: /nothing_here: No such file or directory");
  EXPECT_EQ(messages("((1 +))"),
            "test: line 1: ((: 1 +: syntax error: operand expected (error token is \"+\")");
}

TEST_F(ShellTest, NamesTheBuiltinOfAReadonlyVariableOnlyWhereItDeclares) {
  run("readonly r=1");
  EXPECT_EQ(messages("read r <<< 2"), "test: line 1: r: readonly variable");
  EXPECT_EQ(messages("declare r=2"), "test: line 1: declare: r: readonly variable");
  EXPECT_EQ(messages("printf -v r 2"), "test: line 1: r: readonly variable");
}

TEST_F(ShellTest, TakesNothingOfTheScriptsWordsForItsOwn) {
  EXPECT_EQ(messages("( [[ -n ${none?a (error token is b)} ]] )"),
            "test: line 1: none: a (error token is b)");
}

TEST_F(ShellTest, PositionalParametersShiftAndTravel) {
  shell_.parameters().set({"a", "b", "c"});
  shell_.parameters().shift(1);
  std::vector<std::string> other{"x", "y"};
  usize first = 1;
  shell_.parameters().swap(other, first);
  ASSERT_EQ(shell_.positional().size(), 1u);
  EXPECT_EQ(shell_.positional()[0], "y");
  shell_.parameters().swap(other, first);
  ASSERT_EQ(shell_.positional().size(), 2u);
  EXPECT_EQ(shell_.positional()[0], "b");
}

TEST_F(ShellTest, ManyShiftsKeepWhatIsLeft) {
  run("set -- {1..500}; while (($# > 3)); do shift; done");
  EXPECT_EQ(output("echo $*"), "498 499 500");
}

TEST_F(ShellTest, ARequestIsTakenOnce) {
  shell_.flow().ask_return(kFailure);
  EXPECT_EQ(shell_.flow().take(), Flow::function_return);
  EXPECT_EQ(shell_.flow().take(), Flow::normal);
}

TEST_F(ShellTest, EvalFailsByAnErrorOfSyntaxAndGoesOn) {
  EXPECT_EQ(run("eval 'fi' 2> /dev/null"), kUsage);
  EXPECT_EQ(flow_, Flow::normal);
  EXPECT_EQ(output("eval 'a=(x & y)\necho next' 2> /dev/null"), "next");
}

TEST_F(ShellTest, AStringOfTheCommandLineEndsByAnErrorOfSyntax) {
  EXPECT_EQ(output("bash -c : && :"), "");
  EXPECT_EQ(texts_.run_command_string("a=1\nfi 2> /dev/null\nb=1"), Flow::exit);
  EXPECT_EQ(value("a"), "1");
  EXPECT_EQ(value("b"), "");
  EXPECT_EQ(shell_.last_status(), kUsage);
}

TEST_F(ShellTest, ATrapKeepsTheStatus) {
  run("trap 'seen=$?; false' USR1; (exit 6); kill -USR1 $$");
  EXPECT_EQ(shell_.last_status(), kSuccess);
  run("(exit 6)");
  shell_.traps().raise(10);
  EXPECT_EQ(texts_.run_pending_traps(), Flow::normal);
  EXPECT_EQ(value("seen"), "6");
  EXPECT_EQ(shell_.last_status(), 6);
}

TEST_F(ShellTest, AnExitTrapMayChangeTheStatusByExitAlone) {
  run("trap 'false' EXIT");
  EXPECT_EQ(texts_.run_exit_trap(3), 3);
  Shell other;
  Executor executor(other);
  other.start({}, {}, "other");
  static_cast<void>(executor.texts().run_text("trap 'exit 5' EXIT"));
  EXPECT_EQ(executor.texts().run_exit_trap(3), 5);
}

TEST_F(ShellTest, ASearchIsRememberedUntilThePathChanges) {
  EXPECT_EQ(shell_.programs().find("sh"), "/usr/bin/sh");
  EXPECT_TRUE(shell_.programs().remembered().contains("sh"));
  run("PATH=/bin");
  EXPECT_FALSE(shell_.programs().remembered().contains("sh"));
  EXPECT_EQ(shell_.programs().find("sh"), "/bin/sh");
  EXPECT_EQ(shell_.programs().find_afresh("nothing_here"), "");
  run("PATH=");
  EXPECT_EQ(shell_.programs().find("sh"), "");
  EXPECT_NE(shell_.programs().find("sh", ProgramPaths::From::standard), "");
}

TEST_F(ShellTest, OptionsTurnWhatHangsOnThem) {
  run("set -o vi");
  EXPECT_TRUE(shell_.on(SetOption::vi));
  run("set -o emacs");
  EXPECT_FALSE(shell_.on(SetOption::vi));
  run("set -o posix");
  EXPECT_EQ(value("POSIXLY_CORRECT"), "y");
  run("set +o posix");
  EXPECT_EQ(value("POSIXLY_CORRECT"), "");
  run("f() { local -; set -f; }; f");
  EXPECT_FALSE(shell_.on(SetOption::noglob));
}

TEST_F(ShellTest, SpecialVariablesSayWhatIsSo) {
  EXPECT_EQ(output("\necho $LINENO"), "2");
  EXPECT_EQ(output("(echo $BASH_SUBSHELL)"), "1");
  EXPECT_EQ(output("f() { echo ${FUNCNAME[0]}; }; f"), "f");
  EXPECT_EQ(output("RANDOM=1; a=$RANDOM; RANDOM=1; echo $((a == RANDOM))"), "1");
  EXPECT_EQ(output("SECONDS=100; echo $SECONDS"), "100");
}

}  // namespace
}  // namespace swebash::engine
