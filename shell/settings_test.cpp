// SPDX-License-Identifier: Apache-2.0
#include "shell/settings.hpp"

#include <gtest/gtest.h>

namespace swebash::shell {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

Result<Settings, std::string> read(std::vector<std::string> words,
                                   std::vector<std::string> variables = {}) {
  static std::vector<std::string> kept_words, kept_variables;
  static std::vector<char*> argv, envp;
  kept_words = std::move(words);
  kept_variables = std::move(variables);
  argv = pointers_to(kept_words);
  envp = pointers_to(kept_variables);
  return read_settings(static_cast<int>(kept_words.size()), argv.data(), envp.data());
}

TEST(Settings, TakesLeadingFlagsAndLeavesTheRest) {
  const auto settings = read({"swebash", "--engine=x.wasm", "--timings", "-c", "--timings"});
  ASSERT_TRUE(settings.has_value());
  EXPECT_EQ(settings->engine, "x.wasm");
  EXPECT_EQ(settings->timings, "1");
  ASSERT_EQ(settings->arguments.size(), 3u);
  EXPECT_STREQ(settings->arguments[1], "-c");
  EXPECT_STREQ(settings->arguments[2], "--timings");
}

TEST(Settings, FlagWeighsMoreThanEnvironment) {
  const std::vector<std::string> variables = {"A=b", "SWEBASH_ENGINE_TIER=jit"};
  EXPECT_EQ(read({"swebash"}, variables)->engine_tier, "jit");
  EXPECT_EQ(read({"swebash", "--engine-tier", "aot"}, variables)->engine_tier, "aot");
  EXPECT_EQ(read({"swebash"})->engine_tier, "");
}

TEST(Settings, TakesVariablesByTheirWholeNames) {
  const auto settings =
      read({"swebash"}, {"SWEBASH_LIMIT_CPU_=1", "SWEBASH_LIMIT_CP=2", "SWEBASH_LIMIT_WALL",
                         "SWEBASH_LIMIT_OUTPUT=a=b", "", "=", "SWEBASH_TIMINGS="});
  EXPECT_EQ(settings->limit_cpu, "");
  EXPECT_EQ(settings->limit_wall, "");
  EXPECT_EQ(settings->limit_output, "a=b");
  EXPECT_EQ(settings->timings_file, "");
}

TEST(Settings, TakesTheFirstOfTwoVariablesOfAName) {
  EXPECT_EQ(read({"swebash"}, {"ENGINE_WASM=1", "ENGINE_WASM=2"})->engine, "1");
  EXPECT_EQ(read({"swebash"}, {"ENGINE_WASM=", "ENGINE_WASM=2"})->engine, "");
}

TEST(Settings, FlagWithoutItsValueIsAnError) {
  const auto settings = read({"swebash", "--engine"});
  ASSERT_FALSE(settings.has_value());
  EXPECT_EQ(settings.error(), "--engine: option requires an argument (FILE)");
}

TEST(Settings, LongerWordIsNotTheFlag) {
  const auto settings = read({"swebash", "--engines"});
  ASSERT_TRUE(settings.has_value());
  EXPECT_EQ(settings->arguments.size(), 2u);
}

TEST(Settings, AFileWeighsLeastAndItsPlaceIsTold) {
  auto settings = read({"swebash", "--env", "C=flag"}, {"SWEBASH_TMP=shared"});
  ASSERT_TRUE(settings.has_value());
  settings->file = "p.toml";
  settings->file_entries = {
      {"env", "A", 1}, {"env", "B", 2}, {"tmp", "private", 3}, {"isolation", "vm", 4}};
  take_file_entries(*settings);
  ASSERT_EQ(settings->env.size(), 3u);
  EXPECT_EQ(settings->env[0].text, "A");
  EXPECT_EQ(settings->env[2].text, "C=flag");
  EXPECT_EQ(settings->tmp, "shared");
  EXPECT_EQ(settings->isolation, "vm");
  EXPECT_EQ(tell_origin(*settings, "--isolation: vm: no"), "p.toml:4: isolation: vm: no");
  EXPECT_EQ(tell_origin(*settings, "--env: B: no"), "p.toml:2: env: B: no");
  EXPECT_EQ(tell_origin(*settings, "--env: C=flag: no"), "--env: C=flag: no");
  EXPECT_EQ(tell_origin(*settings, "--tmp: x: no"), "--tmp: x: no");
}

}  // namespace
}  // namespace swebash::shell
