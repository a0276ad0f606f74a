// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/call_stack.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

TEST(CallStack, AFunctionHasNoLoopsOfItsCaller) {
  CallStack calls;
  calls.enter_loop();
  calls.enter_loop();
  calls.push_function().name = "f";
  EXPECT_EQ(calls.loops(), 0u);
  EXPECT_EQ(calls.functions(), 1u);
  calls.enter_loop();
  calls.pop();
  EXPECT_EQ(calls.loops(), 2u);
  EXPECT_EQ(calls.functions(), 0u);
}

TEST(CallStack, AFileSharesTheLoopsAroundIt) {
  CallStack calls;
  calls.enter_loop();
  calls.push_file({.name = "source", .source_file = "x"});
  EXPECT_EQ(calls.loops(), 1u);
  EXPECT_FALSE(calls.can_return()) << "what runs it says so by itself";
  calls.enter_file();
  EXPECT_TRUE(calls.can_return());
  calls.leave_file();
  calls.pop();
  EXPECT_TRUE(calls.empty());
}

TEST(CallStack, FindsTheInnermostFunction) {
  CallStack calls;
  EXPECT_EQ(calls.innermost_function(), nullptr);
  calls.push_function().name = "outer";
  calls.push_function().name = "inner";
  calls.push_file({.name = "source"});
  ASSERT_NE(calls.innermost_function(), nullptr);
  EXPECT_EQ(calls.innermost_function()->name, "inner");
  calls.clear();
  EXPECT_EQ(calls.innermost_function(), nullptr);
  EXPECT_EQ(calls.functions(), 0u);
}

TEST(CallStack, NotesTheFirstArgumentsOnce) {
  CallStack calls;
  const std::string first[] = {"a", "b"}, later[] = {"c"};
  EXPECT_FALSE(calls.first_arguments());
  calls.note_first_arguments(first);
  calls.note_first_arguments(later);
  ASSERT_TRUE(calls.first_arguments());
  EXPECT_EQ(calls.first_arguments()->size(), 2u);
}

}  // namespace
}  // namespace swebash::engine
