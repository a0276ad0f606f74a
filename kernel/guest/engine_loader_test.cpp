// SPDX-License-Identifier: Apache-2.0
//
// The tiers of the engine on copies of what the build has made, whole and damaged.
#include "kernel/guest/engine_loader.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "modcache/testing/fixtures.hpp"
#include "wasm/instance.hpp"

namespace swebash::kernel::guest {
namespace {

using modcache::MissReason;
using modcache::Tier;
using modcache::testing::read_file;
using modcache::testing::write_file;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class EngineLoader : public ::testing::Test {
 protected:
  EngineLoader() {
    std::filesystem::create_directory(home_ / "beside");
    // Nobody's settings but these; a sanitizer's shadow exceeds any limit on a compile's memory.
    ::setenv("XDG_CONFIG_HOME", home_.path().c_str(), 1);
    ::setenv("SWEBASH_CACHE_DIR", cache().c_str(), 1);
    ::setenv("SWEBASH_CACHE_COMPILER", SWEBASH_COMPANIONS "/modcache-compile", 1);
    ::setenv("SWEBASH_CACHE_COMPILE_MEMORY", "0", 1);
  }

  [[nodiscard]] std::string beside(const std::string& name = "engine.cwasm") const {
    return home_ / ("beside/" + name);
  }
  [[nodiscard]] std::string cache() const { return home_ / "cache"; }
  [[nodiscard]] usize entries() const { return modcache::testing::entry_files(cache()).size(); }

  // Puts a companion of the program to where it is looked for, as its owner's alone to write.
  void place(const std::string& name) const { place(name, beside(name)); }
  static void place(const std::string& name, const std::string& where) {
    std::filesystem::copy_file(SWEBASH_COMPANIONS "/" + name, where,
                               std::filesystem::copy_options::overwrite_existing);
    ::chmod(where.c_str(), 0644);
  }

  [[nodiscard]] Result<LoadedEngine, EngineFault> load(EngineTier tier,
                                                       const std::string& file = "",
                                                       const wasm::MemoryPlan& plan = {}) const {
    return load_engine({tier, file, home_ / "beside", plan});
  }

  // The story of a start that works, whose engine is one.
  [[nodiscard]] EngineStory story(EngineTier tier, const std::string& file = "",
                                  const wasm::MemoryPlan& plan = {}) const {
    const auto loaded = load(tier, file, plan);
    if (!loaded.has_value()) {
      ADD_FAILURE() << loaded.error().message;
      return {};
    }
    const auto instance = wasm::Instance::create(loaded->origin, nullptr);
    EXPECT_TRUE(instance.has_value()) << instance.error().message;
    return loaded->story;
  }

  // Why there is no engine.
  [[nodiscard]] EngineFault fault(EngineTier tier, const std::string& file = "") const {
    const auto loaded = load(tier, file);
    EXPECT_FALSE(loaded.has_value());
    return loaded.has_value() ? EngineFault{} : loaded.error();
  }

  modcache::testing::TemporaryDirectory home_;
};

// One fixture, a name for each tier.
using EngineLoaderAheadOfTime = EngineLoader;
using EngineLoaderCache = EngineLoader;
using EngineLoaderFile = EngineLoader;

TEST_F(EngineLoaderAheadOfTime, IsTakenFirstAndLeavesTheCacheAlone) {
  place("engine.cwasm");
  for (const EngineTier tier : {EngineTier::aot, EngineTier::automatic}) {
    const EngineStory told = story(tier);
    EXPECT_EQ(told.tier, Tier::ahead_of_time);
    EXPECT_EQ(told.not_ahead_of_time, MissReason::none);
    EXPECT_EQ(told.room, wasm::Room::wide);
  }
  EXPECT_FALSE(std::filesystem::exists(cache()));
}

TEST_F(EngineLoaderAheadOfTime, IsAnotherWhereAddressSpaceIsShort) {
  const wasm::MemoryPlan narrow = wasm::plan_memory(u64{200} << 20);
  place("engine.cwasm");
  EXPECT_FALSE(load(EngineTier::aot, "", narrow).has_value());
  place("engine-narrow.cwasm");
  const EngineStory told = story(EngineTier::aot, "", narrow);
  EXPECT_EQ(told.tier, Tier::ahead_of_time);
  EXPECT_EQ(told.room, wasm::Room::narrow);
}

TEST_F(EngineLoaderAheadOfTime, IsNotUsedWhereAnythingIsWrongWithIt) {
  place("engine.cwasm");
  const std::string whole = read_file(beside());
  std::string altered = whole;
  altered[altered.size() - 1] ^= 1;
  const std::string empty_module = home_ / "empty.wasm";
  write_file(empty_module, modcache::testing::module_text(""));
  const std::string other = home_ / "other.cwasm";
  ASSERT_EQ(
      std::system((SWEBASH_COMPANIONS "/modcache-compile --entry -o " + other + " " + empty_module)
                      .c_str()),
      0);
  const auto holds = [&](const std::string& text) {
    std::filesystem::remove_all(beside());
    write_file(beside(), text);
  };
  // A cache that has the engine, so that what follows need not compile it each time.
  place("engine.wasm");
  EXPECT_EQ(story(EngineTier::cache).tier, Tier::compiled);

  const auto expect_miss = [&](const char* what, MissReason reason) {
    SCOPED_TRACE(what);
    const EngineFault alone = fault(EngineTier::aot);
    EXPECT_EQ(alone.status, 126);
    EXPECT_EQ(alone.message,
              beside() + ": no usable ahead-of-time engine (" + modcache::name_of(reason) + ")");
    const EngineStory told = story(EngineTier::automatic);
    EXPECT_EQ(told.tier, Tier::cache);
    EXPECT_EQ(told.not_ahead_of_time, reason);
  };
  holds(whole.substr(0, whole.size() / 2));
  expect_miss("its second half is gone", MissReason::corrupt);
  holds(whole.substr(0, whole.size() - 1));
  expect_miss("its last byte is gone", MissReason::corrupt);
  holds(altered);
  expect_miss("its last byte is another", MissReason::corrupt);
  holds("");
  expect_miss("it is empty", MissReason::corrupt);
  holds(read_file(other));
  expect_miss("it is another module's", MissReason::stale);
  place("engine-narrow.cwasm", beside());
  expect_miss("it is for another configuration", MissReason::incompatible);
  holds(whole);
  ::chmod(beside().c_str(), 0664);
  expect_miss("a group can write it", MissReason::foreign);
  std::filesystem::remove(beside());
  std::filesystem::create_directory(beside());
  expect_miss("it is a directory", MissReason::foreign);
  std::filesystem::remove(beside());
  expect_miss("it is not there", MissReason::absent);
  place("engine.cwasm");
  EXPECT_EQ(story(EngineTier::automatic).tier, Tier::ahead_of_time);
}

TEST_F(EngineLoaderCache, CompilesOnce) {
  place("engine.cwasm");
  place("engine.wasm");
  EXPECT_EQ(story(EngineTier::cache).tier, Tier::compiled);
  EXPECT_EQ(entries(), 1u);
  const EngineStory second = story(EngineTier::cache);
  EXPECT_EQ(second.tier, Tier::cache);
  EXPECT_EQ(second.not_ahead_of_time, MissReason::none) << "which is not looked for";
  EXPECT_EQ(entries(), 1u);
}

TEST_F(EngineLoaderCache, CompilesAnewWhereItsEntryIsTorn) {
  place("engine.wasm");
  (void)story(EngineTier::cache);
  ASSERT_EQ(entries(), 1u);
  const std::string entry = modcache::testing::entry_files(cache()).front();
  std::filesystem::resize_file(entry, std::filesystem::file_size(entry) / 2);
  const EngineStory told = story(EngineTier::cache);
  EXPECT_EQ(told.tier, Tier::compiled);
  EXPECT_EQ(told.report.miss, MissReason::corrupt);
  EXPECT_EQ(story(EngineTier::cache).tier, Tier::cache);
}

TEST_F(EngineLoaderCache, IsLeftAloneByACompileAtEachStart) {
  place("engine.cwasm");
  place("engine.wasm");
  for (int start = 0; start < 2; ++start) EXPECT_EQ(story(EngineTier::jit).tier, Tier::compiled);
  EXPECT_EQ(entries(), 0u);
}

TEST_F(EngineLoaderCache, IsAnErrorWithoutACompiler) {
  place("engine.wasm");
  ::setenv("SWEBASH_CACHE_COMPILER", "/nonexistent/compiler", 1);
  const EngineFault told = fault(EngineTier::cache);
  EXPECT_EQ(told.status, 126);
  EXPECT_THAT(told.message, HasSubstr("/nonexistent/compiler"));
}

TEST_F(EngineLoaderCache, IsAnErrorWithoutTheModule) {
  const EngineFault told = fault(EngineTier::automatic);
  EXPECT_EQ(told.status, 127);
  EXPECT_THAT(told.message, StartsWith(beside("engine.wasm") + ": "));
}

// A limit on what a script may write is no reason to end.
TEST_F(EngineLoaderCache, IsDoneWithoutWhereFilesMayNotBeSoLarge) {
  place("engine.wasm");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {rlim_t{64} << 10, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const EngineStory told = story(EngineTier::cache);
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(told.tier, Tier::compiled);
  EXPECT_EQ(entries(), 0u);
  struct sigaction action{};
  ASSERT_EQ(::sigaction(SIGXFSZ, nullptr, &action), 0);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

TEST_F(EngineLoaderFile, IsRunByTheLaterTiersAlone) {
  place("engine.cwasm");
  const std::string file = home_ / "mine.wasm";
  place("engine.wasm", file);
  EXPECT_EQ(story(EngineTier::automatic, file).tier, Tier::compiled);
  EXPECT_EQ(story(EngineTier::automatic, file).tier, Tier::cache);
}

TEST_F(EngineLoaderFile, IsAnErrorWhereItIsNoEngine) {
  place("engine.cwasm");
  const std::string file = home_ / "mine.wasm";
  const auto expect_fault = [&](const char* what, i32 status, const char* message) {
    SCOPED_TRACE(what);
    const EngineFault told = fault(EngineTier::automatic, file);
    EXPECT_EQ(told.status, status);
    EXPECT_THAT(told.message, StartsWith(file + ": "));
    EXPECT_THAT(told.message, HasSubstr(message));
  };
  expect_fault("missing", 127, "No such file or directory");
  write_file(file, "");
  expect_fault("empty", 126, "not a WebAssembly module");
  write_file(file, "#!/bin/sh\n");
  expect_fault("a script", 126, "not a WebAssembly module");
  write_file(file, modcache::testing::module_text("\x7f"));
  expect_fault("torn", 126, "");
  write_file(file, modcache::testing::module_text(""));
  expect_fault("without exports", 126, "it does not export ");
  // One import, `a.b`, a function without parameters and result.
  write_file(
      file, modcache::testing::module_text(std::string_view("\1\4\1\x60\0\0\2\7\1\1a\1b\0\0", 15)));
  expect_fault("with another import", 126, "it imports a.b, which is not provided");
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  expect_fault("a directory", 126, "");
  EXPECT_EQ(entries(), 0u);
}

}  // namespace
}  // namespace swebash::kernel::guest
