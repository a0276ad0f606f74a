// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/temporary.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace swebash::kernel::confine {
namespace {

namespace fs = std::filesystem;

class Temporary : public ::testing::Test {
 protected:
  Temporary() {
    std::string name = "/tmp/temporary-XXXXXX";
    base_ = ::mkdtemp(name.data());
  }
  ~Temporary() override { fs::remove_all(base_); }
  std::string base_;
};

TEST_F(Temporary, IsThereForItsOwnerAlone) {
  const auto made = make_temporary_folder(base_);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(fs::status(made->path).permissions(), fs::perms::owner_all);
  ::close(made->lock);
}

TEST_F(Temporary, OfASessionThatWasKilledGoesWithTheNext) {
  const auto killed = make_temporary_folder(base_);
  const auto living = make_temporary_folder(base_);
  ASSERT_TRUE(killed.has_value() && living.has_value());
  std::ofstream(killed->path + "/file") << "x";
  ::close(killed->lock);
  const auto next = make_temporary_folder(base_);
  ASSERT_TRUE(next.has_value());
  EXPECT_FALSE(fs::exists(killed->path));
  EXPECT_TRUE(fs::exists(living->path));
  ::close(living->lock);
  ::close(next->lock);
}

TEST_F(Temporary, OfASessionThatWasKilledGoesWithAllThatIsInIt) {
  const auto killed = make_temporary_folder(base_);
  ASSERT_TRUE(killed.has_value());
  for (int i = 0; i < 300; ++i) {
    const std::string name = killed->path + "/a folder with a long name " + std::to_string(i);
    fs::create_directories(name);
    if (i % 2 == 0) std::ofstream(name + "/file") << "x";
  }
  ::close(killed->lock);
  const auto next = make_temporary_folder(base_);
  ASSERT_TRUE(next.has_value());
  EXPECT_FALSE(fs::exists(killed->path));
  ::close(next->lock);
}

TEST_F(Temporary, IsNotMadeInAFolderThatOthersCanWrite) {
  const std::string above = base_ + "/swebash-" + std::to_string(::geteuid());
  fs::create_directories(above);
  fs::permissions(above, fs::perms::all);
  EXPECT_FALSE(make_temporary_folder(base_).has_value());
  fs::remove(above);
  fs::create_directory_symlink("/etc", above);
  EXPECT_FALSE(make_temporary_folder(base_).has_value());
}

TEST_F(Temporary, TreesAreRemovedWithoutFollowingLinks) {
  fs::create_directories(base_ + "/tree/deep/er");
  fs::create_directories(base_ + "/outside");
  std::ofstream(base_ + "/outside/file") << "x";
  fs::create_directory_symlink("../../outside", base_ + "/tree/deep/link");
  const int folder = ::open((base_ + "/tree").c_str(), O_RDONLY | O_DIRECTORY);
  remove_all_in(folder);
  ::close(folder);
  EXPECT_TRUE(fs::is_empty(base_ + "/tree"));
  EXPECT_TRUE(fs::exists(base_ + "/outside/file"));
}

}  // namespace
}  // namespace swebash::kernel::confine
