// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/exec.hpp"

#include "engine/interpreter/shell_test_fixture.hpp"

namespace swebash::engine {
namespace {

class ExecutorTest : public ShellTest {
 protected:
};

TEST_F(ExecutorTest, AFunctionComesBeforeABuiltinAndABuiltinBeforeAProgram) {
  EXPECT_NE(executor_.find("echo", FunctionLookup::with).builtin, nullptr);
  run("echo() { :; }");
  EXPECT_NE(executor_.find("echo", FunctionLookup::with).function, nullptr);
  EXPECT_EQ(executor_.find("echo", FunctionLookup::without).function, nullptr);
  EXPECT_EQ(executor_.find("sh", FunctionLookup::with).path, "/usr/bin/sh");
  EXPECT_EQ(executor_.find("./echo", FunctionLookup::with).path, "./echo");
  EXPECT_TRUE(executor_.find("nothing_here", FunctionLookup::with).path.empty());
}

TEST_F(ExecutorTest, InPosixModeASpecialBuiltinComesBeforeAFunction) {
  run("export() { :; }");
  EXPECT_NE(executor_.find("export", FunctionLookup::with).function, nullptr);
  run("set -o posix");
  EXPECT_EQ(executor_.find("export", FunctionLookup::with).function, nullptr);
  EXPECT_NE(executor_.find("export", FunctionLookup::with).builtin, nullptr);
}

TEST_F(ExecutorTest, AUtilityStandsForAProgramOnlyWhereThePathLeadsThere) {
  EXPECT_NE(executor_.find("cat", FunctionLookup::with).builtin, nullptr);
  run("command -p mkdir bin; echo : > bin/cat; command -p chmod +x bin/cat; PATH=$PWD/bin");
  const CommandTarget target = executor_.find("cat", FunctionLookup::with);
  EXPECT_EQ(target.builtin, nullptr);
  EXPECT_EQ(target.path, directory_ + "/bin/cat");
}

TEST_F(ExecutorTest, ACloneChangesNothingOfItsParent) {
  EXPECT_EQ(run("a=1; (a=2; cd /; exit 7)"), 7);
  EXPECT_EQ(value("a"), "1");
  EXPECT_EQ(output("a=$(a=3; echo $a); echo $a $PWD"), "3 " + directory_);
}

TEST_F(ExecutorTest, APipelineHasAStatusForEachStage) {
  EXPECT_EQ(run("(exit 3) | (exit 4) | true"), 0);
  EXPECT_EQ(shell_.pipe_status(), (std::vector<ExitStatus>{3, 4, 0}));
  EXPECT_EQ(run("set -o pipefail; (exit 3) | (exit 4) | true"), 4);
  EXPECT_EQ(run("! (exit 3) | true"), 0);
}

TEST_F(ExecutorTest, WithLastpipeTheLastStageRunsHere) {
  run("echo text | read a");
  EXPECT_EQ(value("a"), "");
  run("shopt -s lastpipe; echo text | read a");
  EXPECT_EQ(value("a"), "text");
}

TEST_F(ExecutorTest, StagesAreConnectedAndTheirEndsClosed) {
  EXPECT_EQ(output("{ echo b; echo a; } | { sort; } | { read x; echo first $x; cat; }"),
            "first a\nb");
  // A writer whose reader has gone would go on for ever if anybody else held the pipe.
  EXPECT_EQ(output("while :; do echo y || exit; done 2> /dev/null | { read x; echo $x; }"), "y");
}

TEST_F(ExecutorTest, ABackgroundPipelineIsAJob) {
  run("{ exit 3; } | { exit 5; } &");
  EXPECT_EQ(shell_.last_status(), kSuccess);
  EXPECT_EQ(shell_.jobs().count(), 1u);
  EXPECT_EQ(run("wait $!"), 5);
}

TEST_F(ExecutorTest, BreakAndContinueLeaveAsManyLoopsAsTheySay) {
  EXPECT_EQ(output("for i in 1 2; do for j in 1 2; do echo $i$j; continue 2; done; done"),
            "11\n21");
  EXPECT_EQ(output("for i in 1 2; do for j in 1 2; do echo $i$j; break 2; done; done"), "11");
  EXPECT_EQ(shell_.calls().loops(), 0u);
}

TEST_F(ExecutorTest, AFunctionHasItsArgumentsAndGivesThemBack) {
  run("set -- a b; f() { set -- $# $1 x; echo $*; return 4; }");
  EXPECT_EQ(output("f one two; echo $? $*"), "2 one x\n4 a b");
  EXPECT_TRUE(shell_.calls().frames().empty());
  EXPECT_EQ(shell_.calls().functions(), 0u);
}

TEST_F(ExecutorTest, AFailureEndsTheShellUnderErrexitOnlyWhereNobodyAsks) {
  run("set -e; if false; then :; fi; false || true; ! true");
  EXPECT_EQ(flow_, Flow::normal);
  run("false; reached=1");
  EXPECT_EQ(flow_, Flow::exit);
  EXPECT_EQ(value("reached"), "");
}

TEST_F(ExecutorTest, AnErrorOfAnExpansionCostsTheLine) {
  EXPECT_EQ(messages("echo $((1/0)); echo same"),
            "test: line 1: 1/0: division by 0 (error token is \"0\")");
  run("{ echo $((1/0)); reached=1; } 2> /dev/null");
  EXPECT_EQ(value("reached"), "");
}

TEST_F(ExecutorTest, WhatIsNotFoundGoesToItsHandler) {
  EXPECT_EQ(messages("nothing_here"), "test: line 1: nothing_here: command not found");
  EXPECT_EQ(shell_.last_status(), 127);
  run("command_not_found_handle() { echo no $1; lost=1; return 9; }");
  EXPECT_EQ(output("nothing_here a; echo $?"), "no nothing_here\n9");
  EXPECT_EQ(value("lost"), "");  // it ran in a clone
}

TEST_F(ExecutorTest, AFileThatExecveDoesNotKnowIsAScript) {
  run("echo 'echo $0 $1 ${local-none}' > script; command -p chmod +x script; local=1");
  EXPECT_EQ(output("./script a"), "./script a none");
  run("printf 'x\\0y\\n' > script");
  EXPECT_EQ(messages("./script"),
            "test: line 1: ./script: cannot execute binary file: Exec format error");
  EXPECT_EQ(shell_.last_status(), 126);
}

TEST_F(ExecutorTest, ACoprocessIsForgottenWhenItHasEnded) {
  run("coproc C { read x; echo got $x; }");
  EXPECT_EQ(output("echo text >&${C[1]}; read y <&${C[0]}; echo $y"), "got text");
  run("wait $C_PID");
  EXPECT_EQ(value("C"), "");
  EXPECT_EQ(value("C_PID"), "");
}

TEST_F(ExecutorTest, SubstitutedProcessesAreClosedWithTheirCommand) {
  EXPECT_EQ(output("cat <(echo a) <(echo b)"), "a\nb");
  EXPECT_TRUE(executor_.substitutions() == 0);
}

TEST_F(ExecutorTest, TracingShowsWhatIsExpanded) {
  EXPECT_EQ(messages("set -x; a='b c'; echo $a > /dev/null; [[ ! $a == d ]]; set +x"),
            "++ a='b c'\n++ echo b c\n++ [[ ! b c == d ]]\n++ set +x");
}

TEST_F(ExecutorTest, TheDebugTrapRunsBeforeEachCommandAndMaySkipIt) {
  EXPECT_EQ(output("trap 'echo \"$BASH_COMMAND\"' DEBUG; : a; trap - DEBUG"), ": a\ntrap - DEBUG");
  EXPECT_EQ(output("shopt -s extdebug; trap '[[ $BASH_COMMAND != *skipped* ]]' DEBUG\n"
                   "echo skipped; echo run; trap - DEBUG; shopt -u extdebug"),
            "run");
}

}  // namespace
}  // namespace swebash::engine
