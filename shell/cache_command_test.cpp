// SPDX-License-Identifier: Apache-2.0
#include "shell/cache_command.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace swebash::shell {
namespace {

bool asks(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return is_cache_command(pointers);
}

TEST(CacheCommand, IsTheFirstOperandOfSwebashAlone) {
  EXPECT_TRUE(asks({"swebash", "cache"}));
  EXPECT_TRUE(asks({"/usr/bin/swebash", "cache", "stats"}));
  EXPECT_FALSE(asks({"swebash"}));
  EXPECT_FALSE(asks({"swebash", "./cache"}));
  EXPECT_FALSE(asks({"swebash", "--", "cache"}));
  EXPECT_FALSE(asks({"swebash", "-c", "cache"}));
  EXPECT_FALSE(asks({"sh", "cache"}));
  EXPECT_FALSE(asks({"/bin/bash", "cache"}));
}

}  // namespace
}  // namespace swebash::shell
