// SPDX-License-Identifier: Apache-2.0
#include "wasm/module.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "modcache/testing/fixtures.hpp"
#include "wasm/testing/guest.hpp"

namespace swebash::wasm {
namespace {

using testing::guest_engine;
using testing::guest_plan;
using testing::kHost;
using testing::kNote;

// Has the guest's artefact, whatever it is to compile.
class ReadyCompiler final : public modcache::Compiler {
 public:
  modcache::Result<std::vector<std::byte>> compile(const modcache::CompileRequest&) override {
    ++started;
    const std::string text = modcache::testing::read_file(SWEBASH_TEST_GUEST);
    const auto bytes = modcache::testing::bytes_of(text);
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  }
  int started = 0;
};

class ModuleLoad : public ::testing::Test {
 protected:
  modcache::Result<Module::Loaded> load(const ModuleShape& shape) {
    modcache::Cache cache(modcache::testing::settings_in(directory_.path()));
    const auto config = shell_config(guest_plan(Room::wide));
    const std::string text = modcache::testing::read_file(SWEBASH_TEST_GUEST_WASM);
    return Module::load(cache, engine_, config, modcache::testing::memory_module(text), compiler_,
                        shape, nullptr);
  }
  [[nodiscard]] usize entries() const {
    return modcache::testing::entry_files(directory_.path()).size();
  }

  modcache::testing::TemporaryDirectory directory_;
  ReadyCompiler compiler_;
  const Engine engine_ = guest_engine();
};

constexpr std::array<std::string_view, 2> kRequired = {"memory", "peek"};

TEST_F(ModuleLoad, CompilesOnceAndFindsItThen) {
  const auto first = load({kHost, kRequired, {}});
  ASSERT_TRUE(first.has_value()) << modcache::describe(first.error());
  EXPECT_EQ(first->report.tier, modcache::Tier::compiled);
  EXPECT_EQ(entries(), 1u);
  const auto second = load({kHost, kRequired, {}});
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->report.tier, modcache::Tier::cache);
  EXPECT_EQ(compiler_.started, 1);
}

TEST_F(ModuleLoad, RefusesAndDoesNotPublishWhatImportsMore) {
  const auto loaded = load({std::array{kNote}, kRequired, {}});
  ASSERT_FALSE(loaded.has_value());
  EXPECT_THAT(modcache::describe(loaded.error()),
              ::testing::HasSubstr("it imports host.ask, which is not provided"));
  EXPECT_EQ(entries(), 0u);
}

TEST_F(ModuleLoad, RefusesAndDoesNotPublishWhatLacksAnExport) {
  constexpr std::array<std::string_view, 2> kMore = {"memory", "swebash_main"};
  const auto loaded = load({kHost, kMore, {}});
  ASSERT_FALSE(loaded.has_value());
  EXPECT_THAT(modcache::describe(loaded.error()),
              ::testing::HasSubstr("it does not export swebash_main"));
  EXPECT_EQ(entries(), 0u);
}

TEST_F(ModuleLoad, TakesTheModuleThatIsKnownToFitAsItIs) {
  const std::string text = modcache::testing::read_file(SWEBASH_TEST_GUEST_WASM);
  const modcache::Hash known = modcache::hash_of(modcache::testing::bytes_of(text));
  EXPECT_TRUE(load({std::array{kNote}, kRequired, known}).has_value());
}

TEST(Module, IsNotMadeOfWhatIsNoArtefact) {
  const Engine engine = guest_engine();
  const std::string whole = modcache::testing::read_file(SWEBASH_TEST_GUEST);
  for (const std::string& text :
       {std::string(), std::string("no artefact"), whole.substr(0, whole.size() / 2)}) {
    const modcache::testing::TemporaryDirectory directory;
    modcache::testing::write_file(directory / "artefact", text);
    modcache::Artefact artefact;
    artefact.fd = OwnedFd(::open((directory / "artefact").c_str(), O_RDONLY | O_CLOEXEC));
    artefact.size = text.size();
    const auto module = Module::from_artefact(engine, artefact);
    ASSERT_FALSE(module.has_value()) << text.size() << " bytes";
    EXPECT_EQ(module.error().code, modcache::ErrorCode::load_failed);
  }
}

TEST(Module, IsNotMadeOfAnArtefactForAnotherConfiguration) {
  const Engine engine = guest_engine(Room::wide);
  auto artefact = testing::guest_artefact(Room::narrow);
  const auto module = Module::from_artefact(engine, artefact);
  ASSERT_FALSE(module.has_value());
  EXPECT_EQ(module.error().code, modcache::ErrorCode::load_failed);
}

}  // namespace
}  // namespace swebash::wasm
