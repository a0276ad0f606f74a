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
           {&Settings::isolation, "vm"}, {&Settings::tmp, "own"}}) {
    Settings settings;
    settings.*field = value;
    EXPECT_FALSE(policy_of(settings).has_value()) << value;
  }
}

TEST(Confinement, TakesTheLaterWordOnTheNetwork) {
  const auto network = [](const std::vector<std::string_view>& words) {
    Settings settings;
    for (const std::string_view word : words) {
      settings.allow_net.push_back({word, Settings::Source::flag});
    }
    const auto policy = policy_of(settings);
    if (!policy.has_value()) return std::string("wrong");
    std::string text = policy->network == kernel::Network::all    ? "all"
                       : policy->network == kernel::Network::none ? "none"
                                                                  : "listed";
    for (const std::string& host : policy->hosts) text += " " + host;
    return text;
  };
  EXPECT_EQ(network({}), "none");
  EXPECT_EQ(network({"1"}), "all");
  EXPECT_EQ(network({"a:1,b", "c"}), "listed a:1 b c");
  EXPECT_EQ(network({"1", "a"}), "listed a");
  EXPECT_EQ(network({"a", "1"}), "all");
  EXPECT_EQ(network({"a", "0"}), "none");
  EXPECT_EQ(network({"*.a.b:443,[::1]:80,1.2.3.4,::1"}), "listed *.a.b:443 [::1]:80 1.2.3.4 ::1");
  for (const std::string_view wrong : {"a:", "a:x", "a/b", "*", "a*b", "u@h", "[::1", "a:123456"}) {
    EXPECT_EQ(network({wrong}), "wrong") << wrong;
  }
}

TEST(Confinement, TakesRulesOfAFile) {
  Settings settings;
  settings.file = "f";
  settings.file_entries = {
      {"command.ask", "rm *", 2}, {"git.protected", "main", 4}, {"git.action", "ask", 5}};
  const auto policy = policy_of(settings);
  ASSERT_TRUE(policy.has_value());
  ASSERT_EQ(policy->commands.size(), 1u);
  EXPECT_EQ(policy->commands[0].action, kernel::RuleAction::ask);
  EXPECT_EQ(policy->commands[0].where, "f:2");
  ASSERT_EQ(policy->branches.size(), 1u);
  EXPECT_EQ(policy->branches[0].action, kernel::RuleAction::ask);
}

}  // namespace
}  // namespace swebash::shell
