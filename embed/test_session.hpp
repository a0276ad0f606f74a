// SPDX-License-Identifier: Apache-2.0
//
// SessionTest: what the tests of sessions share: a runtime, and a session of it for each test.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "swebash/swebash.hpp"

namespace swebash {

class SessionTest : public testing::Test {
 protected:
  static Runtime& runtime() {
    static Runtime one = Runtime::create().value();
    return one;
  }
  static Session open(const SessionOptions& options = {}) {
    return runtime().open(options).value();
  }
  static std::string output_of(Session& session, std::string_view script) {
    const RunResult result = session.run(script);
    EXPECT_EQ(result.errors, "");
    EXPECT_EQ(result.end, RunEnd::finished);
    return result.output;
  }

  RunResult run(std::string_view script, const RunOptions& options = {}) {
    return session_.run(script, options);
  }
  std::string output_of(std::string_view script) { return output_of(session_, script); }

  Session session_ = open();
};

}  // namespace swebash
