// SPDX-License-Identifier: Apache-2.0
// The real compile program, the real cache and a Wasmtime without a compiler, together.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compile/answering_module.hpp"
#include "modcache/ahead_of_time.hpp"
#include "modcache/helper_compiler.hpp"
#include "modcache/modcache.h"
#include "modcache/testing/fixtures.hpp"
#include "modcache/wasmtime/engine.hpp"

namespace modcache {
namespace {

using namespace testing;

class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(path_, answering_module());
    engine_ = std::move(wasmtime::make_engine(config_).value());
  }
  Result<wasmtime::Loaded> load(const std::string& path, wasmtime::ModuleCheck* check = nullptr) {
    HelperOptions options;
    options.program = MODCACHE_COMPILE_PROGRAM;
    HelperCompiler compiler(options);
    Cache cache(settings_in(directory_ / "cache"));
    return wasmtime::load_module(cache, engine_.get(), wasmtime::code_identity(config_),
                                 ModuleSource::file(path.c_str()), compiler, check);
  }
  // Runs the program by itself; its exit status.
  int run(const std::string& arguments) {
    const std::string command = std::string(MODCACHE_COMPILE_PROGRAM) + " " + arguments + " >'" +
                                (directory_ / "out") + "' 2>'" + (directory_ / "err") + "'";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  TemporaryDirectory directory_;
  std::string path_ = directory_ / "answer.wasm";
  EngineConfig config_;
  wasmtime::Engine engine_;
};

TEST_F(ProgramTest, WhatItCompilesRunsCompiledAndFromTheCache) {
  for (const Tier tier : {Tier::compiled, Tier::cache, Tier::cache}) {
    auto loaded = load(path_);
    ASSERT_TRUE(loaded) << describe(loaded.error());
    EXPECT_EQ(loaded->report.tier, tier);
    EXPECT_EQ(call_f(engine_.get(), loaded->module.get()), 42);
  }
}

TEST_F(ProgramTest, EverySettingOfTheCodeLoadsWhereItWasCompiledFor) {
  constexpr const char* kForBaseline = "cpu=" MODCACHE_TEST_BASELINE;
  for (const char* text :
       {"opt_level=none", "epoch_interruption=1", "consume_fuel=1", "memory_init_cow=0",
        "memory_may_move=0", "native_unwind_info=1",
        "memory_reservation=1048576 memory_guard_size=65536", "signals_based_traps=0",
        "wasm_simd=0 wasm_relaxed_simd=0", "wasm_multi_memory=0 wasm_memory64=0 wasm_tail_call=0",
        "nan_canonicalization=1", kForBaseline}) {
    config_ = parse_engine_config(text).value();
    auto engine = wasmtime::make_engine(config_);
    ASSERT_TRUE(engine) << text << describe(engine.error());
    engine_ = std::move(*engine);
    auto loaded = load(path_);
    ASSERT_TRUE(loaded) << text << ": " << describe(loaded.error());
    EXPECT_EQ(loaded->report.tier, Tier::compiled) << text;
    EXPECT_EQ(load(path_)->report.tier, Tier::cache) << text;
  }
}

TEST_F(ProgramTest, AnArtefactOfOtherSettingsIsRefusedAndReplaced) {
  ASSERT_TRUE(load(path_));
  // The entry of this engine is made to hold what was compiled for another.
  const std::string file = entry_files(directory_ / "cache").at(0);
  const std::string own = read_file(file);
  ASSERT_EQ(run("--config 'epoch_interruption=1' '" + path_ + "'"), 0);
  const std::string foreign = read_file(directory_ / "out");
  const auto manifest = parse_manifest(bytes_of(own), own.size());
  ASSERT_TRUE(manifest);
  write_file(file, foreign + make_manifest(manifest->key_text, {}, foreign.size(),
                                           checksum_of(bytes_of(foreign)), 0, 0));
  auto loaded = load(path_);
  ASSERT_TRUE(loaded) << describe(loaded.error());
  EXPECT_EQ(loaded->report.miss, MissReason::incompatible);
  EXPECT_EQ(call_f(engine_.get(), loaded->module.get()), 42);
  EXPECT_EQ(load(path_)->report.tier, Tier::cache);
}

// A compiler that has the artefact already, so that thousands of misses take no time.
class ReadyCompiler final : public Compiler {
 public:
  explicit ReadyCompiler(std::string artefact) : artefact_(std::move(artefact)) {}
  Result<std::vector<std::byte>> compile(const CompileRequest&) override {
    ++started;
    const auto bytes = bytes_of(artefact_);
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  }
  int started = 0;

 private:
  std::string artefact_;
};

TEST_F(ProgramTest, NoFlippedByteAndNoTruncationOfARealEntryIsEverRun) {
  ASSERT_EQ(run("'" + path_ + "'"), 0);
  ReadyCompiler compiler(read_file(directory_ / "out"));
  Settings settings = settings_in(directory_ / "cache");
  Cache filling(settings);
  settings.mode = Mode::ro;  // what is broken is not replaced, which would cost a sync each
  Cache cache(settings);
  const auto code = wasmtime::code_identity(config_);
  const auto load_right = [&](Cache& from) {
    auto loaded = wasmtime::load_module(from, engine_.get(), code,
                                        ModuleSource::file(path_.c_str()), compiler);
    return loaded && call_f(engine_.get(), loaded->module.get()) == 42 ? loaded->report.miss
                                                                       : MissReason::disabled;
  };
  ASSERT_EQ(load_right(filling), MissReason::absent);
  ASSERT_EQ(load_right(cache), MissReason::none);
  const std::string file = entry_files(directory_ / "cache").at(0);
  const std::string whole = read_file(file);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    write_file(file, flipped);
    ASSERT_EQ(load_right(cache), MissReason::corrupt) << at;
  }
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    write_file(file, whole.substr(0, length));
    ASSERT_EQ(load_right(cache), MissReason::corrupt) << length;
  }
  EXPECT_EQ(load_right(filling), MissReason::corrupt);
  EXPECT_EQ(load_right(cache), MissReason::none) << "replaced";
  EXPECT_GT(compiler.started, static_cast<int>(whole.size()));
}

TEST_F(ProgramTest, AnEngineOfAnothersMakingNeedsACompilerHere) {
  const std::string cache_path = directory_ / "c-cache";
  const char* options[] = {"dir", cache_path.c_str(), nullptr};
  modcache_t* cache = modcache_open("MODCACHE_C_TEST_", options);
  modcache_error_t* error = nullptr;
  EXPECT_EQ(
      modcache_load_file_with_engine(cache, engine_.get(), "mine", path_.c_str(), nullptr, &error),
      nullptr);
  EXPECT_STREQ(modcache_error_kind(error), "compiler_missing");
  modcache_error_delete(error);
  modcache_close(cache);
}

TEST_F(ProgramTest, GivesTheCompilersMessage) {
  const std::string broken = directory_ / "broken.wasm";
  std::string module(answering_module());
  module[module.size() - 2] = static_cast<char>(0x80);
  write_file(broken, module);
  for (int i = 0; i < 2; ++i) {
    auto loaded = load(broken);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::compile_failed);
    EXPECT_EQ(loaded.error().path, broken);
    EXPECT_FALSE(loaded.error().message.empty());
  }
  EXPECT_TRUE(entry_files(directory_ / "cache").empty());
  EXPECT_EQ(run("'" + broken + "'"), 1);
  EXPECT_EQ(read_file(directory_ / "err").find('\n'), read_file(directory_ / "err").size() - 1)
      << "one line";
}

class Never final : public wasmtime::ModuleCheck {
 public:
  bool accepts(const wasmtime_module_t*, const Report&, std::string& message) override {
    message = "has no export called main";
    return false;
  }
};

TEST_F(ProgramTest, AModuleThatIsNotWantedIsNotPublished) {
  Never never;
  auto loaded = load(path_, &never);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::rejected);
  EXPECT_EQ(loaded.error().message, "has no export called main");
  EXPECT_TRUE(entry_files(directory_ / "cache").empty());
}

TEST_F(ProgramTest, MakesAnAheadOfTimeArtefactThatTheRuntimeLoads) {
  const std::string out = directory_ / "engine.cwasm";
  ASSERT_EQ(run("--entry --baseline " MODCACHE_TEST_BASELINE " --build-id b7 -o '" + out + "' '" +
                path_ + "'"),
            0)
      << read_file(directory_ / "err");
  const AheadOfTime wanted{out.c_str(), "b7", wasmtime::version(), ::geteuid()};
  auto artefact = open_ahead_of_time(host_files(), wanted);
  ASSERT_TRUE(artefact) << name_of(artefact.error());
  auto module = wasmtime::load_artefact(engine_.get(), *artefact);
  ASSERT_TRUE(module) << describe(module.error());
  EXPECT_EQ(call_f(engine_.get(), module->get()), 42);
  // The same input gives the same bytes.
  const std::string first = read_file(out);
  ASSERT_EQ(run("--entry --baseline " MODCACHE_TEST_BASELINE " --build-id b7 -o '" + out + "' '" +
                path_ + "'"),
            0);
  EXPECT_EQ(read_file(out), first);
}

TEST_F(ProgramTest, RefusesWrongUseWithItsOwnStatus) {
  EXPECT_EQ(run("--frobnicate=1"), 2);
  EXPECT_EQ(run("--config nonsense '" + path_ + "'"), 2);
  EXPECT_EQ(run("--baseline z80 '" + path_ + "'"), 2);
  EXPECT_EQ(run("--runtime 1.2.3 '" + path_ + "'"), 4);
  EXPECT_EQ(run("'" + (directory_ / "absent") + "'"), 3);
  EXPECT_EQ(run("-o /nonexistent/out '" + path_ + "'"), 3);
  EXPECT_EQ(run("--help"), 0);
  const std::string to_full =
      std::string(MODCACHE_COMPILE_PROGRAM) + " '" + path_ + "' > /dev/full 2>/dev/null";
  EXPECT_EQ(WEXITSTATUS(std::system(to_full.c_str())), 3);
}

TEST_F(ProgramTest, TheCFunctionsDoTheSame) {
  const std::string cache_path = directory_ / "c-cache";
  const char* options[] = {"dir", cache_path.c_str(), "compiler", MODCACHE_COMPILE_PROGRAM,
                           nullptr};
  modcache_t* cache = modcache_open("MODCACHE_C_TEST_", options);
  modcache_error_t* error = nullptr;
  wasm_engine_t* engine = modcache_engine_new("max_wasm_stack=262144", &error);
  ASSERT_NE(engine, nullptr);
  const char* miss = nullptr;
  EXPECT_EQ(modcache_explain(cache, nullptr, path_.c_str(), &miss, &error), 0);
  EXPECT_STREQ(miss, "absent");
  for (const auto tier : {MODCACHE_TIER_COMPILED, MODCACHE_TIER_CACHE}) {
    modcache_report_t report;
    wasmtime_module_t* module =
        modcache_load_file(cache, engine, nullptr, path_.c_str(), &report, &error);
    ASSERT_NE(module, nullptr) << modcache_error_message(error);
    EXPECT_EQ(report.tier, tier);
    EXPECT_EQ(call_f(engine, module), 42);
    wasmtime_module_delete(module);
  }
  EXPECT_EQ(modcache_load_bytes(cache, engine, nullptr, "text", 4, "t", nullptr, &error), nullptr);
  EXPECT_STREQ(modcache_error_kind(error), "not_wasm");
  modcache_error_delete(error);
  modcache_stats_t stats;
  modcache_get_stats(cache, &stats);
  EXPECT_EQ(stats.hits, 1U);
  EXPECT_EQ(stats.compiled, 1U);
  EXPECT_EQ(modcache_verify(cache, 0, nullptr), 0);
  EXPECT_EQ(modcache_clear(cache, nullptr), 1);
  EXPECT_EQ(modcache_engine_new("nonsense", nullptr), nullptr);
  wasm_engine_delete(engine);
  modcache_close(cache);
}

}  // namespace
}  // namespace modcache
