// SPDX-License-Identifier: Apache-2.0
//
// Snapshots and forks: what goes along, what does not, what stays apart; and files of them.
#include "swebash/snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "embed/test_session.hpp"

namespace swebash {
namespace {

using testing::HasSubstr;

class SnapshotTest : public SessionTest {};

TEST_F(SnapshotTest, AForkHasWhatTheSessionHas) {
  ASSERT_EQ(run("x=1; a=(1 2 3); declare -A m=([k]=v); f() { echo f$1; }; set -o pipefail\n"
                "mkdir -p /tmp/d; cd /tmp/d; umask 027; trap '' USR1; echo text > file\n"
                "ln file other; ln -s file link; exec 3>>log 4<file 5</dev/null; echo one >&3\n"
                "read -u 4 -n 2 _; echo gone > gone; exec 6<gone; rm gone")
                .errors,
            "");
  constexpr std::string_view kAsk =
      "echo $x ${a[*]} ${m[k]} $PWD $(umask); f 2; [[ -o pipefail ]] && echo pipefail; trap -p\n"
      "read -u 4 rest; echo \"$rest\"; echo two >&3; cat log; cat link other\n"
      "read -u 5 || echo end; read -u 6 left; echo $left; echo more >> other; cat file";
  constexpr std::string_view kHas =
      "1 1 2 3 v /tmp/d 0027\nf2\npipefail\ntrap -- '' SIGUSR1\nxt\none\ntwo\ntext\ntext\nend\n"
      "gone\ntext\nmore\n";
  Session fork = session_.fork().value();
  const Snapshot snapshot = session_.snapshot().value();
  const std::string bytes = snapshot.bytes();
  EXPECT_EQ(output_of(fork, kAsk), kHas);
  // None of them sees what another does.
  EXPECT_EQ(output_of(kAsk), kHas);
  Session opened = runtime().open(snapshot).value();
  EXPECT_EQ(output_of(opened, kAsk), kHas);
  Session read = runtime().open(runtime().read_snapshot(bytes).value()).value();
  EXPECT_EQ(output_of(read, kAsk), kHas);
  // The snapshot is what it was.
  EXPECT_EQ(output_of("cd /; rm -r /tmp/d; unset x; exec 3>&- 4<&-"), "");
  ASSERT_TRUE(session_.restore(snapshot));
  EXPECT_EQ(output_of(kAsk), kHas);
  EXPECT_EQ(output_of(fork, "cat file"), "text\nmore\n");
}

TEST_F(SnapshotTest, AForkIsASessionOfItsOwn) {
  EXPECT_TRUE(session_.add_command("mine", [](CommandCall& call) {
    (void)call.write("mine\n");
    return 0;
  }));
  EXPECT_EQ(output_of("sleep 100 & x=$!; y=$$; r=$RANDOM"), "");
  Session fork = session_.fork().value();
  EXPECT_EQ(output_of(fork, "jobs; wait; echo on; [[ $y != $$ ]] && echo other; mine"),
            "on\nother\nmine\n");
  EXPECT_EQ(fork.run("kill $x").status, 1);
  EXPECT_TRUE(fork.add_command("its", [](CommandCall&) { return 7; }));
  EXPECT_EQ(fork.run("its").status, 7);
  EXPECT_EQ(run("its").status, 127);
  EXPECT_EQ(output_of("kill $x; wait $x 2>/dev/null; echo $?"), "143\n");
  Session second = fork.fork().value();
  fork = Session();
  EXPECT_EQ(output_of(second, "echo $x; mine").substr(0, 1), "4");
}

TEST_F(SnapshotTest, AnEndedSessionIsRestored) {
  EXPECT_EQ(output_of("x=kept; echo data > f"), "");
  const Snapshot before = session_.snapshot().value();
  EXPECT_EQ(run("kill -KILL $$").end, RunEnd::ended);
  EXPECT_EQ(run("echo no").end, RunEnd::not_run);
  EXPECT_EQ(session_.snapshot().error().kind, ErrorKind::ended);
  ASSERT_TRUE(session_.restore(before));
  EXPECT_FALSE(session_.ended());
  EXPECT_EQ(output_of("echo $x; cat f"), "kept\ndata\n");
}

TEST_F(SnapshotTest, RestoringEndsWhatRunsInTheBackground) {
  const Snapshot before = session_.snapshot().value();
  EXPECT_EQ(output_of("while :; do echo more; done > /tmp/more & cat > /tmp/x < <(sleep 100) &"),
            "");
  ASSERT_TRUE(session_.restore(before));
  EXPECT_EQ(output_of("jobs; ls /tmp"), "");
}

TEST_F(SnapshotTest, LargeStateGoesAlong) {
  EXPECT_EQ(output_of("for ((i=0; i<20000; i++)); do a[i]=element$i; done; b=$(seq 1 300000)"), "");
  Session fork = session_.fork().value();
  EXPECT_EQ(output_of(fork, "echo ${#a[@]} ${a[19999]} ${#b}; a[5]=x; (echo ${a[5]})"),
            "20000 element19999 1988894\nx\n");
  const Snapshot snapshot = session_.snapshot().value();
  EXPECT_GT(snapshot.shell_bytes(), 1u << 20);
  Session read = runtime().open(runtime().read_snapshot(snapshot.bytes()).value()).value();
  EXPECT_EQ(output_of(read, "echo ${#a[@]} ${a[5]} ${#b}"), "20000 element5 1988894\n");
  EXPECT_EQ(output_of("echo ${a[5]}"), "element5\n");
}

TEST_F(SnapshotTest, ManyForksOfOneShareNothing) {
  EXPECT_EQ(output_of("echo base > f; x=0"), "");
  std::vector<Session> forks;
  for (int i = 0; i < 40; ++i) forks.push_back(session_.fork().value());
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = static_cast<std::size_t>(t); i < forks.size(); i += 2) {
        forks[i].run("x=" + std::to_string(i) + "; echo $x >> f");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < forks.size(); ++i) {
    const std::string number = std::to_string(i);
    EXPECT_EQ(output_of(forks[i], "echo $x; cat f"), number + "\nbase\n" + number + "\n");
  }
  EXPECT_EQ(output_of("echo $x; cat f"), "0\nbase\n");
}

TEST_F(SnapshotTest, IsSavedAndLoaded) {
  const std::string path = testing::TempDir() + "snapshot_test";
  EXPECT_EQ(output_of("x=saved; echo file > f"), "");
  ASSERT_TRUE(session_.snapshot()->save(path));
  const Snapshot loaded = runtime().load_snapshot(path).value();
  Session other = runtime().open(loaded).value();
  EXPECT_EQ(output_of(other, "echo $x; cat f; ls /usr/bin | head -n 1; echo > /dev/null"),
            "saved\nfile\n[\n");
  EXPECT_EQ(runtime().load_snapshot(path + ".none").error().kind, ErrorKind::not_found);
  EXPECT_EQ(runtime().load_snapshot("/dev/null").error().kind, ErrorKind::refused);
  EXPECT_EQ(session_.snapshot()->save("/nowhere/x").error().kind, ErrorKind::not_found);
  std::remove(path.c_str());
}

TEST_F(SnapshotTest, WhatIsNoSnapshotSaysSo) {
  const auto why = [&](std::string_view bytes) {
    const auto read = runtime().read_snapshot(bytes);
    EXPECT_FALSE(read.has_value());
    return read.has_value() ? std::string() : read.error().message;
  };
  EXPECT_THAT(why(""), HasSubstr("no snapshot"));
  EXPECT_THAT(why("#!/bin/sh\n"), HasSubstr("no snapshot"));
  std::string bytes = session_.snapshot()->bytes();
  EXPECT_THAT(why(std::string_view(bytes).substr(0, bytes.size() - 1)), HasSubstr("damaged"));
  EXPECT_THAT(why(std::string_view(bytes).substr(0, 20)), HasSubstr("damaged"));
  std::string older = bytes;
  older[8] = 0;
  EXPECT_THAT(why(older), HasSubstr("version 0"));
  std::string foreign = bytes;
  foreign[8 + 4 + 8] ^= 1;
  EXPECT_THAT(why(foreign), HasSubstr("another build"));
  for (const size_t at : {bytes.size() / 2, bytes.size() - 1, size_t{200}}) {
    std::string torn = bytes;
    torn[at] ^= 1;
    EXPECT_THAT(why(torn), HasSubstr("damaged"));
  }
  EXPECT_TRUE(runtime().read_snapshot(bytes));
}

}  // namespace
}  // namespace swebash
