// SPDX-License-Identifier: Apache-2.0
//
// Loads: what hits, what misses, what is verified, and what that costs.
#include "modcache/testing/cache_fixture.hpp"

namespace modcache {
namespace {

using namespace testing;

TEST_F(CacheTest, CompilesOnceAndHitsFromThenOn) {
  const Report first = load_ok(*open());
  EXPECT_EQ(first.tier, Tier::compiled);
  EXPECT_EQ(first.miss, MissReason::absent);
  EXPECT_TRUE(first.published);
  const Report second = load_ok(*open());
  EXPECT_EQ(second.tier, Tier::cache);
  EXPECT_EQ(second.miss, MissReason::none);
  EXPECT_EQ(second.key, first.key);
  EXPECT_EQ(compiler_.started, 1);
  const Stats stats = open()->stats();
  EXPECT_EQ(stats.hits, 1U);
  EXPECT_EQ(stats.all_misses(), 1U);
  EXPECT_EQ(stats.published, 1U);
}

TEST_F(CacheTest, KeepsApartWhateverDecidesTheCode) {
  auto cache = open();
  load_ok(*cache);
  EngineConfig config;
  config.epoch_interruption = true;
  EXPECT_EQ(load_ok(*cache, module_text(), identity(config)).tier, Tier::compiled);
  EXPECT_EQ(load_ok(*cache, module_text(), identity({}, "49.0.0")).tier, Tier::compiled);
  EXPECT_EQ(load_ok(*cache, module_text("other")).tier, Tier::compiled);
  config = {};
  config.max_wasm_stack *= 2;  // the host's alone
  auto same_code = identity(config);
  auto artefact = cache->get(memory_module(module_text()), same_code, compiler_);
  ASSERT_TRUE(artefact);
  EXPECT_EQ(artefact->report.tier, Tier::cache);
  EXPECT_EQ(entry_files(directory_.path()).size(), 4U);
}

TEST_F(CacheTest, VerifiesInFullUntilAStampIsBelieved) {
  load_ok(*open());
  EXPECT_EQ(load_ok(*open()).checked, Checked::in_full);
  EXPECT_EQ(load_ok(*open()).checked, Checked::in_full) << "within two seconds of its making";
  files_.clock_shift_ns = kLater;
  EXPECT_EQ(load_ok(*open()).checked, Checked::in_full);
  EXPECT_EQ(load_ok(*open()).checked, Checked::by_stamp);
  files_.boot = "another boot";
  EXPECT_EQ(load_ok(*open()).checked, Checked::in_full);
  EXPECT_EQ(load_ok(*open()).checked, Checked::by_stamp);
  files_.boot = "";
  EXPECT_EQ(load_ok(*open()).checked, Checked::in_full) << "no boot id, no stamp";
  files_.boot.reset();
  Settings always = settings_in(directory_.path());
  always.verify = Verify::always;
  EXPECT_EQ(load_ok(*open(always)).checked, Checked::in_full);
  EXPECT_EQ(compiler_.started, 1);
}

TEST_F(CacheTest, ClockSetBackMeansVerifyingAndNothingElse) {
  load_ok(*open());
  files_.clock_shift_ns = kLater;
  load_ok(*open());
  files_.clock_shift_ns = -100 * kLater;
  EXPECT_EQ(load_ok(*open()).tier, Tier::cache);
  EXPECT_EQ(compiler_.started, 1);
}

TEST_F(CacheTest, ReadsAKnownFileOnlyOnce) {
  const std::string path = directory_ / "m.wasm";
  write_file(path, module_text());
  files_.clock_shift_ns = kLater;
  const auto source = ModuleSource::file(path.c_str());
  ASSERT_TRUE(open()->get(source, identity(), compiler_));
  files_.restart();
  auto hit = open()->get(source, identity(), compiler_);
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->report.tier, Tier::cache);
  EXPECT_FALSE(hit->report.hashed_module);
  EXPECT_EQ(files_.calls_of("open_path"), 0);

  write_file(path, module_text("changed"));
  files_.clock_shift_ns = 0;
  auto changed = open()->get(source, identity(), compiler_);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->report.tier, Tier::compiled);
  EXPECT_EQ(text_of(*changed), artefact_text_of(module_text("changed"), identity().config_text));
}

TEST_F(CacheTest, AHitCostsAHandfulOfCalls) {
  const std::string path = directory_ / "m.wasm";
  write_file(path, module_text());
  files_.clock_shift_ns = kLater;
  const auto source = ModuleSource::file(path.c_str());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(open()->get(source, identity(), compiler_));
  files_.restart();
  ASSERT_TRUE(open()->get(source, identity(), compiler_));
  EXPECT_LE(files_.calls(), 13);
  EXPECT_EQ(files_.calls_of("write_at"), 0);
  EXPECT_EQ(files_.calls_of("sync"), 0);
  EXPECT_EQ(files_.calls_of("list"), 0);
}

TEST_F(CacheTest, ModesDoWhatTheySay) {
  Settings settings = settings_in(directory_.path());
  settings.mode = Mode::off;
  EXPECT_EQ(load_ok(*open(settings)).miss, MissReason::disabled);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "v1"));
  settings.mode = Mode::require;
  auto refused = open(settings)->get(memory_module(module_text()), identity(), compiler_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_cached);
  settings.mode = Mode::ro;
  EXPECT_EQ(load_ok(*open(settings)).tier, Tier::compiled);
  EXPECT_TRUE(entry_files(directory_.path()).empty());
  load_ok(*open());
  EXPECT_EQ(load_ok(*open(settings)).tier, Tier::cache);
  settings.mode = Mode::require;
  const Report required = load_ok(*open(settings));
  EXPECT_EQ(required.tier, Tier::cache);
  EXPECT_EQ(required.checked, Checked::in_full) << "what cannot be stamped is verified each time";
}

TEST_F(CacheTest, AModuleThatDoesNotCompileSaysSoEachTime) {
  compiler_.failure = Error{ErrorCode::compile_failed, {}, 0, "type mismatch at 17"};
  for (int i = 0; i < 3; ++i) {
    auto failed = open()->get(memory_module(module_text()), identity(), compiler_);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "type mismatch at 17");
  }
  EXPECT_TRUE(entry_files(directory_.path()).empty());
  EXPECT_EQ(open()->stats().compile_failed, 3U);
}

TEST_F(CacheTest, WhatIsNoModuleIsRefusedBeforeAnyCompile) {
  const std::string text = "plain text, no module";
  auto failed = open()->get(memory_module(text), identity(), compiler_);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::not_wasm);
  for (const std::string& path : {directory_ / "absent", directory_.path()}) {
    auto unread = open()->get(ModuleSource::file(path.c_str()), identity(), compiler_);
    ASSERT_FALSE(unread);
    EXPECT_EQ(unread.error().code, ErrorCode::cannot_read);
    EXPECT_EQ(unread.error().path, path);
  }
  EXPECT_EQ(compiler_.started, 0);
}

}  // namespace
}  // namespace modcache
