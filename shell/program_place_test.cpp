// SPDX-License-Identifier: Apache-2.0
#include "shell/program_place.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <vector>

namespace swebash::shell {
namespace {

bool names(std::string_view executed, std::vector<std::string> words) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  return names_program(executed, argv);
}

TEST(ProgramPlace, IsWhatWasExecuted) {
  EXPECT_TRUE(names("/usr/bin/swebash", {"swebash", "-c", ":"}));
  EXPECT_TRUE(names("/usr/bin/swebash", {"/usr/bin/swebash"}));
  EXPECT_TRUE(names("/usr/bin/swebash", {}));
  EXPECT_TRUE(names("bin/swebash", {"swebash"}));
  EXPECT_FALSE(names("", {"swebash"}));
}

// For `#!/usr/bin/swebash -e` the kernel names the script as what was executed.
TEST(ProgramPlace, ScriptIsNotTheProgram) {
  EXPECT_FALSE(names("/srv/a/script", {"/usr/bin/swebash", "-e", "/srv/a/script", "x"}));
  EXPECT_FALSE(names("/srv/a/script", {"/usr/bin/swebash", "/srv/a/script"}));
}

TEST(ProgramPlace, FindsThisProgram) {
  std::array<char, 4096> link{};
  const auto size = readlink("/proc/self/exe", link.data(), link.size());
  ASSERT_GT(size, 0);
  const std::string_view self(link.data(), static_cast<usize>(size));
  EXPECT_EQ(find_program_directory({}), self.substr(0, self.find_last_of('/')));
}

TEST(ProgramPlace, HasItsCompanionsApartWhereItIsInstalled) {
  const auto scratch =
      std::filesystem::temp_directory_path() / ("program-place-" + std::to_string(getpid()));
  std::filesystem::create_directories(scratch / "bin");
  const std::string bin = scratch / "bin";
  EXPECT_EQ(find_companions(bin), bin) << "a build's tree";
  std::filesystem::create_directories(scratch / "libexec/swebash");
  EXPECT_TRUE(std::filesystem::equivalent(find_companions(bin), scratch / "libexec/swebash"));
  if (geteuid() == 0) {
    ASSERT_EQ(chown((scratch / "libexec/swebash").c_str(), 1, 1), 0);
    EXPECT_EQ(find_companions(bin), bin) << "another made it";
  }
  std::filesystem::remove_all(scratch);
  EXPECT_EQ(find_companions(""), "");
}

}  // namespace
}  // namespace swebash::shell
