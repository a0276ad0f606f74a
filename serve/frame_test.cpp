// SPDX-License-Identifier: Apache-2.0
#include "serve/frame.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace swebash::serve {
namespace {

constexpr usize kLimit = 1000;

std::vector<std::string> messages_of(std::string_view stream, usize step) {
  FrameReader reader(kLimit);
  std::vector<std::string> found;
  for (usize at = 0; at < stream.size(); at += step) {
    reader.add(stream.substr(at, step));
    while (true) {
      const auto next = reader.next();
      EXPECT_TRUE(next.has_value());
      if (!next.has_value() || !next->has_value()) break;
      found.push_back(**next);
    }
  }
  EXPECT_FALSE(reader.within_frame());
  return found;
}

TEST(FrameReader, ReadsWhatFrameWritesHoweverItIsCut) {
  const std::string stream = frame("one") + frame("") + frame(std::string(kLimit, 'x'));
  for (const usize step : {usize{1}, usize{2}, usize{7}, usize{100}, usize{100000}}) {
    EXPECT_EQ(messages_of(stream, step),
              (std::vector<std::string>{"one", "", std::string(kLimit, 'x')}));
  }
}

TEST(FrameReader, TakesOtherHeadersAndLineEnds) {
  EXPECT_EQ(messages_of("Content-Type: x\r\ncontent-length:2\r\n\r\nhi", 3),
            std::vector<std::string>{"hi"});
  EXPECT_EQ(messages_of("CONTENT-LENGTH : 2 \n\nhi", 3), std::vector<std::string>{"hi"});
}

struct Bad {
  std::string_view stream;
  FrameFault fault;
};

TEST(FrameReader, RefusesWhatIsNoFrameAndGoesOnRefusing) {
  const std::string endless(FrameReader::kMostHeaders, 'a');
  const Bad cases[] = {
      {"\r\n", FrameFault::bad_header},
      {"hello\r\n\r\n", FrameFault::bad_header},
      {"Content-Length: \r\n\r\n", FrameFault::bad_header},
      {"Content-Length: -1\r\n\r\n", FrameFault::bad_header},
      {"Content-Length: 3x\r\n\r\n", FrameFault::bad_header},
      {"Content-Type: x\r\n\r\n", FrameFault::bad_header},
      {endless, FrameFault::bad_header},
      {"Content-Length: 1001\r\n", FrameFault::too_long},
      {"Content-Length: 1073741824\r\n", FrameFault::too_long},
      {"Content-Length: 99999999999999999999999999\r\n", FrameFault::too_long},
  };
  for (const Bad& bad : cases) {
    FrameReader reader(kLimit);
    reader.add(bad.stream);
    for (int i = 0; i < 2; ++i) {
      const auto next = reader.next();
      ASSERT_FALSE(next.has_value()) << bad.stream;
      EXPECT_EQ(next.error(), bad.fault) << bad.stream;
      reader.add(frame("good"));
    }
    EXPECT_EQ(reader.held(), 0U);
  }
}

TEST(FrameReader, KnowsHalfAFrame) {
  FrameReader reader(kLimit);
  EXPECT_FALSE(reader.within_frame());
  reader.add("Content-Length: 4\r\n\r\nha");
  EXPECT_EQ(reader.next().value(), std::nullopt);
  EXPECT_TRUE(reader.within_frame());
  reader.add("lf");
  EXPECT_EQ(reader.next().value(), "half");
  EXPECT_FALSE(reader.within_frame());
}

}  // namespace
}  // namespace swebash::serve
