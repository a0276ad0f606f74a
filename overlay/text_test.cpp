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
  EXPECT_EQ(quoted("\x9b"), "\"\\233\"");
  EXPECT_EQ(quoted("a\u202etxt.exe"), "\"a\\342\\200\\256txt.exe\"");
  EXPECT_EQ(quoted("ě 🙂"), "ě 🙂") << "a byte of a character is no control";
}

TEST(Harmless, HasNoControlCharacters) {
  EXPECT_EQ(harmless("+\033[2J\tx\x7f\r"), "+^[[2J\tx^?^M");
  EXPECT_EQ(harmless("é\xc2\x9bz"), "é?z");
  EXPECT_EQ(harmless("a\x9b"
                     "2J\xe2"),
            "a?2J\xe2");
  EXPECT_EQ(harmless("ě 🙂 €"), "ě 🙂 €");
}

TEST(Harmless, IsReadInTheOrderThatItHas) {
  EXPECT_EQ(harmless("a\u202eb\u2066c\u2069d\u200fe\u061cf"), "a?b?c?d?e?f");
}

TEST(SizeText, HasUnits) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1500), "1.5 KB");
  EXPECT_EQ(size_text(40'000'000'000), "40.0 GB");
}

}  // namespace
}  // namespace swebash::overlay
