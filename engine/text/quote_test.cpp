// SPDX-License-Identifier: Apache-2.0
#include "engine/text/quote.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

TEST(Quote, BackslashFormIsThatOfPrintfQ) {
  EXPECT_EQ(quote_backslash(""), "''");
  EXPECT_EQ(quote_backslash("a b"), "a\\ b");
  EXPECT_EQ(quote_backslash("a,b;{c}"), "a\\,b\\;\\{c\\}");
  EXPECT_EQ(quote_backslash("~a~ :~ =~"), "\\~a~\\ :\\~\\ =\\~");
  EXPECT_EQ(quote_backslash("#a#"), "\\#a#");
  EXPECT_EQ(quote_backslash("a\1\t2"), "$'a\\001\\t2'");
  EXPECT_EQ(quote_backslash("\xC3\xA9"), "\xC3\xA9");
  EXPECT_EQ(quote_backslash("a\xFF"
                            "b"),
            "$'a\\377b'");
}

TEST(Quote, SingleFormIsThatOfAtQ) {
  EXPECT_EQ(quote_single(""), "''");
  EXPECT_EQ(quote_single("it's"), "'it'\\''s'");
  EXPECT_EQ(quote_single("\n"), "$'\\n'");
  EXPECT_EQ(quote_single("'"), "\\'");
}

TEST(Quote, KeysAndValuesAreBareWhereTheyCanBe) {
  EXPECT_EQ(quote_key("a~,%"), "a~,%");
  EXPECT_EQ(quote_key("a$"), "\"a\\$\"");
  EXPECT_EQ(quote_key("~"), "\"~\"");
  EXPECT_EQ(quote_double("a\"b$c`d\\e!"), "\"a\\\"b\\$c\\`d\\\\e!\"");
  EXPECT_EQ(quote_trace("a\nb"), "'a\nb'");
  EXPECT_EQ(quote_trace("="), "=");
  EXPECT_EQ(quote_trace(""), "''");
}

TEST(Quote, AnsiFormDecodesToWhatItQuoted) {
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  const std::string quoted = quote_ansi(all);
  EXPECT_EQ(decode_ansi(std::string_view(quoted).substr(2, quoted.size() - 3)), all);
  EXPECT_EQ(decode_ansi("\\x41\\u00e9\\101\\q\\cA"),
            "A\xC3\xA9"
            "A\\q\x01");
  EXPECT_EQ(decode_ansi("a\\0b"), "a");
}

}  // namespace
}  // namespace swebash::engine
