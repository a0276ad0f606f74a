// SPDX-License-Identifier: Apache-2.0
#include "serve/bytes.hpp"

#include <gtest/gtest.h>

namespace swebash::serve {
namespace {

TEST(Bytes, TellsUtf8FromOtherBytes) {
  for (const char* text : {"", "plain", "gr\xC3\xBC\xC3\x9F", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text : {"\xFF", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xE2\x82", "a\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Bytes, GoThroughBase64) {
  std::string all;
  for (int i = 0; i < 256; ++i) {
    EXPECT_EQ(from_base64(to_base64(all)), all);
    all += static_cast<char>(i);
  }
  EXPECT_EQ(to_base64("hello"), "aGVsbG8=");
  for (const char* text : {"a", "ab=c", "====", "a===", "!!!!", "aGVsbG8=aGVs"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

TEST(Bytes, AreAStringOrAnObject) {
  EXPECT_EQ(to_json("x\n").dump(), R"("x\n")");
  EXPECT_EQ(to_json("\xFF").dump(), R"({"base64":"/w=="})");
  EXPECT_EQ(bytes_of(Json::parse(R"({"base64":"/w=="})")), "\xFF");
  EXPECT_EQ(bytes_of("text"), "text");
  for (const char* text : {"1", "null", "[]", "{}", R"({"base64":1})", R"({"base64":"","x":1})"}) {
    EXPECT_EQ(bytes_of(Json::parse(text)), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace swebash::serve
