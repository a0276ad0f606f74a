// SPDX-License-Identifier: Apache-2.0
//
// What the embedding program has a say in: each command, names that are found nowhere; variables of
// any kind; and sessions that do the same each time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "embed/test_session.hpp"

namespace swebash {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Verdict = CommandDecision::Verdict;

class HooksTest : public SessionTest {};

TEST_F(HooksTest, TheHookSeesWordsAfterExpansion) {
  std::mutex mutex;
  std::vector<std::string> seen;
  ASSERT_TRUE(session_.set_command_hook([&](std::span<const std::string> words) {
    const std::lock_guard lock(mutex);
    std::string line;
    for (const std::string& word : words) line += "[" + word + "]";
    seen.push_back(line);
    return CommandDecision{};
  }));
  EXPECT_EQ(output_of("x='a  b'; f() { echo $1; }; f \"$x\"; echo $(echo in) /etc/p*; y=1"),
            "a b\nin /etc/passwd\n");
  EXPECT_THAT(seen,
              ElementsAre("[f][a  b]", "[echo][a][b]", "[echo][in]", "[echo][in][/etc/passwd]"));
}

TEST_F(HooksTest, ACommandIsDeniedOrAnother) {
  ASSERT_TRUE(session_.set_command_hook([](std::span<const std::string> words) -> CommandDecision {
    if (words[0] == "rm") return {Verdict::deny, {}, "nothing is removed"};
    if (words[0] == "greet") return {Verdict::rewrite, {"echo", "hello", words[1]}, {}};
    if (words[0] == "throw") throw std::runtime_error("thrown");
    if (words[0] == "nothing") return {Verdict::rewrite, {}, {}};
    return {};
  }));
  const RunResult result = run(
      "echo > f; rm f; echo $?; ls; greet 'a  b'; (rm f); echo $(greet sub) | cat; bash -c 'rm f'");
  EXPECT_EQ(result.output, "126\nf\nhello a  b\nhello sub\n");
  EXPECT_EQ(result.errors,
            "swebash: rm: not allowed: nothing is removed\n"
            "swebash: rm: not allowed: nothing is removed\n"
            "swebash: rm: not allowed: nothing is removed\n");
  EXPECT_EQ(result.status, 126);
  EXPECT_THAT(run("throw").errors, HasSubstr("thrown"));
  EXPECT_EQ(run("nothing").status, 126);
  Session fork = session_.fork().value();
  EXPECT_EQ(fork.run("rm f").status, 126);
  ASSERT_TRUE(session_.set_command_hook({}));
  EXPECT_EQ(output_of("rm f; ls"), "");
}

TEST_F(HooksTest, TheResolverIsTheLastChance) {
  std::vector<std::string> asked;
  ASSERT_TRUE(session_.set_command_resolver([&](std::string_view name) -> CommandFunction {
    asked.emplace_back(name);
    if (name == "throw") throw std::runtime_error("thrown");
    if (!name.starts_with("git")) return {};
    return [](CommandCall& call) {
      (void)call.write(call.arguments()[0] + " " + call.arguments()[1] + "\n");
      return 3;
    };
  }));
  EXPECT_EQ(output_of("git status; echo $?; git2 log | cat; echo hi; cat < /dev/null; git again"),
            "git status\n3\ngit2 log\nhi\ngit again\n");
  EXPECT_THAT(asked, ElementsAre("git", "git2"));
  EXPECT_EQ(output_of("command -v git; bash -c 'git inner'"),
            "/usr/libexec/swebash/git\ngit inner\n");
  EXPECT_EQ(run("nosuch").status, 127);
  EXPECT_EQ(run("throw").status, 127);
  EXPECT_EQ(output_of("git() { echo function; }; git"), "function\n");
  ASSERT_TRUE(session_.set_command_resolver({}));
  EXPECT_EQ(run("git2 log").status, 127);
}

TEST_F(HooksTest, VariablesOfAllKinds) {
  EXPECT_EQ(
      output_of("s=text; a=(one two); a[7]='se ven'; declare -A m=([k 1]=v [e]=''); declare -i "
                "n=5; declare -n r=a; declare -a empty=(); declare u"),
      "");
  EXPECT_EQ(session_.get_variable("s").value(), Value("text"));
  EXPECT_EQ(session_.get_variable("a").value(),
            Value(IndexedArray{{0, "one"}, {1, "two"}, {7, "se ven"}}));
  EXPECT_EQ(session_.get_variable("m").value(), Value(AssociativeArray{{"k 1", "v"}, {"e", ""}}));
  EXPECT_EQ(session_.get_variable("n").value(), Value("5"));
  EXPECT_EQ(session_.get_variable("r").value(), session_.get_variable("a").value());
  EXPECT_EQ(session_.get_variable("empty").value(), Value(IndexedArray{}));
  EXPECT_EQ(session_.get_variable("u").error().kind, ErrorKind::not_found);
  EXPECT_EQ(session_.get_variable("none").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(session_.set_variable("a", IndexedArray{{2, "x\ny"}, {5, "z"}}));
  ASSERT_TRUE(session_.set_variable("m", IndexedArray{{0, "now indexed"}}));
  ASSERT_TRUE(session_.set_variable("new", AssociativeArray{{"key \"q\"", "value"}, {"b", ""}}));
  ASSERT_TRUE(session_.set_variable("s", std::string("other")));
  ASSERT_TRUE(session_.set_variable("empty", std::string("scalar")));
  EXPECT_EQ(output_of("declare -p a m new s empty"),
            "declare -a a=([2]=$'x\\ny' [5]=\"z\")\ndeclare -a m=([0]=\"now indexed\")\n"
            "declare -A new=([b]=\"\" [\"key \\\"q\\\"\"]=\"value\" )\ndeclare -- s=\"other\"\n"
            "declare -- empty=\"scalar\"\n");
  EXPECT_EQ(output_of("readonly s; readonly -a a"), "");
  EXPECT_EQ(session_.set_variable("s", std::string("x")).error().kind, ErrorKind::bad_argument);
  EXPECT_EQ(session_.set_variable("a", IndexedArray{}).error().kind, ErrorKind::bad_argument);
  EXPECT_EQ(session_.set_variable("1", std::string("x")).error().kind, ErrorKind::bad_argument);
  EXPECT_EQ(session_.set_variable("b", IndexedArray{{-1, "x"}}).error().kind,
            ErrorKind::bad_argument);
  EXPECT_EQ(session_.set_variable("c", std::string("a\0b", 3)).error().kind,
            ErrorKind::bad_argument);
}

TEST_F(HooksTest, ADeterministicSessionDoesTheSameEachTime) {
  constexpr std::string_view kScript =
      "echo $RANDOM $SRANDOM $(echo $RANDOM) $$ $BASHPID; (echo $BASHPID $RANDOM); sleep 0.01 & "
      "echo $!\n"
      "wait; echo $EPOCHREALTIME $SECONDS; printf '%(%F %T %Z)T\\n'; echo > f; ls -l f; times\n"
      "sleep 0.02; echo $EPOCHREALTIME; mktemp -u /tmp/XXXXXX; head -c 4 /dev/urandom | od -An "
      "-tx1";
  SessionOptions options;
  options.deterministic = Deterministic{};
  Session first = open(options);
  Session second = open(options);
  const RunResult result = first.run(kScript);
  EXPECT_EQ(second.run(kScript).output, result.output);
  EXPECT_THAT(result.output, HasSubstr("1000000000.01"));
  EXPECT_THAT(result.output, HasSubstr("2001-09-09 01:46:40 UTC"));
  EXPECT_THAT(result.output, HasSubstr(" 1000 1000\n"));
  // Where it was, it goes on.
  const Snapshot snapshot = first.snapshot().value();
  Session read = runtime().open(runtime().read_snapshot(snapshot.bytes()).value()).value();
  const std::string next = output_of(first, "echo $RANDOM $SRANDOM $EPOCHREALTIME");
  EXPECT_EQ(output_of(read, "echo $RANDOM $SRANDOM $EPOCHREALTIME"), next);
  ASSERT_TRUE(second.restore(snapshot));
  EXPECT_EQ(output_of(second, "echo $RANDOM $SRANDOM $EPOCHREALTIME"), next);
  options.deterministic->seed = 2;
  Session other = open(options);
  EXPECT_NE(other.run(kScript).output, result.output);
  EXPECT_THAT(other.run("time :").errors, HasSubstr("0m0.000s"));
}

}  // namespace
}  // namespace swebash
