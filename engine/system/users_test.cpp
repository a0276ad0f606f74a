// SPDX-License-Identifier: Apache-2.0
#include "engine/system/users.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

using testing::ElementsAre;

constexpr const char* kLines =
    "root:x:0:0:root:/root:/bin/bash\n"
    "\n"
    "broken\n"
    ":x:7:7::/nowhere:\n"
    "short:x:12\n"
    "ann:x:1000:1000:Ann,,,:/homes/ann:/bin/sh\n"
    "ann2:x:1000:1000::/homes/other:/bin/sh";

TEST(AccountFile, FindsTheFirstNameOfANumber) {
  AccountFile users = AccountFile::of_text(kLines);
  EXPECT_EQ(users.name_of(0), "root");
  EXPECT_EQ(users.name_of(1000), "ann");
  EXPECT_EQ(users.name_of(12), "short");
  EXPECT_EQ(users.name_of(100), std::nullopt);
  EXPECT_EQ(users.name_of(7), std::nullopt) << "a line without a name names nobody";
}

TEST(AccountFile, FindsHomesByTheWholeName) {
  AccountFile users = AccountFile::of_text(kLines);
  EXPECT_EQ(users.home_of("ann"), "/homes/ann");
  EXPECT_EQ(users.home_of("ann2"), "/homes/other");
  EXPECT_EQ(users.home_of("an"), std::nullopt);
  EXPECT_EQ(users.home_of("short"), std::nullopt);
  EXPECT_EQ(users.home_of(""), std::nullopt);
}

TEST(AccountFile, ListsNamesInOrder) {
  EXPECT_THAT(AccountFile::of_text(kLines).names(), ElementsAre("root", "short", "ann", "ann2"));
}

TEST(AccountFile, IsEmptyWithoutAFile) {
  AccountFile users("/nonexistent/passwd");
  EXPECT_EQ(users.name_of(0), std::nullopt);
  EXPECT_THAT(users.names(), ElementsAre());
}

}  // namespace
}  // namespace swebash::engine
