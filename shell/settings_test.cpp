// SPDX-License-Identifier: Apache-2.0
#include "shell/settings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace swebash::shell {
namespace {

Result<Settings, std::string> read(std::vector<std::string> words) {
  static std::vector<std::string> kept;
  static std::vector<char*> pointers;
  kept = std::move(words);
  pointers.clear();
  for (auto& word : kept) pointers.push_back(word.data());
  return read_settings(static_cast<int>(pointers.size()), pointers.data());
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
  setenv("SWEBASH_ENGINE_TIER", "jit", 1);
  EXPECT_EQ(read({"swebash"})->engine_tier, "jit");
  EXPECT_EQ(read({"swebash", "--engine-tier", "aot"})->engine_tier, "aot");
  unsetenv("SWEBASH_ENGINE_TIER");
  EXPECT_EQ(read({"swebash"})->engine_tier, "");
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

}  // namespace
}  // namespace swebash::shell
