// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/flow.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

TEST(FlowRequest, IsTakenOnce) {
  FlowRequest request;
  EXPECT_EQ(request.take(), Flow::normal);
  request.ask_return(kFailure);
  EXPECT_EQ(request.before_return(), kFailure);
  EXPECT_EQ(request.take(), Flow::function_return);
  EXPECT_EQ(request.take(), Flow::normal);
}

TEST(FlowRequest, PassingOnKeepsTheLoopsThatAreMeant) {
  FlowRequest request;
  request.ask(Flow::loop_break, 3);
  EXPECT_EQ(request.take(), Flow::loop_break);
  EXPECT_TRUE(request.means_outer_loop());
  request.pass_on(Flow::loop_break);
  EXPECT_EQ(request.levels(), 2u);
  EXPECT_TRUE(request.means_outer_loop());
  EXPECT_FALSE(request.means_outer_loop());
}

TEST(FlowRequest, OnlyTheScriptsOwnExitIsAskedFor) {
  FlowRequest request;
  request.ask(Flow::exit);
  EXPECT_FALSE(request.exit_asked());
  request.ask_exit();
  EXPECT_TRUE(request.exit_asked());
  request.forget_exit();
  EXPECT_FALSE(request.exit_asked());
}

TEST(FlowRequest, AnAbandonedCommandIsSoUntilItIsForgotten) {
  FlowRequest request;
  request.ask(Flow::discard);
  EXPECT_TRUE(request.gives_up_line());
  EXPECT_FALSE(request.abandoned());
  request.ask_discard();
  EXPECT_TRUE(request.abandoned());
  static_cast<void>(request.take());
  EXPECT_TRUE(request.abandoned());
  request.forget_abandoned();
  EXPECT_FALSE(request.abandoned());
}

}  // namespace
}  // namespace swebash::engine
