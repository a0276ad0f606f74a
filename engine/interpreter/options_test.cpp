// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/options.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

TEST(Options, FindsEachRowByItsName) {
  for (const SetOptionRow& row : Options::set_rows()) {
    const auto found = Options::find_set(row.name);
    ASSERT_TRUE(found) << row.name;
    EXPECT_EQ(Options::set_rows()[static_cast<usize>(*found)].name, row.name);
  }
  for (const std::string_view name : Options::shell_rows()) {
    const auto found = Options::find_shell(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(Options::shell_rows()[static_cast<usize>(*found)], name);
  }
}

TEST(Options, KnowsNoOtherNames) {
  EXPECT_FALSE(Options::find_set("errexi"));
  EXPECT_FALSE(Options::find_set(""));
  EXPECT_FALSE(Options::find_shell("extglobs"));
  EXPECT_FALSE(Options::find_letter('Z'));
  EXPECT_FALSE(Options::find_letter('\0'));
}

TEST(Options, LettersStandInTheOrderOfTheirTable) {
  Options options;
  EXPECT_EQ(options.letters(), "hB");
  options.turn(SetOption::xtrace, Switch::on);
  options.turn(SetOption::errexit, Switch::on);
  options.turn(SetOption::noclobber, Switch::on);
  EXPECT_EQ(options.letters(), "ehxBC");
  options.turn(SetOption::errexit, Switch::off);
  EXPECT_EQ(options.letters(), "hxBC");
}

TEST(Options, NamesAreJoinedByColons) {
  Options options;
  EXPECT_EQ(options.set_names(), "braceexpand:hashall:interactive-comments");
  options.turn(SetOption::pipefail, Switch::on);
  EXPECT_EQ(options.set_names(), "braceexpand:hashall:interactive-comments:pipefail");
  options.turn(ShellOption::extglob, Switch::on);
  EXPECT_NE((":" + options.shell_names() + ":").find(":extglob:"), std::string::npos);
}

}  // namespace
}  // namespace swebash::engine
