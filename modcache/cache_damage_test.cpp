// SPDX-License-Identifier: Apache-2.0
//
// Entries and files of the cache that are damaged, not what they should be, or of others.
#include "modcache/testing/cache_fixture.hpp"

namespace modcache {
namespace {

using namespace testing;

TEST_F(CacheTest, EveryFlippedByteIsAMissThatIsReplaced) {
  load_ok(*open());
  const std::string file = entry_files(directory_.path()).at(0);
  const std::string whole = read_file(file);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
    write_file(file, flipped);
    const Report report = load_ok(*open());
    ASSERT_EQ(report.miss, MissReason::corrupt) << at;
    ASSERT_TRUE(report.published) << at;
    ASSERT_EQ(load_ok(*open()).tier, Tier::cache) << at;
  }
  EXPECT_EQ(open()->stats().misses[static_cast<int>(MissReason::corrupt)], whole.size());
}

TEST_F(CacheTest, EveryTruncationIsAMiss) {
  load_ok(*open());
  const std::string file = entry_files(directory_.path()).at(0);
  const std::string whole = read_file(file);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write_file(file, whole.substr(0, length));
    ASSERT_EQ(load_ok(*open()).miss, MissReason::corrupt) << length;
  }
  write_file(file, whole + "more");
  EXPECT_EQ(load_ok(*open()).miss, MissReason::corrupt);
}

TEST_F(CacheTest, AStampDoesNotOutliveAChange) {
  files_.clock_shift_ns = kLater;
  load_ok(*open());
  load_ok(*open());
  ASSERT_EQ(load_ok(*open()).checked, Checked::by_stamp);
  const std::string file = entry_files(directory_.path()).at(0);
  std::string whole = read_file(file);
  whole[3] = static_cast<char>(whole[3] ^ 1);
  // Within one tick of the file system's clock a change shows in no time: what the two seconds that
  // the shifted clock skips are for.
  const auto published = std::filesystem::last_write_time(file);
  do {
    write_file(file, whole);
  } while (std::filesystem::last_write_time(file) == published);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::corrupt);
}

TEST_F(CacheTest, AnEntryUnderAnothersNameIsNotTaken) {
  load_ok(*open(), module_text("one"));
  const std::string one = entry_files(directory_.path()).at(0);
  const std::string content = read_file(one);
  std::filesystem::remove(one);
  load_ok(*open(), module_text("two"));
  const std::string two = entry_files(directory_.path()).at(0);
  write_file(two, content);
  const Report report = load_ok(*open(), module_text("two"));
  EXPECT_EQ(report.miss, MissReason::stale);
  EXPECT_TRUE(report.published);
  EXPECT_EQ(load_ok(*open(), module_text("two")).tier, Tier::cache);
}

TEST_F(CacheTest, OddThingsWhereAnEntryShouldBe) {
  load_ok(*open());
  const std::string file = entry_files(directory_.path()).at(0);
  const std::string whole = read_file(file);

  std::filesystem::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::foreign);
  EXPECT_EQ(load_ok(*open()).tier, Tier::cache) << "the FIFO is replaced";

  std::filesystem::remove(file);
  write_file(directory_ / "elsewhere", whole);
  std::filesystem::create_symlink(directory_ / "elsewhere", file);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::foreign);
  EXPECT_EQ(load_ok(*open()).tier, Tier::cache);

  ::chmod(file.c_str(), 0666);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::foreign);

  for (const char* inner : {"", "/some/tree", "/link"}) {
    std::filesystem::remove(file);
    std::filesystem::create_directories(file);
    if (std::string_view(inner) == "/link") {
      std::filesystem::create_symlink(directory_.path(), file + inner);
    } else {
      std::filesystem::create_directories(file + inner);
    }
    EXPECT_EQ(load_ok(*open()).miss, MissReason::foreign) << inner;
    EXPECT_EQ(load_ok(*open()).tier, Tier::cache) << inner << ": the directory is replaced";
    EXPECT_EQ(read_file(directory_ / "elsewhere"), whole) << "a link is not followed";
  }
}

TEST_F(CacheTest, WhatIsNoEntryGoesWhenPrunedOrCleared) {
  for (const bool clears : {false, true}) {
    load_ok(*open());
    const std::string file = entry_files(directory_.path()).at(0);
    std::filesystem::remove(file);
    std::filesystem::create_directories(file + "/some/tree");
    const auto pruned = clears ? open()->clear() : open()->prune(1 << 20, 0);
    ASSERT_TRUE(pruned);
    EXPECT_EQ(pruned->entries, 1U) << clears;
    EXPECT_FALSE(std::filesystem::exists(file)) << clears;
  }
}

TEST_F(CacheTest, AGiantManifestOrFileIsNotRead) {
  load_ok(*open());
  const std::string file = entry_files(directory_.path()).at(0);
  std::filesystem::resize_file(file, 1ULL << 30);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::corrupt);
}

// Puts something odd at `path`, where a plain file is expected.
void put_oddity(int kind, const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
  switch (kind) {
    case 0: std::filesystem::create_directory(path); break;
    case 1: ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); break;
    case 2: std::filesystem::create_symlink(path, path); break;
    case 3: std::filesystem::create_symlink("/dev/zero", path); break;
    case 4: write_file(path, std::string(100'000, '\xff')); break;
    case 5: write_file(path, ""); break;
    default: write_file(path, "not to be read"); ::chmod(path.c_str(), 0);
  }
}

TEST_F(CacheTest, OddThingsWhereItsOwnFilesShouldBe) {
  files_.clock_shift_ns = kLater;
  for (const char* name : {"index", "locks", "stats.log", "stats.old", "stats.totals", "stats.lock",
                           "stats.totals.new"}) {
    for (int kind = 0; kind <= 6; ++kind) {
      std::filesystem::remove_all(directory_ / "v1");
      load_ok(*open());
      put_oddity(kind, directory_ / "v1/" + name);
      EXPECT_EQ(load_ok(*open()).tier, Tier::cache) << name << kind;
      std::filesystem::remove(entry_files(directory_.path()).at(0));
      EXPECT_TRUE(load_ok(*open()).published) << name << kind;
      (void)open()->stats();
      EXPECT_TRUE(open()->prune(1, 1)) << name << kind;
      EXPECT_EQ(load_ok(*open()).tier, Tier::compiled) << name << kind;
    }
  }
}

TEST_F(CacheTest, LeavesOtherSchemasAlone) {
  std::filesystem::create_directories(directory_ / "v2");
  write_file(directory_ / "v2/entry.cwasm", "another's");
  auto cache = open();
  load_ok(*cache);
  ASSERT_TRUE(cache->clear());
  ASSERT_TRUE(cache->prune(1, 1));
  EXPECT_EQ(read_file(directory_ / "v2/entry.cwasm"), "another's");
}

}  // namespace
}  // namespace modcache
