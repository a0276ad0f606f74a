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

void decide(const char* const* words, size_t count, swebash_decision* decision, void* data) {
  ++*static_cast<int*>(data);
  if (std::strcmp(words[0], "rm") == 0) swebash_decision_deny(decision, "no");
  if (std::strcmp(words[0], "hi") == 0) {
    const char* const other[] = {"echo", "hello", count > 1 ? words[1] : ""};
    swebash_decision_rewrite(decision, other, 3);
  }
}

int resolve(const char* name, swebash_command* function, void** function_data, void* data) {
  if (std::strcmp(name, "resolved") != 0) return 0;
  *function = &count_bytes;
  *function_data = data;
  return 1;
}

std::string output_of(swebash_session* session, std::string_view script) {
  swebash_result* const result =
      swebash_session_run(session, script.data(), script.size(), nullptr);
  std::string text = swebash_result_output(result, nullptr);
  swebash_result_free(result);
  return text;
}

TEST(CApi, ForksMountsAndHooks) {
  swebash_runtime* const runtime = swebash_runtime_new(nullptr);
  swebash_session_options options = {};
  options.directory = "/tmp";
  options.deterministic = 1;
  options.time = 86400;
  swebash_session* const session = swebash_session_open_with(runtime, &options);
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(output_of(session, "echo $PWD $EPOCHSECONDS"), "/tmp 86400\n");

  const std::string directory = testing::TempDir();
  EXPECT_NE(swebash_session_mount_host(session, "/host", "/nowhere", 0), 0);
  EXPECT_EQ(swebash_session_mount_host(session, "/host", directory.c_str(), 0), 0);
  EXPECT_EQ(swebash_session_mount_overlay(session, "/over", directory.c_str(), 1000), 0);
  EXPECT_EQ(swebash_session_mount_memory(session, "/memory", 1000), 0);
  EXPECT_EQ(output_of(session,
                      "echo x > /over/f; echo y > /memory/f; cat /over/f /memory/f; "
                      "[[ -e /host/f ]] || echo none"),
            "x\ny\nnone\n");

  const char* const keys[] = {"k", "l"};
  const char* const texts[] = {"v", "w"};
  EXPECT_EQ(swebash_session_set_value(session, "m", 'A', keys, texts, 2), 0);
  swebash_value* const value = swebash_session_get_value(session, "m");
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(swebash_value_kind(value), 'A');
  EXPECT_EQ(swebash_value_count(value), 2u);
  EXPECT_STREQ(swebash_value_key(value, 1), "l");
  EXPECT_STREQ(swebash_value_text(value, 1), "w");
  swebash_value_free(value);
  EXPECT_EQ(swebash_session_get_value(session, "none"), nullptr);

  int asked = 0;
  char data[] = "data";
  EXPECT_EQ(swebash_session_set_command_hook(session, &decide, &asked), 0);
  EXPECT_EQ(swebash_session_set_command_resolver(session, &resolve, data), 0);
  EXPECT_EQ(output_of(session, "rm x; echo $?; hi you; resolved arg < /dev/null; nosuch; echo $?"),
            "126\nhello you\ndata arg 0\n127\n");
  EXPECT_EQ(asked, 6);
  EXPECT_EQ(swebash_session_set_command_hook(session, nullptr, nullptr), 0);

  swebash_snapshot* const snapshot = swebash_session_snapshot(session);
  swebash_session* const fork = swebash_session_fork(session);
  const std::string file = directory + "/c_api_snapshot";
  EXPECT_EQ(swebash_snapshot_save(snapshot, file.c_str()), 0);
  EXPECT_EQ(output_of(fork, "m[k]=changed; echo ${m[k]}"), "changed\n");
  EXPECT_EQ(output_of(session, "echo ${m[k]}; unset m"), "v\n");
  EXPECT_EQ(swebash_session_restore(session, snapshot), 0);
  EXPECT_EQ(output_of(session, "echo ${m[k]}"), "v\n");
  swebash_session* const opened = swebash_snapshot_open(runtime, snapshot);
  EXPECT_EQ(output_of(opened, "echo ${m[l]}"), "w\n");
  swebash_snapshot* const loaded = swebash_snapshot_load(runtime, file.c_str());
  ASSERT_NE(loaded, nullptr) << swebash_last_error();
  EXPECT_EQ(swebash_session_restore(session, loaded), 0) << swebash_last_error();
  EXPECT_EQ(swebash_snapshot_load(runtime, "/nowhere"), nullptr);

  swebash_run_options run_options = {};
  run_options.timeout_ns = 10'000'000'000;
  swebash_run* const run = swebash_session_start(opened, "echo out; sleep 100", 19, &run_options);
  ASSERT_NE(run, nullptr);
  swebash_run_wait_output(run, 5'000'000'000);
  size_t length = 0;
  char* const text = swebash_run_take(run, 1, &length);
  EXPECT_STREQ(text, "out\n");
  swebash_string_free(text);
  EXPECT_EQ(swebash_run_done(run), 0);
  EXPECT_EQ(swebash_run_wait_for(run, 1000), nullptr);
  EXPECT_EQ(swebash_run_signal(run, 15), 0);
  swebash_result* const result = swebash_run_wait(run);
  EXPECT_EQ(swebash_result_status(result), 143);
  EXPECT_EQ(swebash_result_end(result), SWEBASH_INTERRUPTED);
  swebash_result_free(result);
  swebash_run_free(run);

  swebash_snapshot_free(snapshot);
  swebash_snapshot_free(loaded);
  swebash_session_free(fork);
  swebash_session_free(opened);
  swebash_session_free(session);
  swebash_runtime_free(runtime);
}

}  // namespace
