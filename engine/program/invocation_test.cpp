// SPDX-License-Identifier: Apache-2.0
#include "engine/program/invocation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace swebash::engine {
namespace {

Result<StartOptions, std::string> parse(std::vector<std::string_view> words) {
  words.insert(words.begin(), "swebash");
  return parse_start_options(words);
}

bool turned(const StartOptions& options, SetOption option, Switch value) {
  return std::ranges::find(options.set_options, std::pair(option, value)) !=
         options.set_options.end();
}

TEST(StartOptions, ACommandTakesNameAndParameters) {
  const auto options = parse({"-c", "echo $1", "zero", "one", "two"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->read_command);
  EXPECT_EQ(options->command, "echo $1");
  EXPECT_EQ(options->script_name(), "zero");
  EXPECT_EQ(options->parameters, (std::vector<std::string>{"one", "two"}));
}

TEST(StartOptions, AScriptComesAfterTheOptions) {
  const auto options = parse({"-x", "file", "-e", "--"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->script, "file");
  EXPECT_EQ(options->script_name(), "file");
  EXPECT_EQ(options->parameters, (std::vector<std::string>{"-e", "--"}));
  EXPECT_TRUE(turned(*options, SetOption::xtrace, Switch::on));
}

TEST(StartOptions, ClustersTakeTheirNamesFromTheWordsThatFollow) {
  const auto options = parse({"-euo", "pipefail", "+B", "-cO", "extglob", "true"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(turned(*options, SetOption::errexit, Switch::on));
  EXPECT_TRUE(turned(*options, SetOption::nounset, Switch::on));
  EXPECT_TRUE(turned(*options, SetOption::pipefail, Switch::on));
  EXPECT_TRUE(turned(*options, SetOption::braceexpand, Switch::off));
  ASSERT_EQ(options->shell_options.size(), 1u);
  EXPECT_EQ(options->shell_options[0].first, ShellOption::extglob);
  EXPECT_EQ(options->command, "true");
}

TEST(StartOptions, ANameMissingAfterOAsksForTheList) {
  const auto options = parse({"-o"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->list_set, '-');
  const auto commands = parse({"+O"});
  ASSERT_TRUE(commands);
  EXPECT_EQ(commands->list_shell, '+');
}

TEST(StartOptions, NamesOfTheProgramMatter) {
  const std::string_view sh[] = {"/bin/sh"}, login[] = {"-swebash"};
  EXPECT_TRUE(parse_start_options(sh)->as_sh);
  EXPECT_TRUE(parse_start_options(login)->login);
  EXPECT_FALSE(parse({})->login);
}

TEST(StartOptions, SayWhatIsWrong) {
  const std::vector<std::pair<std::vector<std::string_view>, std::string_view>> cases = {
      {{"--nothing"}, "swebash: --nothing: invalid option\n"},
      {{"-Z"}, "swebash: -Z: invalid option\n"},
      {{"-c"}, "swebash: -c: option requires an argument\n"},
      {{"-o", "nothing"}, "swebash: nothing: invalid option name\n"},
      {{"-O", "nothing"}, "swebash: nothing: invalid shell option name\n"},
      {{"--rcfile"}, "swebash: --rcfile: option requires an argument\n"},
  };
  for (const auto& [words, message] : cases) {
    const auto options = parse(words);
    ASSERT_FALSE(options) << message;
    EXPECT_TRUE(options.error().starts_with(message)) << options.error();
  }
}

}  // namespace
}  // namespace swebash::engine
