// SPDX-License-Identifier: Apache-2.0
//
// Redirections as a shell makes them, on the descriptors of this process.
#include "engine/interpreter/redir.hpp"

#include <gtest/gtest.h>

#include <string>

#include "abi/guest.hpp"
#include "engine/interpreter/script.hpp"
#include "engine/interpreter/shell_test_fixture.hpp"

namespace swebash::engine {
namespace {

std::string read_all(i32 fd) {
  std::string text;
  static_cast<void>(read_to_end(fd, text));
  sys::close(fd);
  return text;
}

using RedirTest = ShellTest;

TEST(OpenText, IsReadToItsEnd) {
  const std::string text(30'000, 'x');
  const i32 fd = open_text(text);
  ASSERT_GE(fd, 0);
  EXPECT_EQ(read_all(fd), text);
  const i32 empty = open_text("");
  EXPECT_EQ(read_all(empty), "");
}

TEST_F(RedirTest, ComeBackAfterTheCommand) {
  run("echo one > f; echo two >> f");
  EXPECT_EQ(file("f"), "one\ntwo");
  EXPECT_GE(sys::fd_flags(1), 0);
}

TEST_F(RedirTest, AreMadeFromLeftToRight) {
  run("{ echo out; echo error >&2; } > both 2>&1");
  EXPECT_EQ(file("both"), "out\nerror");
  run("{ { echo out; echo error >&2; } 2>&1 > only; } > other");
  EXPECT_EQ(file("only"), "out");
  EXPECT_EQ(file("other"), "error");
}

TEST_F(RedirTest, OfExecStay) {
  run("exec 7> kept; echo a >&7; echo b >&7; exec 7>&-");
  EXPECT_EQ(file("kept"), "a\nb");
  EXPECT_LT(sys::fd_flags(7), 0);
}

TEST_F(RedirTest, ANameGetsADescriptorFromTenUpThatStays) {
  run("exec {fd}> named; echo text >&$fd; n=$fd; exec {fd}>&-");
  EXPECT_EQ(file("named"), "text");
  EXPECT_EQ(run("((n >= 10))"), kSuccess);
}

TEST_F(RedirTest, AnElementNamesADescriptorToClose) {
  run("exec 8> f; a=(0 8); exec {a[1]}>&-");
  EXPECT_EQ(shell_.last_status(), kSuccess);
  EXPECT_LT(sys::fd_flags(8), 0);
}

TEST_F(RedirTest, ADescriptorMovesWithADash) {
  run("exec 7> moved; exec 8>&7-; echo text >&8; exec 8>&-");
  EXPECT_LT(sys::fd_flags(7), 0);
  EXPECT_EQ(file("moved"), "text");
}

TEST_F(RedirTest, NoclobberKeepsWhatIsThere) {
  run("echo old > f; set -C");
  EXPECT_EQ(run("echo new > f"), kFailure);
  EXPECT_EQ(file("f"), "old");
  EXPECT_EQ(run("echo new >| f"), kSuccess);
  EXPECT_EQ(file("f"), "new");
}

TEST_F(RedirTest, AFailureLeavesDescriptorsAsTheyWere) {
  EXPECT_EQ(run("echo x > first > /nothing_here/second"), kFailure);
  EXPECT_GE(sys::fd_flags(1), 0);
  EXPECT_EQ(run("echo x 47>&48"), kFailure);
  EXPECT_LT(sys::fd_flags(47), 0);
}

TEST_F(RedirTest, ACompoundCommandIsRedirectedAsOne) {
  run("for i in 1 2 3; do echo $i; done > loop");
  EXPECT_EQ(file("loop"), "1\n2\n3");
  run("while read -r line; do last=$line; done < loop; echo $last > last");
  EXPECT_EQ(file("last"), "3");
}

}  // namespace
}  // namespace swebash::engine
