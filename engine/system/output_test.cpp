// SPDX-License-Identifier: Apache-2.0
#include "engine/system/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace swebash::engine {
namespace {

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() { EXPECT_EQ(pipe(ends), 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  std::string taken() {
    char buffer[65536];
    const ssize_t count = read(ends[0], buffer, sizeof buffer);
    return count > 0 ? std::string(buffer, static_cast<size_t>(count)) : std::string();
  }
};

TEST(Output, WritesWhatCollectedWhenFlushed) {
  Pipe pipe;
  fcntl(pipe.ends[0], F_SETFL, O_NONBLOCK);
  Output out(pipe.ends[1]);
  out.put("one ");
  out.put('t');
  out.put_number(-12);
  EXPECT_EQ(pipe.taken(), "") << "nothing goes before it must";
  EXPECT_TRUE(out.flush());
  EXPECT_EQ(pipe.taken(), "one t-12");
}

TEST(Output, KeepsOrderAcrossItsCapacity) {
  Pipe pipe;
  Output out(pipe.ends[1]);
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    out.put_number(i);
    out.put(' ');
    expected += std::to_string(i) + " ";
  }
  EXPECT_TRUE(out.flush());
  std::string got;
  while (got.size() < expected.size()) got += pipe.taken();
  EXPECT_EQ(got, expected);
}

TEST(Output, KeepsTheFirstErrorAndDropsTheRest) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  Output out(full);
  out.put("lost");
  EXPECT_FALSE(out.flush());
  EXPECT_EQ(out.error(), Errno::nospc);
  out.put("dropped");
  EXPECT_FALSE(out.flush());
  out.clear_error();
  EXPECT_EQ(out.error(), std::nullopt);
  close(full);
}

TEST(Output, AppendsToTextWithoutWriting) {
  std::string text = "before ";
  Output out(text);
  out.put("after");
  EXPECT_TRUE(out.flush());
  EXPECT_EQ(text, "before after");
}

}  // namespace
}  // namespace swebash::engine
