// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "swebash/swebash.h"

namespace {

int count_bytes(swebash_call* call, void* data) {
  char buffer[7];
  long count = 0;
  ptrdiff_t got;
  while ((got = swebash_call_read(call, buffer, sizeof buffer)) > 0) count += got;
  const std::string text = std::string(static_cast<const char*>(data)) + " " +
                           swebash_call_argument(call, 1) + " " + std::to_string(count) + "\n";
  EXPECT_EQ(swebash_call_write(call, text.data(), text.size()), 0);
  EXPECT_EQ(swebash_call_argument(call, 2), nullptr);
  return static_cast<int>(swebash_call_argument_count(call));
}

TEST(CApi, DoesWhatTheClassesDo) {
  EXPECT_EQ(swebash_runtime_new("/nowhere"), nullptr);
  EXPECT_NE(std::strstr(swebash_last_error(), "/nowhere"), nullptr) << swebash_last_error();
  swebash_runtime* const runtime = swebash_runtime_new(nullptr);
  ASSERT_NE(runtime, nullptr) << swebash_last_error();
  swebash_session* const session = swebash_session_open(runtime);
  swebash_runtime_free(runtime);
  ASSERT_NE(session, nullptr);

  char data[] = "data";
  EXPECT_EQ(swebash_session_add_command(session, "count", &count_bytes, data), 0);
  EXPECT_EQ(swebash_session_set_env(session, "WHO", "world"), 0);
  EXPECT_NE(swebash_session_set_env(session, "1", "world"), 0);
  EXPECT_EQ(swebash_session_write_file(session, "f", "12345", 5), 0);
  const std::string script = "cat; count $WHO < f; exit $?";
  swebash_run_options options = {};
  options.input = "input\n";
  options.input_length = 6;
  swebash_result* result = swebash_session_run(session, script.data(), script.size(), &options);
  size_t length = 0;
  EXPECT_STREQ(swebash_result_output(result, &length), "input\ndata world 5\n");
  EXPECT_EQ(length, 19u);
  EXPECT_STREQ(swebash_result_errors(result, nullptr), "");
  EXPECT_EQ(swebash_result_status(result), 2);
  EXPECT_EQ(swebash_result_end(result), SWEBASH_FINISHED);
  EXPECT_GT(swebash_result_wall_ns(result), 0u);
  swebash_result_free(result);

  options = {};
  options.timeout_ns = 20'000'000;
  result = swebash_session_run(session, "while :; do :; done", 19, &options);
  EXPECT_EQ(swebash_result_end(result), SWEBASH_TIMED_OUT);
  EXPECT_EQ(swebash_result_status(result), 124);
  swebash_result_free(result);

  char* const value = swebash_session_get_env(session, "WHO");
  EXPECT_STREQ(value, "world");
  swebash_string_free(value);
  EXPECT_EQ(swebash_session_get_env(session, "NONE"), nullptr);
  char* const text = swebash_session_read_file(session, "/home/user/f", &length);
  EXPECT_STREQ(text, "12345");
  swebash_string_free(text);
  EXPECT_EQ(swebash_session_remove(session, "f"), 0);
  EXPECT_NE(swebash_session_remove(session, "f"), 0);
  EXPECT_EQ(swebash_session_ended(session), 0);
  swebash_session_free(session);
}

}  // namespace
