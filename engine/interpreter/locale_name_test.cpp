// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/locale_name.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

TEST(LocaleName, KnowsThoseOfUtf8) {
  for (const auto* name : {"C.UTF-8", "C.utf8", "en_US.UTF-8", "de_DE.utf-8@euro"}) {
    EXPECT_TRUE(names_utf8(name)) << name;
  }
  for (const auto* name : {"", "C", "POSIX", "en_US", "en_US.ISO-8859-1"}) {
    EXPECT_FALSE(names_utf8(name)) << name;
  }
}

TEST(LocaleName, TakesWhatALocaleMayBeCalled) {
  for (const auto* name : {"", "C", "POSIX", "C.UTF-8", "en", "en_US", "kok_IN@x", ".UTF-8"}) {
    EXPECT_TRUE(names_locale(name)) << name;
  }
  for (const auto* name : {"x", "nosuch", "1_US", "ja_JP.eucJP", "zh_TW.Big5", "ja_JP.SJIS"}) {
    EXPECT_FALSE(names_locale(name)) << name;
  }
}

}  // namespace
}  // namespace swebash::engine
