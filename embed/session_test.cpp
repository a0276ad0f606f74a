// SPDX-License-Identifier: Apache-2.0
//
// Sessions as an embedding program has them: what lasts, what is apart, what ends what, and that
// nothing is taken from the process.
#include "swebash/session.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "swebash/swebash.hpp"

namespace swebash {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class SessionRunTest : public testing::Test {
 protected:
  static Runtime& runtime() {
    static Runtime one = Runtime::create().value();
    return one;
  }
  static Session open(const SessionOptions& options = {}) {
    return runtime().open(options).value();
  }

  RunResult run(std::string_view script, const RunOptions& options = {}) {
    return session_.run(script, options);
  }
  std::string output_of(std::string_view script) {
    const RunResult result = run(script);
    EXPECT_EQ(result.errors, "");
    EXPECT_EQ(result.end, RunEnd::finished);
    return result.output;
  }

  Session session_ = open();
};

TEST_F(SessionRunTest, RunsAndAnswers) {
  const RunResult result = run("echo hello; echo oops >&2; false");
  EXPECT_EQ(result.output, "hello\n");
  EXPECT_EQ(result.errors, "oops\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.end, RunEnd::finished);
  EXPECT_EQ(result.limit, Limit::none);
  EXPECT_GT(result.wall_time.count(), 0);
}

TEST_F(SessionRunTest, StateLastsAsAtAPrompt) {
  EXPECT_EQ(
      output_of("x=1; a=(1 2 3); f() { echo f$1; }; cd /tmp; set -o pipefail; shopt -s nullglob"),
      "");
  EXPECT_EQ(output_of("echo $x ${a[2]} $PWD; f 2; pwd; false | true; echo $?; echo *"),
            "1 3 /tmp\nf2\n/tmp\n1\n\n");
  EXPECT_EQ(run("(exit 7)").status, 7);
  EXPECT_EQ(output_of("echo $?"), "7\n");
  EXPECT_EQ(output_of("alias hi='echo hi'; shopt -s expand_aliases"), "");
  EXPECT_EQ(output_of("hi"), "hi\n");
  EXPECT_EQ(output_of("exec >/tmp/log; echo logged"), "");
  EXPECT_EQ(session_.read_file("/tmp/log").value(), "logged\n");
}

TEST_F(SessionRunTest, ExitEndsTheRunAndNotTheSession) {
  EXPECT_EQ(run("x=5; exit 3; echo no").status, 3);
  EXPECT_EQ(output_of("echo $x"), "5\n");
  EXPECT_EQ(run("f() { exit 4; }; f; echo no").status, 4);
  EXPECT_EQ(run("set -e; false; echo no").status, 1);
  EXPECT_EQ(run("set +e; trap 'echo bye' EXIT; exit 2").output, "bye\n");
  EXPECT_EQ(run("exit").output, "");
  EXPECT_EQ(run("trap 'echo bye $?; exit 9' EXIT; f() { local y=1; exit 6; }; f").output,
            "bye 6\n");
  EXPECT_EQ(output_of("echo $? ${y-unset}"), "9 unset\n");
  const RunResult bad = run("echo one\nif then\necho two");
  EXPECT_EQ(bad.output, "one\n");
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.errors, HasSubstr("syntax error"));
  EXPECT_EQ(output_of("for i in 1 2; do f() { return 3; }; f; break; done; echo $?"), "0\n");
  EXPECT_EQ(run("${x?gone}; ${no?such}; echo no").status, 1);
  EXPECT_EQ(output_of("echo on"), "on\n");
}

TEST_F(SessionRunTest, ExecIsRefused) {
  const RunResult result = run("exec bash -c 'echo no'");
  EXPECT_EQ(result.output, "");
  EXPECT_NE(result.status, 0);
  EXPECT_FALSE(session_.ended());
  EXPECT_EQ(output_of("(exec bash -c 'echo sub')"), "sub\n");
}

TEST_F(SessionRunTest, SubshellsPipesAndSubstitutions) {
  EXPECT_EQ(output_of("( echo sub; exit 3 ); echo $?"), "sub\n3\n");
  EXPECT_EQ(output_of("x=$(echo hi; echo there); echo \"$x\""), "hi\nthere\n");
  EXPECT_EQ(output_of("seq 1 2000 | { n=0; while read -r x; do ((n+=x)); done; echo $n; }"),
            "2001000\n");
  EXPECT_EQ(output_of("echo a b | { read x y; echo $y $x; } | cat"), "b a\n");
  EXPECT_EQ(output_of("cat <<E\nx $((1+2))\nE"), "x 3\n");
  EXPECT_EQ(output_of("cat <<< word"), "word\n");
  EXPECT_EQ(output_of("cat < <(echo substituted)"), "substituted\n");
  EXPECT_EQ(output_of("{ echo bg; } & wait; echo $?"), "bg\n0\n");
  EXPECT_EQ(output_of("yes() { while echo y; do :; done; }; yes | head -n 2"), "y\ny\n");
}

TEST_F(SessionRunTest, FindsTheCommandsThatThereAre) {
  EXPECT_EQ(output_of("/bin/echo yes; command -v cat; /bin/cat <<< x; ls /usr/bin | cat "
                      "| head -n 4"),
            "yes\n/usr/bin/cat\nx\n[\nbasename\nbash\ncat\n");
  EXPECT_EQ(output_of("bash -c 'echo $0 $1; exit 3' name arg; echo $?"), "name arg\n3\n");
  EXPECT_TRUE(session_.write_file("s", "#!/bin/sh\necho script $1\n", 0777));
  EXPECT_EQ(output_of("./s one; sh s two; . ./s three"), "script one\nscript two\nscript three\n");
  const RunResult result = run("nosuch; python3 -c 1");
  EXPECT_EQ(result.status, 127);
  EXPECT_EQ(result.errors,
            "swebash: line 1: nosuch: command not found\nswebash: line 1: python3: command not "
            "found\n");
}

TEST_F(SessionRunTest, TheFilesAreThoseOfTheSession) {
  EXPECT_EQ(output_of("pwd; echo ~; ls -a / | cat; echo > f; ls; cat /etc/passwd; id -u "
                      "2>/dev/null; echo $UID"),
            "/home/user\n/home/user\n.\n..\nbin\ndev\netc\nhome\nproc\ntmp\nusr\nf\n"
            "user:x:1000:1000:user:/home/user:/bin/bash\n1000\n");
  EXPECT_EQ(run("echo > /etc/x").status, 1);
  EXPECT_EQ(run("ls /work /root /usr/lib").status, 2);
  EXPECT_EQ(
      output_of(
          "mkdir -p a/b; touch a/b/c; mv a/b a/d; find_it() { for f in a/*/*; do echo $f; done; }; "
          "find_it; rm -r a; ls; [[ -d /tmp && -w /tmp && ! -e a ]] && echo ok"),
      "a/d/c\nf\nok\n");
  EXPECT_EQ(output_of("echo x > /dev/null; head -c 3 /dev/zero | wc -c; echo gone > /dev/full "
                      "2>/dev/null || echo full"),
            "3\nfull\n");
}

TEST_F(SessionRunTest, FilesByCalls) {
  EXPECT_TRUE(session_.write_file("a.txt", "text"));
  EXPECT_EQ(output_of("cat a.txt; echo more >> a.txt"), "text");
  EXPECT_EQ(session_.read_file("/home/user/a.txt").value(), "textmore\n");
  EXPECT_EQ(session_.read_file("no").error().kind, ErrorKind::not_found);
  EXPECT_EQ(session_.read_file("/dev/zero").error().kind, ErrorKind::refused);
  EXPECT_EQ(session_.write_file("/bin/x", "").error().kind, ErrorKind::refused);
  EXPECT_TRUE(session_.make_directory("/tmp/x/y"));
  EXPECT_TRUE(session_.write_file("/tmp/x/y/z", "z", 0600));
  const auto stat = session_.stat("/tmp/x/y/z").value();
  EXPECT_EQ(stat.type, FileType::regular);
  EXPECT_EQ(stat.size, 1u);
  EXPECT_EQ(stat.mode, 0600u);
  const auto items = session_.list("/tmp/x").value();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].name, "y");
  EXPECT_EQ(items[0].type, FileType::directory);
  EXPECT_TRUE(session_.remove("/tmp/x"));
  EXPECT_EQ(session_.stat("/tmp/x").error().kind, ErrorKind::not_found);
  EXPECT_EQ(output_of("cd /tmp"), "");
  EXPECT_EQ(session_.directory().value(), "/tmp");
}

TEST_F(SessionRunTest, VariablesByCalls) {
  EXPECT_TRUE(session_.set_env("A", "it's \"so\"\n$x"));
  EXPECT_EQ(output_of("echo \"$A\"; bash -c 'echo \"$A\"'"), "it's \"so\"\n$x\nit's \"so\"\n$x\n");
  EXPECT_EQ(output_of("B=plain; readonly C=1"), "");
  EXPECT_EQ(session_.get_env("B").value(), "plain");
  EXPECT_TRUE(session_.unset_env("B"));
  EXPECT_EQ(session_.get_env("B").error().kind, ErrorKind::not_found);
  EXPECT_EQ(session_.set_env("C", "2").error().kind, ErrorKind::bad_argument);
  EXPECT_EQ(session_.set_env("a b", "2").error().kind, ErrorKind::bad_argument);
  SessionOptions options;
  options.environment = {{"X", "x"}, {"HOME", "/tmp"}};
  options.directory = "/data/it's here";
  options.umask = 077;
  Session other = open(options);
  EXPECT_EQ(other.run("echo $X $HOME; pwd; echo $PWD ${OLDPWD-none}; umask").output,
            "x /tmp\n/data/it's here\n/data/it's here none\n0077\n");
}

TEST_F(SessionRunTest, TellsWhatGoesOnInTheBackground) {
  EXPECT_EQ(session_.background_tasks(), 0U);
  run("sleep 100 &");
  EXPECT_EQ(session_.background_tasks(), 1U);
  run("kill $!; wait");
  EXPECT_EQ(session_.background_tasks(), 0U);
}

TEST_F(SessionRunTest, WhatTheEngineHasBuiltInIsAProgramToo) {
  EXPECT_EQ(output_of("echo text > f; env cat f; bash -c '/bin/cat f; cat f & wait'"),
            "text\ntext\ntext\n");
  EXPECT_EQ(output_of("/bin/echo a 'b  c'; env printf '%s,' x y; PATH= /usr/bin/env /bin/pwd"),
            "a b  c\nx,y,/home/user\n");
  EXPECT_EQ(output_of("/bin/false; echo $?; env test 1 -gt 2; echo $?; env [ a = a ]; echo $?"),
            "1\n1\n0\n");
  EXPECT_EQ(
      output_of(
          "bash -c 'exec sleep 0.01'; echo $?; bash -c 'sleep 100 & kill $!; wait $!'; echo $?"),
      "0\n143\n");
}

TEST_F(SessionRunTest, ReadsFromADescriptorAsFarAsTheScriptDoes) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ASSERT_EQ(::write(ends[1], "one\ntwo\n", 8), 8);
  RunOptions options;
  options.input_descriptor = ends[0];
  EXPECT_EQ(run("read a; echo $a", options).output, "one\n");
  std::thread later([&] {
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(::write(ends[1], "three\n", 6), 6);
    ::close(ends[1]);
  });
  EXPECT_EQ(run("read a; read b; cat; echo $a $b", options).output, "two three\n");
  later.join();
  EXPECT_EQ(run("cat; echo end", options).output, "end\n");
  ::close(ends[0]);
  EXPECT_EQ(run("cat", options).end, RunEnd::not_run);
  options.input_descriptor = -1;
  options.input = "text";
  EXPECT_EQ(run("cat", options).output, "text");
}

TEST_F(SessionRunTest, ARunThatWaitsForADescriptorCanBeStopped) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  RunOptions options;
  options.input_descriptor = ends[0];
  options.timeout = 50ms;
  EXPECT_EQ(run("x=1; read line", options).end, RunEnd::timed_out);
  EXPECT_EQ(run("cat | cat", options).end, RunEnd::timed_out);
  EXPECT_EQ(output_of("echo $x"), "1\n");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(SessionRunTest, InputAndOutput) {
  RunOptions options;
  options.input = "one\ntwo\n";
  EXPECT_EQ(run("read x; echo $x; cat", options).output, "one\ntwo\n");
  EXPECT_EQ(output_of("cat"), "");
  options.output_limit = 100;
  const RunResult much = run("for ((i=0;i<1000;i++)); do echo $i; done", options);
  EXPECT_TRUE(much.output_cut());
  EXPECT_EQ(much.output_bytes, 3890u);
  EXPECT_THAT(much.output, StartsWith("0\n1\n2\n"));
  EXPECT_THAT(much.output, EndsWith("998\n999\n"));
  std::string out, err;
  options = {};
  options.on_output = [&](std::string_view text) { out += text; };
  options.on_errors = [&](std::string_view text) { err += text; };
  EXPECT_EQ(run("echo o; echo e >&2", options).output, "");
  EXPECT_EQ(out, "o\n");
  EXPECT_EQ(err, "e\n");
}

TEST_F(SessionRunTest, CommandsOfTheProgram) {
  const auto upper = [](CommandCall& call) {
    std::string text = call.read_all().value();
    for (char& c : text) c = static_cast<char>(std::toupper(c));
    for (const std::string& word : call.arguments().subspan(1)) text += word + "\n";
    EXPECT_TRUE(call.write(text));
    return static_cast<int>(call.arguments().size());
  };
  EXPECT_TRUE(session_.add_command("upper", upper));
  EXPECT_EQ(
      output_of("echo hi | upper a b; echo $?; x=$(upper <<< sub); echo $x; echo p | upper | cat; "
                "upper < /dev/null & wait $!; echo $?; command -v upper; type upper"),
      "HI\na\nb\n3\nSUB\nP\n1\n/usr/bin/upper\nupper is hashed (/usr/bin/upper)\n");
  EXPECT_TRUE(session_.add_command("where", [](CommandCall& call) {
    std::string text = call.directory();
    for (const std::string& entry : call.environment()) {
      if (entry.starts_with("Z=")) text += " " + entry;
    }
    EXPECT_TRUE(call.write(text + "\n"));
    return 0;
  }));
  EXPECT_EQ(output_of("cd /tmp; Z=1 where"), "/tmp Z=1\n");
  EXPECT_TRUE(session_.add_command(
      "throws", [](CommandCall&) -> int { throw std::runtime_error("a reason"); }));
  const RunResult thrown = run("throws; echo $?");
  EXPECT_EQ(thrown.output, "1\n");
  EXPECT_EQ(thrown.errors, "throws: a reason\n");
  EXPECT_TRUE(session_.add_command("again", [this](CommandCall& call) {
    EXPECT_EQ(session_.run("echo no").end, RunEnd::not_run);
    EXPECT_EQ(session_.get_env("x").error().kind, ErrorKind::busy);
    EXPECT_TRUE(call.write("busy\n"));
    return 0;
  }));
  EXPECT_EQ(output_of("again"), "busy\n");
  EXPECT_EQ(session_.add_command("a/b", upper).error().kind, ErrorKind::bad_argument);
  EXPECT_EQ(open().run("upper").status, 127);
}

TEST_F(SessionRunTest, ACommandMayCloseItsSession) {
  auto other = std::make_unique<Session>(open());
  EXPECT_TRUE(other->add_command("close", [&](CommandCall&) {
    other.reset();
    return 0;
  }));
  Session* const plain = other.get();
  EXPECT_EQ(plain->run("close; echo no").end, RunEnd::interrupted);
}

TEST_F(SessionRunTest, SessionsAreApart) {
  Session other = open();
  EXPECT_EQ(
      output_of("x=1; f() { :; }; echo mine > f; cd /tmp; umask 077; trap 'echo T' TERM; set -u; "
                "sleep 60 & echo; RANDOM=5"),
      "\n");
  EXPECT_EQ(other.run("echo ${x-unset} $(pwd) $(umask) $-; type f; ls; trap; jobs; cat f").output,
            "unset /home/user 0022 hB\n");
  const std::string mine = output_of("echo $$ $BASHPID $PPID");
  const std::string others = other.run("echo $$ $BASHPID $PPID").output;
  EXPECT_NE(mine, others);
  const std::string pid = mine.substr(0, mine.find(' '));
  EXPECT_EQ(other.run("kill -0 " + pid).status, 1);
  EXPECT_EQ(other.run("kill -9 " + std::to_string(::getpid())).status, 1);
  EXPECT_EQ(other.run("kill -TERM -1; echo $?").output, "0\n");
  EXPECT_EQ(output_of("jobs | grep_it() { cat; }; jobs %1 > /tmp/j; [[ -s /tmp/j ]] && echo alive"),
            "alive\n");
  EXPECT_EQ(output_of("kill -TERM $$; echo on"), "T\non\n");
  EXPECT_NE(open().run("echo $RANDOM $RANDOM").output, open().run("echo $RANDOM $RANDOM").output);
  EXPECT_EQ(other.run("wait; echo $?").output, "0\n");
}

TEST_F(SessionRunTest, ASessionThatEndsItselfEndsAlone) {
  Session other = open();
  const RunResult result = other.run("echo before; kill -9 $$; echo no");
  EXPECT_EQ(result.output, "before\n");
  EXPECT_EQ(result.end, RunEnd::ended);
  EXPECT_EQ(result.status, 137);
  EXPECT_TRUE(other.ended());
  EXPECT_EQ(other.run("echo no").end, RunEnd::not_run);
  EXPECT_EQ(other.get_env("x").error().kind, ErrorKind::ended);
  EXPECT_EQ(output_of("echo fine"), "fine\n");
}

TEST_F(SessionRunTest, BackgroundJobsGoOnBetweenRuns) {
  EXPECT_EQ(output_of("{ sleep 0.05; echo late > /tmp/late; } & x=$!; echo"), "\n");
  EXPECT_EQ(output_of("wait $x; echo $?; cat /tmp/late"), "0\nlate\n");
  EXPECT_EQ(output_of("sleep 100 & kill $!; wait $! 2>/dev/null; echo $?"), "143\n");
}

TEST_F(SessionRunTest, ATimeoutEndsTheWholeTreeAndTheSessionGoesOn) {
  RunOptions options;
  options.timeout = 50ms;
  for (const char* const script :
       {"while :; do :; done", "sleep 100", "( while :; do :; done )", "x=$(sleep 100)",
        "sleep 100 | sleep 100", "trap '' INT TERM HUP; while :; do :; done",
        "trap 'echo no' EXIT; sleep 100", "sleep 100 & wait",
        "f() { f; }; while :; do (f) 2>/dev/null; done", "read x < <(sleep 100)",
        "{ while :; do :; done; } | cat", "until false; do ( : ); done",
        "bash -c 'while :; do :; done'"}) {
    Session one = open();
    EXPECT_EQ(one.run("state=kept").status, 0);
    const auto start = std::chrono::steady_clock::now();
    const RunResult result = one.run(script, options);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s) << script;
    EXPECT_EQ(result.end, RunEnd::timed_out) << script;
    EXPECT_EQ(result.status, 124) << script;
    EXPECT_EQ(result.limit, Limit::time) << script;
    EXPECT_EQ(result.output, "") << script;
    EXPECT_EQ(one.run("echo $state").output, "kept\n") << script;
  }
  EXPECT_EQ(run("echo quick", options).end, RunEnd::finished);
}

TEST_F(SessionRunTest, InterruptEndsARunFromAnotherThread) {
  std::thread other([this] {
    std::this_thread::sleep_for(50ms);
    session_.interrupt();
  });
  const RunResult result = run("while :; do sleep 1; done");
  other.join();
  EXPECT_EQ(result.end, RunEnd::interrupted);
  EXPECT_EQ(result.status, 130);
  session_.interrupt();
  EXPECT_EQ(output_of("echo on"), "on\n");
}

TEST_F(SessionRunTest, ASessionMayBeClosedInTheMiddleOfARun) {
  auto other = std::make_unique<Session>(open());
  std::atomic<bool> begun = false;
  RunOptions options;
  options.on_output = [&](std::string_view) { begun = true; };
  Session* const plain = other.get();
  std::thread runs([&] {
    EXPECT_EQ(plain->run("echo; while :; do sleep 1; done", options).end, RunEnd::interrupted);
  });
  while (!begun) std::this_thread::sleep_for(1ms);
  other.reset();
  runs.join();
}

TEST_F(SessionRunTest, WhatASessionLeavesEndsWithIt) {
  for (int i = 0; i < 20; ++i) {
    Session one = open();
    EXPECT_EQ(one.run("sleep 100 & { while :; do :; done; } & sleep 100 | cat & echo").output,
              "\n");
  }
}

TEST_F(SessionRunTest, NothingIsTakenFromTheProcess) {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  char before[4096];
  ASSERT_NE(::getcwd(before, sizeof(before)), nullptr);
  std::vector<std::string> variables;
  for (char** at = environ; *at != nullptr; ++at) variables.emplace_back(*at);
  struct sigaction actions[32];
  for (int signal = 1; signal < 32; ++signal) ::sigaction(signal, nullptr, &actions[signal]);
  sigset_t blocked;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const int out = ::dup(1);
  const int err = ::dup(2);
  ::dup2(ends[1], 1);
  ::dup2(ends[1], 2);

  Session one = open();
  (void)one.run(
      "cd /tmp; umask 0; export A=1; trap : INT TERM CHLD PIPE; trap '' HUP QUIT; echo out; echo "
      "err "
      ">&2; { echo x; } | cat | cat; sleep 0 & wait; TZ=America/New_York printf '%(%H)T' 0; "
      "ulimit -n 100; while echo y; do :; done | head -n 1; nosuch; kill -PIPE $$; exit 3");

  ::dup2(out, 1);
  ::dup2(err, 2);
  ::close(ends[1]);
  char byte;
  EXPECT_EQ(::read(ends[0], &byte, 1), 0);
  ::close(ends[0]);
  ::close(out);
  ::close(err);
  const mode_t mask_after = ::umask(mask);
  EXPECT_EQ(mask_after, mask);
  char after[4096];
  ASSERT_NE(::getcwd(after, sizeof(after)), nullptr);
  EXPECT_STREQ(after, before);
  std::vector<std::string> variables_after;
  for (char** at = environ; *at != nullptr; ++at) variables_after.emplace_back(*at);
  EXPECT_EQ(variables_after, variables);
  for (int signal = 1; signal < 32; ++signal) {
    struct sigaction action;
    ::sigaction(signal, nullptr, &action);
    if (signal == SIGSEGV || signal == SIGILL || signal == SIGFPE) continue;
    EXPECT_EQ(action.sa_handler, actions[signal].sa_handler) << signal;
  }
  sigset_t blocked_after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked_after);
  for (int signal = 1; signal < 32; ++signal) {
    EXPECT_EQ(sigismember(&blocked_after, signal), sigismember(&blocked, signal)) << signal;
  }
}

TEST_F(SessionRunTest, AWriteToAClosedPipeIsNoSignalToTheProcess) {
  EXPECT_EQ(
      output_of("{ sleep 0.05; echo late; echo later; } 2>/dev/null | :; echo ${PIPESTATUS[0]}"),
      "141\n");
  EXPECT_EQ(
      output_of(
          "exec 9> >(:); sleep 0.1; trap '' PIPE; echo x >&9 2>/dev/null; echo $?; exec 9>&-"),
      "1\n");
}

TEST_F(SessionRunTest, ManyThreadsRunManySessions) {
  std::atomic<int> good = 0;
  const auto work = [&] {
    for (int i = 0; i < 30; ++i) {
      Session one = open();
      const RunResult result = one.run("x=0; for i in 1 2 3; do ((x += i)); done; echo $x | cat");
      if (result.output == "6\n" && one.run("echo $((x * 2))").output == "12\n") ++good;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good.load(), 120);
}

TEST_F(SessionRunTest, LimitsHoldForOneSession) {
  SessionOptions options;
  options.file_bytes = 1 << 20;
  options.tasks = 8;
  options.task_memory = 64 << 20;
  Session one = open(options);
  EXPECT_THAT(one.run("x=$(seq 1 200000); echo \"$x\" > f").errors, HasSubstr("No space left"));
  EXPECT_THAT(one.run("rm f; for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done").errors,
              HasSubstr("fork: retry: Resource temporarily unavailable"));
  EXPECT_EQ(one.run("kill -TERM -1; wait; echo on").output, "on\n");
  EXPECT_EQ(one.run("(x=xxxxxxxx; while :; do x=$x$x; done) 2>/dev/null; echo $?").output, "134\n");
  EXPECT_EQ(output_of("echo fine > f; cat f"), "fine\n");
}

}  // namespace
}  // namespace swebash
