// SPDX-License-Identifier: Apache-2.0
// What somebody plants in the upper layer, or in the workspace, to have apply() write elsewhere.
#include <sys/syscall.h>

#include <atomic>
#include <thread>

#include "overlay/testing.hpp"

namespace swebash::overlay {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

class Planted : public OverlayTest {};

TEST_F(Planted, ALinkIsTakenAsALink) {
  write("w/d/f", "x");
  begin();
  std::filesystem::create_symlink(root + "/out", root + "/kept/upper/d");
  EXPECT_TRUE(apply_all().done);
  EXPECT_TRUE(std::filesystem::is_symlink(root + "/w/d"));
  EXPECT_EQ(read("out/secret"), "secret");
}

TEST_F(Planted, ALinkInPlaceOfAFolderBelowIsNotFollowed) {
  write("w/d/secret", "x");
  begin();
  write("kept/upper/d/secret", "mine");
  std::filesystem::rename(root + "/w/d", root + "/aside");
  std::filesystem::create_symlink(root + "/out", root + "/w/d");
  EXPECT_THAT(apply_all().conflicts, Not(IsEmpty()));
  EXPECT_EQ(read("out/secret"), "secret");
}

TEST_F(Planted, NoFileBecomesSetUserId) {
  begin();
  write("kept/upper/f", "x");
  ASSERT_EQ(::chmod((root + "/kept/upper/f").c_str(), 06755), 0);
  EXPECT_TRUE(apply_all().done);
  struct stat about{};
  ASSERT_EQ(::stat((root + "/w/f").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0755U);
}

TEST_F(Planted, MarksThatLeadElsewhereAreRefused) {
  begin();
  write("kept/upper/d/f", "x");
  mark("kept/upper/d", "redirect");
  write("kept/upper/meta", "x");
  mark("kept/upper/meta", "metacopy");
  const Outcome outcome = apply_all();
  EXPECT_THAT(outcome.failed, ElementsAre(Field(&Change::path, "d"), Field(&Change::path, "meta")));
  EXPECT_FALSE(is_there("w/d"));
  EXPECT_FALSE(is_there("w/meta"));
}

TEST_F(Planted, MarksAreNotTaken) {
  begin();
  write("kept/upper/f", "x");
  mark("kept/upper/f", "opaque");
  ASSERT_EQ(::setxattr((root + "/kept/upper/f").c_str(), "user.mine", "y", 1, 0), 0);
  EXPECT_TRUE(apply_all().done);
  EXPECT_EQ(::getxattr((root + "/w/f").c_str(), "user.overlay.opaque", nullptr, 0), -1);
  EXPECT_EQ(::getxattr((root + "/w/f").c_str(), "user.mine", nullptr, 0), 1);
}

TEST_F(Planted, SocketsAreLeftOut) {
  begin();
  ASSERT_EQ(::mknod((root + "/kept/upper/s").c_str(), S_IFSOCK | 0600, 0), 0);
  EXPECT_THAT(apply_all().failed, ElementsAre(Field(&Change::path, "s")));
  EXPECT_FALSE(is_there("w/s"));
}

TEST_F(Planted, TheNameOfWhatIsNotYetInPlaceIsNoWay) {
  begin();
  const std::string leftover = ".swebash-apply-" + folder.about.id;
  write("kept/upper/f", "mine");
  std::filesystem::create_symlink(root + "/out/secret", root + "/w/" + leftover);
  EXPECT_TRUE(apply_all().done);
  EXPECT_EQ(read("out/secret"), "secret");
  EXPECT_EQ(read("w/f"), "mine");
}

TEST_F(Planted, AFileOfTheLayerThatIsALinkByNowIsNotRead) {
  begin();
  write("kept/upper/f", "mine");
  const auto layers = open_layers(folder);
  std::vector<Change> changes = find_changes(*layers);
  std::filesystem::remove(root + "/kept/upper/f");
  std::filesystem::create_symlink(root + "/out/secret", root + "/kept/upper/f");
  EXPECT_FALSE(open_file_at(layers->upper.get(), "f"));
}

// A folder of the workspace changes places with a link to a folder outside, as fast as it can.
TEST_F(Planted, ALinkThatIsSwappedInMeanwhileLeadsNowhere) {
  constexpr unsigned kExchange = 2;
  write("w/d/in/secret", "x");
  write("out/in/secret", "secret");
  std::filesystem::create_symlink(root + "/out", root + "/link");
  begin();
  std::atomic<bool> over = false;
  std::thread swapper([&] {
    const std::string one = root + "/w/d", other = root + "/link";
    while (!over) {
      ::syscall(SYS_renameat2, AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), kExchange);
    }
  });
  for (int i = 0; i < 12; ++i) {
    write("kept/upper/d/in/secret", "mine" + std::to_string(i));
    for (int k = 0; k < 100; ++k) {
      write("kept/upper/d/in/new" + std::to_string(i) + "." + std::to_string(k), "mine");
    }
    write("kept/applying", "");  // or the folder's times alone would be reason enough
    const auto layers = open_layers(folder);
    ASSERT_TRUE(layers.has_value());
    write("kept/upper/rest", "x");
    [[maybe_unused]] const Outcome outcome = apply(folder, *layers, {"d"});
  }
  over = true;
  swapper.join();
  EXPECT_EQ(read("out/in/secret"), "secret");
  usize names = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(root + "/out/in")) {
    ++names;
  }
  EXPECT_EQ(names, 1U);
}

}  // namespace
}  // namespace swebash::overlay
