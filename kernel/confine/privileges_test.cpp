// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/privileges.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace swebash::kernel::confine {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& one : strings) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

TEST(CutEnvironment, KeepsItsListAndWhatIsAskedFor) {
  std::vector<std::string> all = {
      "PATH=/bin",  "LC_TIME=C", "GITHUB_TOKEN=x", "LD_PRELOAD=e.so",
      "BASH_ENV=e", "EDITOR=vi", "PATHS=no",       "BASH_FUNC_f%%=() { :; }"};
  auto list = pointers(all);
  EXPECT_THAT(cut_environment(list.data(), {}), ElementsAre("PATH=/bin", "LC_TIME=C"));
  EXPECT_THAT(cut_environment(list.data(), {"EDITOR", "PATH=/usr/bin", "NEW=1", "NONE"}),
              UnorderedElementsAre("PATH=/usr/bin", "LC_TIME=C", "EDITOR=vi", "NEW=1"));
}

// /proc/PID/environ shows the memory that the environment came in.
TEST(WipeEnvironment, LeavesNothingOfWhatWasCut) {
  std::vector<std::string> all = {"PATH=/bin", "TOKEN=secret", "SWEBASH_WORKSPACE=w"};
  auto list = pointers(all);
  wipe_environment(list.data(), {"PATH=/bin"});
  EXPECT_EQ(all[0], "PATH=/bin");
  EXPECT_EQ(all[1].find_first_not_of('\0'), std::string::npos);
  EXPECT_EQ(all[2], "SWEBASH_WORKSPACE=w") << "the program reads its own settings later";
}

}  // namespace
}  // namespace swebash::kernel::confine
