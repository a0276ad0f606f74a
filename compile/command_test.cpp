// SPDX-License-Identifier: Apache-2.0
// The program `modcache`, as people and scripts use it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>

#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

using namespace testing;

class CommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(module_, std::string("\0asm\1\0\0\0", 8));
    write_file(broken_, std::string("\0asm\1\0\0\0\xff", 9));
  }
  // Runs `modcache WORDS`; its exit status. What it printed is in out() and err().
  int run(const std::string& words) {
    const std::string command = "cd '" + directory_.path() + "' && MODCACHE_DIR=cache '" +
                                MODCACHE_PROGRAM "' --compiler '" MODCACHE_COMPILE_PROGRAM "' " +
                                words + " >out 2>err";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] std::string out() const { return read_file(directory_ / "out"); }
  [[nodiscard]] std::string err() const { return read_file(directory_ / "err"); }
  [[nodiscard]] bool says(const std::string& text) const {
    return out().find(text) != std::string::npos;
  }

  TemporaryDirectory directory_;
  std::string module_ = directory_ / "m.wasm";
  std::string broken_ = directory_ / "broken.wasm";
};

TEST_F(CommandTest, WarmsAndExplains) {
  EXPECT_EQ(run("explain m.wasm"), 1);
  EXPECT_TRUE(says("miss (absent)")) << out();
  EXPECT_EQ(run("warm m.wasm"), 0) << err();
  EXPECT_EQ(run("explain m.wasm"), 0);
  EXPECT_TRUE(says("hit"));
  EXPECT_EQ(run("explain m.wasm --engine-config epoch_interruption=1"), 1);
  EXPECT_TRUE(says("differs in: settings")) << out();
  EXPECT_TRUE(says("wanted  epoch_interruption=1\n")) << out();
  EXPECT_EQ(run("--json explain m.wasm"), 0);
  EXPECT_TRUE(says("\"hit\": true"));
}

TEST_F(CommandTest, WarmsADirectoryAndSaysWhatFailed) {
  EXPECT_EQ(run("warm ."), 1);
  EXPECT_TRUE(says("m.wasm: compiled in")) << out();
  EXPECT_TRUE(says("broken.wasm: ")) << out();
  EXPECT_EQ(run("warm m.wasm --json"), 0);
  EXPECT_TRUE(says("\"tier\": \"cache\"")) << out();
}

TEST_F(CommandTest, ListsInspectsAndClears) {
  ASSERT_EQ(run("warm m.wasm"), 0);
  EXPECT_EQ(run("list"), 0);
  EXPECT_TRUE(says("m.wasm"));
  const std::string key =
      std::filesystem::path(entry_files(directory_ / "cache").at(0)).stem().string();
  EXPECT_EQ(run("inspect " + key.substr(0, 8)), 0);
  EXPECT_TRUE(says(key));
  EXPECT_EQ(run("inspect ffffffffffffffffffffffff"), 1);
  EXPECT_EQ(run("clear --json"), 0);
  EXPECT_TRUE(says("\"entries\": 1"));
  EXPECT_TRUE(entry_files(directory_ / "cache").empty());
}

TEST_F(CommandTest, VerifyEndsWithOneWhereSomethingIsCorrupt) {
  ASSERT_EQ(run("warm m.wasm"), 0);
  EXPECT_EQ(run("verify"), 0);
  const std::string file = entry_files(directory_ / "cache").at(0);
  std::string whole = read_file(file);
  whole[100] = static_cast<char>(whole[100] ^ 1);
  write_file(file, whole);
  EXPECT_EQ(run("verify"), 1);
  EXPECT_TRUE(says("corrupt"));
  EXPECT_EQ(run("verify --repair"), 1);
  EXPECT_EQ(run("verify"), 0);
}

TEST_F(CommandTest, CountsAndForgets) {
  ASSERT_EQ(run("warm m.wasm"), 0);
  ASSERT_EQ(run("warm m.wasm"), 0);
  EXPECT_EQ(run("stats --json"), 0);
  EXPECT_TRUE(says("\"hits\": 1")) << out();
  EXPECT_TRUE(says("\"misses\": 1")) << out();
  EXPECT_EQ(run("zero"), 0);
  EXPECT_EQ(run("stats --json"), 0);
  EXPECT_TRUE(says("\"hits\": 0")) << out();
  EXPECT_EQ(run("prune --older-than 1d"), 0);
  EXPECT_EQ(entry_files(directory_ / "cache").size(), 1U);
  EXPECT_EQ(run("prune --max-size 1"), 0);
  EXPECT_TRUE(entry_files(directory_ / "cache").empty());
}

TEST_F(CommandTest, PruneKeepsToTheBoundThatIsNamed) {
  ASSERT_EQ(run("warm m.wasm"), 0);
  const std::string file = entry_files(directory_ / "cache").at(0);
  using namespace std::chrono_literals;
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - 24h * 40);
  EXPECT_EQ(run("prune --max-size 1MiB"), 0);
  EXPECT_TRUE(std::filesystem::exists(file)) << "older than the settings' age, which was not asked";
  EXPECT_EQ(run("prune --older-than 50d"), 0);
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(run("prune --max-size 1MiB --older-than 35d --json"), 0);
  EXPECT_TRUE(says("\"entries\": 1")) << out();
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(CommandTest, PruneAloneAppliesTheSettings) {
  ASSERT_EQ(run("warm m.wasm"), 0);
  const std::string file = entry_files(directory_ / "cache").at(0);
  EXPECT_EQ(run("prune"), 0);
  EXPECT_TRUE(std::filesystem::exists(file));
  using namespace std::chrono_literals;
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - 24h * 40);
  EXPECT_EQ(run("prune"), 0);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(CommandTest, ShowsWhereEachSettingCameFrom) {
  EXPECT_EQ(run("config --max-size 5MiB"), 0);
  EXPECT_TRUE(says("(MODCACHE_DIR)")) << out();
  EXPECT_TRUE(says("5MiB")) << out();
  EXPECT_TRUE(says("(default)"));
  EXPECT_EQ(run("path"), 0);
  EXPECT_TRUE(says("cache/v1"));
}

TEST_F(CommandTest, WrongUseEndsWithTwo) {
  for (const char* words : {"", "frobnicate", "--mode bogus stats", "explain", "prune --max-size x",
                            "prune --older-than soon", "warm m.wasm --engine-config nonsense"}) {
    EXPECT_EQ(run(words), 2) << words;
    EXPECT_FALSE(err().empty()) << words;
  }
  EXPECT_EQ(run("--help"), 0);
  EXPECT_EQ(run("explain absent.wasm"), 1);
}

}  // namespace
}  // namespace modcache
