// SPDX-License-Identifier: Apache-2.0
//
// Engines that refuse what they are given, and several at once.
#include <thread>

#include "modcache/testing/cache_fixture.hpp"

namespace modcache {
namespace {

using namespace testing;

class Judge final : public Consumer {
 public:
  explicit Judge(std::vector<Verdict> verdicts) : verdicts_(std::move(verdicts)) {}
  Verdict accept(Artefact&, std::string& message) override {
    message = "judged";
    return verdicts_.at(asked++);
  }
  std::size_t asked = 0;

 private:
  std::vector<Verdict> verdicts_;
};

TEST_F(CacheTest, WhatTheConsumerRejectsIsNotPublished) {
  Judge reject({Verdict::rejected});
  auto failed = open()->load(memory_module(module_text()), identity(), compiler_, reject);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::rejected);
  EXPECT_TRUE(entry_files(directory_.path()).empty());
  EXPECT_EQ(temporary_files(directory_.path()), 0);
}

TEST_F(CacheTest, AnIncompatibleEntryIsCompiledAnewOnce) {
  load_ok(*open());
  Judge judge({Verdict::incompatible, Verdict::incompatible});
  auto failed = open()->load(memory_module(module_text()), identity(), compiler_, judge);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::load_failed);
  EXPECT_EQ(entry_files(directory_.path()).size(), 1U) << "it is left to those who can use it";
  EXPECT_EQ(load_ok(*open()).tier, Tier::cache);
  Judge second({Verdict::incompatible, Verdict::accepted});
  auto report = open()->load(memory_module(module_text()), identity(), compiler_, second);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->miss, MissReason::incompatible);
  EXPECT_EQ(report->refusal, "judged");
  EXPECT_TRUE(report->published);
}

// An engine that takes nothing but what was made for it.
class Picky final : public Consumer {
 public:
  explicit Picky(std::string wanted) : wanted_(std::move(wanted)) {}
  Verdict accept(Artefact& artefact, std::string& message) override {
    if (text_of(artefact).find(wanted_) != std::string::npos) return Verdict::accepted;
    message = "not made for " + wanted_;
    return Verdict::incompatible;
  }

 private:
  std::string wanted_;
};

class MarkingCompiler final : public Compiler {
 public:
  explicit MarkingCompiler(std::string mark) : mark_(std::move(mark)) {}
  Result<std::vector<std::byte>> compile(const CompileRequest&) override {
    ++started;
    const auto bytes = bytes_of(mark_);
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  }
  int started = 0;

 private:
  std::string mark_;
};

TEST_F(CacheTest, EnginesThatRefuseEachOthersEntriesEachKeepTheirOwn) {
  const std::string names[] = {"one", "two", "three"};
  for (int round = 0; round < 3; ++round) {
    for (const std::string& name : names) {
      Picky engine(name);
      MarkingCompiler compiler(name);
      auto report = open()->load(memory_module(module_text()), identity(), compiler, engine);
      ASSERT_TRUE(report);
      EXPECT_EQ(report->tier, round == 0 ? Tier::compiled : Tier::cache) << name << round;
      EXPECT_EQ(report->miss, round > 0          ? MissReason::none
                              : name == names[0] ? MissReason::absent
                                                 : MissReason::incompatible);
      EXPECT_EQ(compiler.started, round == 0 ? 1 : 0) << name << round;
    }
  }
  EXPECT_EQ(entry_files(directory_.path()).size(), 3U);
  Picky last("three"), none("nobody");
  EXPECT_TRUE(open()->explain(memory_module(module_text()), identity(), &last)->hit);
  const auto said = open()->explain(memory_module(module_text()), identity(), &none);
  EXPECT_EQ(said->reason, MissReason::incompatible);
  EXPECT_EQ(said->refusal, "not made for nobody");
}

TEST_F(CacheTest, ThereIsABoundToHowManyEntriesOneKeyHas) {
  for (int i = 0; i < 10; ++i) {
    const std::string name = "engine " + std::to_string(i) + ".";
    Picky engine(name);
    MarkingCompiler compiler(name);
    ASSERT_TRUE(open()->load(memory_module(module_text()), identity(), compiler, engine));
    EXPECT_LE(entry_files(directory_.path()).size(), 4U);
    EXPECT_TRUE(open()->explain(memory_module(module_text()), identity(), &engine)->hit)
        << "the last one has a place";
  }
}

TEST_F(CacheTest, ThreadsCompileOnce) {
  compiler_.delay_ms = 50;
  std::vector<std::thread> threads;
  auto cache = open();
  for (int i = 0; i < 16; ++i) threads.emplace_back([&] { load_ok(*cache); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(compiler_.started, 1);
  const Stats stats = cache->stats();
  EXPECT_EQ(stats.hits, 15U);
  EXPECT_EQ(stats.compiled, 1U);
}

TEST_F(CacheTest, WithoutLocksEachCompilesForItself) {
  files_.fail_call("try_lock", ENOLCK);
  EXPECT_EQ(load_ok(*open()).tier, Tier::compiled);
  EXPECT_EQ(load_ok(*open()).tier, Tier::cache);
}

TEST_F(CacheTest, WhoWaitsTooLongCompilesForItself) {
  files_.fail_call("try_lock", EAGAIN);
  Settings settings = settings_in(directory_.path());
  settings.lock_timeout = 20;
  const Report report = load_ok(*open(settings));
  EXPECT_EQ(report.tier, Tier::compiled);
  EXPECT_TRUE(report.waited);
  EXPECT_TRUE(report.published);
}

}  // namespace
}  // namespace modcache
