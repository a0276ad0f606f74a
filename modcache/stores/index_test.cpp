// SPDX-License-Identifier: Apache-2.0
#include "modcache/stores/index.hpp"

#include <gtest/gtest.h>

#include "modcache/stores/stats_log.hpp"
#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

class IndexTest : public ::testing::Test {
 protected:
  Index open() {
    auto directory = host_files().open_directory(directory_.path().c_str(), Links::refuse);
    auto fd = host_files().open_at(directory->get(), "index", Access::read_write);
    return {host_files(), std::move(*fd)};
  }
  static FileStatus status(std::uint64_t inode = 7) {
    FileStatus file;
    file.device = 1, file.inode = inode, file.size = 100;
    file.mtime_ns = 50 * kSecond, file.ctime_ns = 60 * kSecond;
    return file;
  }
  testing::TemporaryDirectory directory_;
};

TEST_F(IndexTest, KnowsAFileUntilAnythingOfItChanges) {
  open().remember_content(status(), hash_of("x"), 100 * kSecond);
  Index index = open();
  EXPECT_EQ(index.content_of(status()), hash_of("x"));
  for (auto field : {&FileStatus::device, &FileStatus::inode, &FileStatus::size}) {
    FileStatus other = status();
    ++(other.*field);
    EXPECT_FALSE(index.content_of(other));
  }
  for (auto field : {&FileStatus::mtime_ns, &FileStatus::ctime_ns}) {
    FileStatus other = status();
    ++(other.*field);
    EXPECT_FALSE(index.content_of(other));
  }
}

TEST_F(IndexTest, DoesNotBelieveWhatWasTakenWithinTwoSecondsOfAChange) {
  Index index = open();
  index.remember_content(status(), hash_of("x"), status().ctime_ns + kRacyNs - 1);
  EXPECT_FALSE(index.content_of(status()));
  // A clock set back: taken before the file was changed.
  index.remember_content(status(), hash_of("x"), status().ctime_ns - 100 * kSecond);
  EXPECT_FALSE(index.content_of(status()));
  index.remember_content(status(), hash_of("x"), status().ctime_ns + kRacyNs);
  EXPECT_TRUE(index.content_of(status()));
}

TEST_F(IndexTest, StampHoldsForThisBootAndThisFileOnly) {
  Index index = open();
  const Hash key = hash_of("key");
  index.remember_use(key, status(), 42, true, 100 * kSecond, 200 * kSecond);
  EXPECT_TRUE(index.stamp_of(key, status(), 42).verified);
  EXPECT_EQ(index.stamp_of(key, status(), 42).last_used, 200);
  EXPECT_FALSE(index.stamp_of(key, status(), 43).verified);
  EXPECT_FALSE(index.stamp_of(key, status(), 0).verified);
  EXPECT_FALSE(index.stamp_of(key, status(8), 42).verified);
  EXPECT_FALSE(index.stamp_of(hash_of("other"), status(), 42).verified);
  index.remember_use(key, status(), 0, true, 100 * kSecond, 300 * kSecond);
  EXPECT_FALSE(index.stamp_of(key, status(), 0).verified);
}

TEST_F(IndexTest, AnyFlippedByteIsForgottenAndNothingElse) {
  {
    Index index = open();
    index.remember_content(status(), hash_of("x"), 100 * kSecond);
  }
  const std::string path = directory_ / "index";
  const std::string whole = testing::read_file(path);
  const std::size_t record = whole.size() - 128;
  for (std::size_t at = record; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    testing::write_file(path, flipped);
    EXPECT_FALSE(open().content_of(status())) << at;
  }
  for (std::size_t cut = record; cut < whole.size(); ++cut) {
    testing::write_file(path, whole.substr(0, cut));
    // Zeros at a record's end may be missing: they are read as zeros.
    EXPECT_EQ(open().content_of(status()).value_or(hash_of("x")), hash_of("x")) << cut;
  }
  testing::write_file(path, whole);
  EXPECT_TRUE(open().content_of(status()));
}

TEST_F(IndexTest, KeepsTheLatestWhenItIsFull) {
  Index index = open();
  constexpr std::uint64_t kFiles = 20'000;
  for (std::uint64_t i = 0; i < kFiles; ++i) {
    index.remember_content(status(i), hash_of(std::to_string(i)),
                           (100 + static_cast<std::int64_t>(i)) * kSecond);
  }
  EXPECT_EQ(index.content_of(status(kFiles - 1)), hash_of(std::to_string(kFiles - 1)));
  std::uint64_t known = 0;
  for (std::uint64_t i = 0; i < kFiles; ++i) {
    const auto content = index.content_of(status(i));
    if (!content) continue;
    ++known;
    EXPECT_EQ(*content, hash_of(std::to_string(i)));
  }
  EXPECT_GT(known, 4000U);
  EXPECT_LE(testing::read_file(directory_ / "index").size(), 2U << 20);
}

TEST(Index, WithoutAFileRemembersNothing) {
  Index index;
  index.remember_content({}, hash_of("x"), INT64_MAX);
  EXPECT_FALSE(index.content_of({}));
  EXPECT_FALSE(index.usable());
}

class StatsLogTest : public ::testing::Test {
 protected:
  testing::TemporaryDirectory directory_;
  OwnedFd fd_ =
      std::move(host_files().open_directory(directory_.path().c_str(), Links::refuse).value());
  StatsLog log_{host_files(), fd_.get()};
};

TEST_F(StatsLogTest, AddsUpAcrossFolds) {
  for (int round = 1; round <= 5; ++round) {
    log_.count(Event::hit, 10);
    log_.count(Event::miss, 0, static_cast<std::uint8_t>(MissReason::corrupt));
    log_.count(Event::evicted, 1000);
    log_.fold(0);
    const Stats stats = log_.read();
    EXPECT_EQ(stats.hits, static_cast<std::uint64_t>(round));
    EXPECT_EQ(stats.saved_ms, 10U * static_cast<std::uint64_t>(round));
    EXPECT_EQ(stats.misses[static_cast<int>(MissReason::corrupt)],
              static_cast<std::uint64_t>(round));
    EXPECT_EQ(stats.evicted_bytes, 1000U * static_cast<std::uint64_t>(round));
  }
}

TEST_F(StatsLogTest, CountsNothingTwiceWhenAFoldWasCutShort) {
  log_.count(Event::hit);
  log_.fold(0);
  log_.count(Event::hit);
  // What a fold that died between its two steps leaves: totals that hold stats.old, and stats.old.
  const std::string old_log = testing::read_file(directory_ / "stats.log");
  log_.fold(0);
  testing::write_file(directory_ / "stats.log", old_log);
  EXPECT_EQ(log_.read().hits, 3U);
  log_.fold(0);
  EXPECT_EQ(log_.read().hits, 3U);
}

TEST_F(StatsLogTest, GoesOnBehindATornRecord) {
  log_.count(Event::hit);
  const std::string one = testing::read_file(directory_ / "stats.log");
  testing::write_file(directory_ / "stats.log", one + one.substr(0, 5) + one + "x");
  EXPECT_EQ(log_.read().hits, 2U);
}

TEST_F(StatsLogTest, ZeroForgetsAll) {
  log_.count(Event::hit);
  log_.fold(0);
  log_.count(Event::hit);
  ASSERT_TRUE(log_.zero());
  EXPECT_EQ(log_.read(), Stats{});
}

TEST_F(StatsLogTest, SurvivesGarbageInEveryFile) {
  for (const char* name : {"stats.log", "stats.old", "stats.totals"}) {
    testing::write_file(directory_ / name, std::string(5000, 'g'));
  }
  log_.count(Event::hit);
  log_.fold(0);
  EXPECT_EQ(log_.read().hits, 1U);
}

}  // namespace
}  // namespace modcache
