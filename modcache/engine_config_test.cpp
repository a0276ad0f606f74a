// SPDX-License-Identifier: Apache-2.0
#include "modcache/engine_config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <ranges>
#include <string>

namespace modcache {
namespace {

TEST(EngineConfig, ComesBackFromItsText) {
  EngineConfig config;
  config.opt_level = OptLevel::speed_and_size;
  config.epoch_interruption = true;
  config.memory_reservation = 123456789;
  config.max_wasm_stack = 1 << 20;
  config.backtrace_frames = 0;
  config.pooling.enabled = true;
  config.pooling.instances = 77;
  const auto read = parse_engine_config(to_text(config));
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(*read, config);
}

TEST(EngineConfig, KeepsDefaultsOfWhatIsNotNamed) {
  const auto read = parse_engine_config(" epoch_interruption=1\n");
  ASSERT_TRUE(read);
  EngineConfig expected;
  expected.epoch_interruption = true;
  EXPECT_EQ(*read, expected);
}

TEST(EngineConfig, RefusesWhatIsNotASetting) {
  for (const char* text :
       {"nonsense", "nonsense=1", "epoch_interruption=2", "opt_level=fast",
        "max_wasm_stack=", "max_wasm_stack=1x", "cpu=z80", "=1", "pooling.instances=4294967296"}) {
    const auto read = parse_engine_config(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::bad_config) << text;
  }
}

TEST(EngineConfig, CodeTextChangesWithEverySettingOfCode) {
  const std::string plain = code_text({});
#define MODCACHE_FLAG(name, value, scope)                             \
  {                                                                   \
    EngineConfig config;                                              \
    config.name = !config.name;                                       \
    EXPECT_EQ(code_text(config) != plain, #scope[0] == 'c') << #name; \
    EXPECT_NE(to_text(config), to_text({})) << #name;                 \
  }
#define MODCACHE_NUMBER(name, value, scope)                           \
  {                                                                   \
    EngineConfig config;                                              \
    ++config.name;                                                    \
    EXPECT_EQ(code_text(config) != plain, #scope[0] == 'c') << #name; \
    EXPECT_NE(to_text(config), to_text({})) << #name;                 \
  }
#include "modcache/engine_config.def"
#undef MODCACHE_FLAG
#undef MODCACHE_NUMBER
  EngineConfig config;
  config.opt_level = OptLevel::none;
  EXPECT_NE(code_text(config), plain);
  config = {};
  config.nan_canonicalization = true;
  EXPECT_NE(code_text(config), plain);
}

TEST(EngineConfig, NamesTheCpuInTheKey) {
  EngineConfig config;
  EXPECT_TRUE(cpu_text(config).starts_with("host "));
  EXPECT_EQ(cpu_text(config), cpu_text(config));
  std::string_view names = cpu_baseline_names();
  config.cpu = names.substr(0, names.find(' '));
  EXPECT_EQ(cpu_text(config), config.cpu);
  EXPECT_NE(cpu_baseline_flags(config.cpu), nullptr);
  EXPECT_EQ(cpu_baseline_flags("z80"), nullptr);
  // The first is the architecture itself.
  EXPECT_TRUE(cpu_runs(config.cpu));
  EXPECT_FALSE(cpu_runs("z80"));
  EXPECT_FALSE(cpu_runs(""));
}

#if defined(__x86_64__)
TEST(EngineConfig, KnowsWhatThisCpuRuns) {
  // The system's own list is the oracle.
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line) && !line.starts_with("flags")) line.clear();
  line += ' ';
  const auto has = [&line](std::string_view names) {
    return std::ranges::all_of(std::views::split(names, ' '), [&line](auto name) {
      return line.contains(" " + std::string(name.begin(), name.end()) + " ");
    });
  };
  const bool second = has("pni ssse3 cx16 sse4_1 sse4_2 popcnt");
  EXPECT_EQ(cpu_runs("x86-64-v2"), second);
  EXPECT_EQ(cpu_runs("x86-64-v3"), second && has("fma avx avx2 bmi1 bmi2 abm"));
}
#endif

}  // namespace
}  // namespace modcache
