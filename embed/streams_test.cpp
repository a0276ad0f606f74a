// SPDX-License-Identifier: Apache-2.0
#include "embed/streams.hpp"

#include <gtest/gtest.h>

namespace swebash::embed {
namespace {

void put(OutputStream& stream, std::string_view text) {
  EXPECT_EQ(stream.write(std::span(text.data(), text.size()), kernel::Wait::no), text.size());
}

TEST(OutputStream, KeepsAllThatFits) {
  OutputStream stream;
  stream.begin(10, nullptr);
  put(stream, "0123");
  put(stream, "456789");
  const auto written = stream.end();
  EXPECT_EQ(written.text, "0123456789");
  EXPECT_EQ(written.bytes, 10u);
  EXPECT_FALSE(written.cut);
}

TEST(OutputStream, KeepsBothEndsOfWhatDoesNot) {
  OutputStream stream;
  stream.begin(10, nullptr);
  for (int i = 0; i < 10'000; ++i) put(stream, "abcdefghij");
  put(stream, "0123456789");
  const auto written = stream.end();
  EXPECT_TRUE(written.text.starts_with("abcde\n[")) << written.text;
  EXPECT_TRUE(written.text.ends_with("56789")) << written.text;
  EXPECT_EQ(written.bytes, 100'010u);
  EXPECT_TRUE(written.cut);
  EXPECT_NE(written.text.find("[100000 bytes"), std::string::npos) << written.text;
}

TEST(OutputStream, WhatComesBetweenRunsShowsInTheNext) {
  OutputStream stream;
  put(stream, "early ");
  stream.begin(100, nullptr);
  put(stream, "late");
  EXPECT_EQ(stream.end().text, "early late");
  put(stream, "more");
  std::string told;
  const OutputStream::Sink sink = [&](std::string_view text) { told += text; };
  stream.begin(100, sink);
  put(stream, "!");
  EXPECT_EQ(told, "more!");
  EXPECT_EQ(stream.end().text, "");
}

TEST(InputStream, GivesLinesAndItsEnd) {
  InputStream stream;
  stream.begin("one\ntwo");
  char buffer[10];
  EXPECT_EQ(stream.read_until(buffer, '\n'), 4u);
  EXPECT_EQ(stream.read_until(buffer, '\n'), 3u);
  EXPECT_EQ(stream.read(buffer, kernel::Wait::no), 0u);
  stream.begin("x");
  EXPECT_EQ(stream.read(buffer, kernel::Wait::no), 1u);
}

}  // namespace
}  // namespace swebash::embed
