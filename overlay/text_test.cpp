// SPDX-License-Identifier: Apache-2.0
#include "overlay/text.hpp"

#include <gtest/gtest.h>

namespace swebash::overlay {
namespace {

TEST(Quoted, IsANameOnOneLine) {
  EXPECT_EQ(quoted("plain name"), "plain name");
  EXPECT_EQ(quoted("é"), "é");
  EXPECT_EQ(quoted("a\nb"), "\"a\\nb\"");
  EXPECT_EQ(quoted("a\"\\"), "\"a\\\"\\\\\"");
  EXPECT_EQ(quoted("\033[2J"), "\"\\033[2J\"");
  EXPECT_EQ(quoted("\xc2\x9b"), "\"\\302\\233\"");
}

TEST(Harmless, HasNoControlCharacters) {
  EXPECT_EQ(harmless("+\033[2J\tx\x7f\r"), "+^[[2J\tx^?^M");
  EXPECT_EQ(harmless("é\xc2\x9bz"), "é?z");
}

TEST(SizeText, HasUnits) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1500), "1.5 KB");
  EXPECT_EQ(size_text(40'000'000'000), "40.0 GB");
}

}  // namespace
}  // namespace swebash::overlay
