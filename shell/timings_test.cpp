// SPDX-License-Identifier: Apache-2.0
#include "shell/timings.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>

namespace swebash::shell {
namespace {

StartTimings example() {
  StartTimings timings;
  timings.start = 1'000'000;
  timings.before_load = 1'020'000;
  timings.story.tier = modcache::Tier::ahead_of_time;
  timings.story.engine_us = 30;
  timings.story.module_us = 200;
  timings.story.template_us = 50;
  timings.before_instance = 1'300'000;
  timings.before_run = 1'325'000;
  timings.after_run = 1'425'000;
  return timings;
}

std::string read_whole(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Timings, TextSaysWhatTookHowLong) {
  const std::string text = timings_text(example());
  EXPECT_NE(text.find("module            200 us  (aot)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("instantiate        25 us\n"), std::string::npos) << text;
  EXPECT_NE(text.find("first byte         -1 us"), std::string::npos) << text;
}

TEST(Timings, TraceLaysTheStepsEndToEnd) {
  const std::string trace = timings_trace(example(), 42);
  EXPECT_NE(
      trace.find(
          R"({"name":"engine","cat":"start","ph":"X","pid":42,"tid":42,"ts":1020,"dur":30},)"),
      std::string::npos)
      << trace;
  EXPECT_NE(trace.find(R"("ts":1050,"dur":200,"args":{"how":"aot"}},)"), std::string::npos)
      << trace;
  EXPECT_EQ(trace.find("first byte"), std::string::npos) << "there was no output";
}

TEST(Timings, ManyStartsShareOneList) {
  const std::string path = ::testing::TempDir() + "trace-" + std::to_string(getpid());
  ASSERT_EQ(append_trace(path, example(), 1), 0);
  ASSERT_EQ(append_trace(path, example(), 2), 0);
  const std::string text = read_whole(path);
  EXPECT_TRUE(text.starts_with("[\n{")) << text;
  EXPECT_EQ(text.find('[', 1), std::string::npos) << text;
  EXPECT_NE(text.find("\"pid\":2"), std::string::npos) << text;
  unlink(path.c_str());
}

TEST(Timings, FileThatCannotBeMadeIsAnError) {
  EXPECT_EQ(append_trace("/nonexistent/trace", example(), 1), ENOENT);
}

}  // namespace
}  // namespace swebash::shell
