// SPDX-License-Identifier: Apache-2.0
//
// Eviction, clearing, verifying and explaining.
#include "modcache/testing/cache_fixture.hpp"

namespace modcache {
namespace {

using namespace testing;

TEST_F(CacheTest, EvictsTheLeastRecentlyUsedFirst) {
  std::vector<Hash> keys;
  for (int i = 0; i < 4; ++i) {
    files_.clock_shift_ns = kLater * (i + 1) * 1000;
    keys.push_back(load_ok(*open(), module_text(std::to_string(i))).key);
  }
  files_.clock_shift_ns = kLater * 6000;
  load_ok(*open(), module_text("0"));  // the first, used again
  auto cache = open();
  const auto entries = cache->list();
  ASSERT_TRUE(entries);
  std::uint64_t total = 0;
  for (const auto& entry : *entries) total += entry.size;
  const auto pruned = cache->prune(total - 1, 0);
  ASSERT_TRUE(pruned);
  EXPECT_EQ(pruned->entries, 1U);
  files_.clock_shift_ns = kLater * 7000;
  EXPECT_EQ(load_ok(*open(), module_text("0")).tier, Tier::cache);
}

TEST_F(CacheTest, APublicationBeyondTheBoundEvictsAndLeavesRoom) {
  Settings settings = settings_in(directory_.path());
  load_ok(*open(settings), module_text("measured"));
  const std::uint64_t one = std::filesystem::file_size(entry_files(directory_.path()).at(0));
  settings.max_size = 20 * one;
  for (int i = 0; i < 60; ++i) {
    files_.clock_shift_ns = kLater * (i + 1);
    const Report report = load_ok(*open(settings), module_text("number " + std::to_string(i)));
    ASSERT_TRUE(report.published);
    ASSERT_LE(entry_files(directory_.path()).size(), 20U) << i;
    ASSERT_EQ(load_ok(*open(settings), module_text("number " + std::to_string(i))).tier,
              Tier::cache)
        << "what was just published stays";
  }
  EXPECT_GE(entry_files(directory_.path()).size(), 17U);
}

TEST_F(CacheTest, APublicationDoesNotLookAtEveryEntry) {
  auto cache = open();
  load_ok(*cache, module_text("first"));
  files_.restart();
  for (int i = 0; i < 10; ++i) load_ok(*cache, module_text(std::to_string(i)));
  EXPECT_EQ(files_.calls_of("list"), 0);
  files_.clock_shift_ns = 3601LL * 1'000'000'000;
  load_ok(*cache, module_text("an hour later"));
  EXPECT_GT(files_.calls_of("list"), 0);
}

TEST_F(CacheTest, EvictsByAgeAndKeepsWhatIsOpen) {
  auto kept = open()->get(memory_module(module_text()), identity(), compiler_);
  ASSERT_TRUE(kept);
  files_.clock_shift_ns = 31LL * 86400 * 1'000'000'000;
  load_ok(*open(), module_text("newer"));
  EXPECT_EQ(entry_files(directory_.path()).size(), 1U) << "a publication evicts";
  EXPECT_EQ(text_of(*kept), artefact_text_of(module_text(), identity().config_text));
  EXPECT_EQ(open()->stats().evicted, 1U);
}

TEST_F(CacheTest, ClearLeavesNoEntryAndIsNoHarm) {
  auto cache = open();
  load_ok(*cache);
  const auto cleared = cache->clear();
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->entries, 1U);
  EXPECT_TRUE(entry_files(directory_.path()).empty());
  EXPECT_EQ(load_ok(*cache).tier, Tier::compiled);
  EXPECT_EQ(load_ok(*cache).tier, Tier::cache);
}

TEST_F(CacheTest, VerifyFindsWhatIsCorruptAndRemovesItWhenAsked) {
  load_ok(*open(), module_text("one"));
  load_ok(*open(), module_text("two"));
  const std::string file = entry_files(directory_.path()).at(0);
  std::string whole = read_file(file);
  whole[0] = static_cast<char>(whole[0] ^ 1);
  write_file(file, whole);
  auto faulty = open()->verify(Cache::Repair::report);
  ASSERT_TRUE(faulty);
  ASSERT_EQ(faulty->size(), 1U);
  EXPECT_EQ(faulty->at(0).fault, MissReason::corrupt);
  EXPECT_EQ(faulty->at(0).file, file);
  ASSERT_TRUE(open()->verify(Cache::Repair::remove));
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_TRUE(open()->verify(Cache::Repair::report)->empty());
}

TEST_F(CacheTest, ExplainNamesTheFieldThatDiffers) {
  auto cache = open();
  load_ok(*cache);
  EXPECT_TRUE(cache->explain(memory_module(module_text()), identity())->hit);
  EngineConfig config;
  config.consume_fuel = true;
  auto said = cache->explain(memory_module(module_text()), identity(config));
  ASSERT_TRUE(said);
  EXPECT_FALSE(said->hit);
  EXPECT_EQ(said->difference, "settings");
  said = cache->explain(memory_module(module_text("other")), identity());
  EXPECT_EQ(said->difference, "module");
  const Stats stats = cache->stats();
  EXPECT_EQ(stats.hits + stats.all_misses(), 1U) << "explaining counts nothing";
}

}  // namespace
}  // namespace modcache
