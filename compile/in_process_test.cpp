// SPDX-License-Identifier: Apache-2.0
// Compiling in the embedder's own process, with settings and with an engine of its own making.
#include "modcache/wasmtime/in_process_compiler.hpp"

#include <gtest/gtest.h>

#include "compile/answering_module.hpp"
#include "modcache/modcache.h"
#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

using namespace testing;

class InProcessTest : public ::testing::Test {
 protected:
  void SetUp() override { write_file(path_, answering_module()); }

  CompileRequest request(std::string_view config = "") {
    return {bytes_of(answering_module()), config, wasmtime::version(), "answer.wasm"};
  }

  TemporaryDirectory directory_;
  std::string path_ = directory_ / "answer.wasm";
};

TEST_F(InProcessTest, CompilesUnderTheSettingsOfTheRequest) {
  wasmtime::InProcessCompiler compiler;
  for (const char* text : {"", "opt_level=none", "memory_init_cow=0 native_unwind_info=1"}) {
    const EngineConfig config = parse_engine_config(text).value();
    auto engine = wasmtime::make_engine(config);
    ASSERT_TRUE(engine);
    Cache cache(settings_in(directory_ / "cache"));
    for (const Tier tier : {Tier::compiled, Tier::cache}) {
      auto loaded = wasmtime::load_module(cache, engine->get(), wasmtime::code_identity(config),
                                          ModuleSource::file(path_.c_str()), compiler);
      ASSERT_TRUE(loaded) << text << ": " << describe(loaded.error());
      EXPECT_EQ(loaded->report.tier, tier) << text;
      EXPECT_EQ(call_f(engine->get(), loaded->module.get()), 42) << text;
    }
  }
}

TEST_F(InProcessTest, SaysWhatItCannotCompile) {
  wasmtime::InProcessCompiler compiler;
  auto made = compiler.compile(request("nonsense=1"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::bad_config);
  std::string broken(answering_module());
  broken[broken.size() - 2] = static_cast<char>(0x80);
  for (int i = 0; i < 2; ++i) {
    made = compiler.compile({bytes_of(broken), "", wasmtime::version(), "broken.wasm"});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::compile_failed);
    EXPECT_FALSE(made.error().message.empty());
  }
}

TEST_F(InProcessTest, MakesWhatTheHelperWouldHaveMade) {
  // With an engine of one's own or by the settings: the same artefact.
  auto engine = wasmtime::make_engine({});
  ASSERT_TRUE(engine);
  wasmtime::InProcessCompiler by_settings, by_engine(engine->get());
  const auto one = by_settings.compile(request()), other = by_engine.compile(request("ignored"));
  ASSERT_TRUE(one);
  ASSERT_TRUE(other);
  EXPECT_EQ(*one, *other);
}

TEST_F(InProcessTest, ABuildOfOtherFeaturesHasItsOwnEntries) {
  EXPECT_EQ(wasmtime::code_identity(EngineConfig{}).fields.runtime,
            wasmtime::code_identity(EngineConfig{}, wasmtime::build_features()).fields.runtime);
  const CodeIdentity other = wasmtime::code_identity(EngineConfig{}, "threads gc");
  EXPECT_EQ(other.fields.runtime, std::string("wasmtime ") + wasmtime::version() + " threads gc");
  EXPECT_EQ(other.runtime, wasmtime::version()) << "the compile program is asked for the version";
}

TEST_F(InProcessTest, WhatTheCompilerCannotDoOrTheEngineRefusesIsCompiledHere) {
  // A compile program of a Wasmtime that was built otherwise, and one that is not there.
  class Other final : public Compiler {
   public:
    explicit Other(std::optional<ErrorCode> failure) : failure_(failure) {}
    Result<std::vector<std::byte>> compile(const CompileRequest& request) override {
      if (failure_) return std::unexpected(Error{*failure_, {}, 0, "cannot"});
      wasmtime::InProcessCompiler inner;
      return inner.compile({request.module, "epoch_interruption=1", request.runtime, request.name});
    }

   private:
    std::optional<ErrorCode> failure_;
  };
  auto engine = wasmtime::make_engine({});
  ASSERT_TRUE(engine);
  int number = 0;
  for (const std::optional<ErrorCode> failure :
       {std::optional<ErrorCode>(), std::optional(ErrorCode::compiler_missing),
        std::optional(ErrorCode::bad_config)}) {
    Other compiler(failure);
    Cache cache(settings_in(directory_ / ("cache" + std::to_string(number++))));
    for (const Tier tier : {Tier::compiled, Tier::cache}) {
      auto loaded =
          wasmtime::load_module(cache, engine->get(), wasmtime::code_identity(EngineConfig{}),
                                ModuleSource::file(path_.c_str()), compiler);
      ASSERT_TRUE(loaded) << describe(loaded.error());
      EXPECT_EQ(loaded->report.tier, tier) << number;
      EXPECT_EQ(call_f(engine->get(), loaded->module.get()), 42);
    }
  }
  // What hung in a process of its own is not tried in this one.
  Other hung(ErrorCode::compiler_hung);
  Cache cache(settings_in(directory_ / "cache-hung"));
  auto loaded = wasmtime::load_module(cache, engine->get(), wasmtime::code_identity(EngineConfig{}),
                                      ModuleSource::file(path_.c_str()), hung);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::compiler_hung);
}

// The environment is the user's, and decides nothing of what an engine takes.
TEST_F(InProcessTest, AVariableOfWasmtimesDoesNotMakeEntriesUnfit) {
  wasmtime::InProcessCompiler compiler;
  Cache cache(settings_in(directory_ / "cache"));
  for (const char* value : {"0", "1", "0"}) {
    ::setenv("WASMTIME_BACKTRACE_DETAILS", value, 1);
    auto engine = wasmtime::make_engine({});
    ASSERT_TRUE(engine);
    auto loaded =
        wasmtime::load_module(cache, engine->get(), wasmtime::code_identity(EngineConfig{}),
                              ModuleSource::file(path_.c_str()), compiler);
    ASSERT_TRUE(loaded);
    EXPECT_NE(loaded->report.miss, MissReason::incompatible) << value;
  }
  ::unsetenv("WASMTIME_BACKTRACE_DETAILS");
}

// An engine that modcache did not make.
wasmtime::Engine own_engine(bool fuel) {
  wasm_config_t* config = wasm_config_new();
  wasmtime_config_consume_fuel_set(config, fuel);
  return wasmtime::Engine(wasm_engine_new_with_config(config));
}

class OwnEngineTest : public InProcessTest {
 protected:
  void SetUp() override {
    InProcessTest::SetUp();
    const std::string place = directory_ / "cache";
    const char* options[] = {"dir", place.c_str(), "compiler", "/nonexistent", nullptr};
    cache_ = modcache_open("MODCACHE_C_TEST_", options);
  }
  void TearDown() override { modcache_close(cache_); }

  modcache_report_t load(wasm_engine_t* engine, const char* fingerprint) {
    modcache_report_t report{};
    modcache_error_t* error = nullptr;
    wasmtime_module_t* module =
        modcache_load_file_with_engine(cache_, engine, fingerprint, path_.c_str(), &report, &error);
    EXPECT_NE(module, nullptr) << modcache_error_message(error);
    if (module != nullptr) wasmtime_module_delete(module);
    return report;
  }

  modcache_t* cache_ = nullptr;
};

TEST_F(OwnEngineTest, IsCompiledForInProcessAndHitsByItsFingerprint) {
  const auto plain = own_engine(false), fuel = own_engine(true);
  EXPECT_EQ(load(plain.get(), "plain").tier, MODCACHE_TIER_COMPILED);
  EXPECT_EQ(load(plain.get(), "plain").tier, MODCACHE_TIER_CACHE);
  EXPECT_EQ(load(fuel.get(), "fuel").tier, MODCACHE_TIER_COMPILED) << "another fingerprint";
  EXPECT_EQ(load(fuel.get(), "fuel").tier, MODCACHE_TIER_CACHE);
  EXPECT_EQ(load(plain.get(), "plain").tier, MODCACHE_TIER_CACHE);
}

TEST_F(OwnEngineTest, AFingerprintThatHidesAChangeIsFoundOut) {
  const auto plain = own_engine(false), fuel = own_engine(true);
  load(plain.get(), "the same");
  const modcache_report_t report = load(fuel.get(), "the same");
  EXPECT_EQ(report.tier, MODCACHE_TIER_COMPILED);
  EXPECT_STREQ(report.miss, "incompatible");
  EXPECT_EQ(load(fuel.get(), "the same").tier, MODCACHE_TIER_CACHE);
  EXPECT_EQ(load(plain.get(), "the same").tier, MODCACHE_TIER_CACHE) << "neither evicts the other";
}

TEST_F(OwnEngineTest, SaysWhatIsWrongWithTheModule) {
  write_file(path_, "no module");
  const auto engine = own_engine(false);
  modcache_error_t* error = nullptr;
  EXPECT_EQ(
      modcache_load_file_with_engine(cache_, engine.get(), "plain", path_.c_str(), nullptr, &error),
      nullptr);
  EXPECT_STREQ(modcache_error_kind(error), "not_wasm");
  modcache_error_delete(error);
}

}  // namespace
}  // namespace modcache
