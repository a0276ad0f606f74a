// SPDX-License-Identifier: Apache-2.0
#include "shell/confinement.hpp"

#include <gtest/gtest.h>

namespace swebash::shell {
namespace {

std::string script(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return script_of(pointers);
}

TEST(Confinement, KnowsTheScriptOfACommandLine) {
  EXPECT_EQ(script({"swebash", "a.sh", "b"}), "a.sh");
  EXPECT_EQ(script({"swebash", "-eu", "-o", "pipefail", "--posix", "a.sh"}), "a.sh");
  EXPECT_EQ(script({"swebash", "+x", "--rcfile", "r", "--", "a.sh"}), "a.sh");
  EXPECT_EQ(script({"swebash", "-c", "a.sh"}), "");
  EXPECT_EQ(script({"swebash", "-ec", "a.sh"}), "");
  EXPECT_EQ(script({"swebash", "-s", "a.sh"}), "");
  EXPECT_EQ(script({"swebash"}), "");
}

TEST(Confinement, MakesAPolicyOfSettings) {
  Settings settings;
  settings.workspace = "w";
  settings.allow_read = {{"/a:b", Settings::Source::flag},
                         {"/c:/d", Settings::Source::environment}};
  settings.allow_run = {{"git,make", Settings::Source::flag}};
  settings.env = {{"A=1,2", Settings::Source::flag}, {"B,C", Settings::Source::environment}};
  settings.isolation = "landlock";
  settings.tmp = "shared";
  settings.keep_fds = "1";
  const auto policy = policy_of(settings);
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(policy->workspace, "w");
  EXPECT_EQ(policy->read, (std::vector<std::string>{"/a:b", "/c", "/d"}));
  EXPECT_EQ(policy->programs, (std::vector<std::string>{"git", "make"}));
  EXPECT_EQ(policy->environment, (std::vector<std::string>{"A=1,2", "B", "C"}));
  EXPECT_EQ(policy->isolation, kernel::Isolation::landlock_only);
  EXPECT_EQ(policy->native, kernel::Programs::listed);
  EXPECT_EQ(policy->temporary, kernel::Temporary::shared);
  EXPECT_EQ(policy->descriptors, kernel::Keeps::yes);
  EXPECT_EQ(policy->network, kernel::Network::none);
}

TEST(Confinement, RefusesValuesThatAreNone) {
  for (const auto& [field, value] :
       std::vector<std::pair<std::string_view Settings::*, std::string_view>>{
           {&Settings::isolation, "vm"}, {&Settings::tmp, "own"}, {&Settings::allow_net, "a.b"}}) {
    Settings settings;
    settings.*field = value;
    EXPECT_FALSE(policy_of(settings).has_value()) << value;
  }
}

}  // namespace
}  // namespace swebash::shell
