// SPDX-License-Identifier: Apache-2.0
#include "modcache/settings.hpp"

#include <gtest/gtest.h>

#include "modcache/testing/faulty_file_system.hpp"
#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

using testing::TemporaryDirectory;

Source source_of(const Settings& settings, Setting setting) {
  return settings.sources[static_cast<std::size_t>(setting)];
}

TEST(Settings, WeighFileBelowEnvironmentBelowOption) {
  const TemporaryDirectory directory;
  SettingsPlaces places{"MODCACHE_TEST_", directory / "conf", {}};
  testing::write_file(places.file, "# comment\n dir = /from/file\nmax_size=2MiB\nmode = ro\n");
  ::setenv("MODCACHE_TEST_DIR", "/from/environment", 1);
  ::setenv("MODCACHE_TEST_MAX_AGE", "12h", 1);
  places.options = {{"mode", "require"}};
  const Settings settings = load_settings(host_files(), places);
  ::unsetenv("MODCACHE_TEST_DIR");
  ::unsetenv("MODCACHE_TEST_MAX_AGE");
  EXPECT_EQ(settings.dir, "/from/environment");
  EXPECT_EQ(settings.max_size, 2U << 20);
  EXPECT_EQ(settings.max_age, 12U * 3600 * 1000);
  EXPECT_EQ(settings.mode, Mode::require);
  EXPECT_EQ(source_of(settings, Setting::dir), Source::environment);
  EXPECT_EQ(source_of(settings, Setting::max_size), Source::file);
  EXPECT_EQ(source_of(settings, Setting::mode), Source::option);
  EXPECT_EQ(source_of(settings, Setting::verify), Source::default_value);
  EXPECT_TRUE(settings.problems.empty());
}

TEST(Settings, PassOverWhatCannotBeReadAndSaySo) {
  const TemporaryDirectory directory;
  testing::write_file(directory / "conf", "max_size = lots\nno equals sign\nunknown = 1\n");
  const Settings settings = load_settings(host_files(), {"NONE_", directory / "conf", {}});
  EXPECT_EQ(settings.max_size, 1ULL << 30);
  ASSERT_EQ(settings.problems.size(), 3U);
  EXPECT_NE(settings.problems[0].find("conf:1: "), std::string::npos);
}

TEST(Settings, CostOneOpenWhereThereIsNoFile) {
  testing::FaultyFileSystem files;
  (void)load_settings(files, {"NONE_", "/nonexistent/modcache.conf", {}});
  EXPECT_EQ(files.calls(), 1);
}

TEST(Settings, DefaultsOfTheTableAreThoseOfTheStruct) {
  Settings from_table;
#define MODCACHE_SETTING(name, NAME, type, value, help)                         \
  ASSERT_TRUE(std::string_view(value).empty() ||                                \
              set(from_table, #name, value, Source::default_value).has_value()) \
      << #name;
#include "modcache/settings.def"
#undef MODCACHE_SETTING
  const Settings plain;
  for (int i = 0; i < kSettings; ++i) {
    const auto setting = static_cast<Setting>(i);
    EXPECT_EQ(value_text(from_table, setting), value_text(plain, setting)) << name_of(setting);
  }
}

TEST(Settings, ReadsSizesAndDurations) {
  EXPECT_EQ(parse_size("1GiB"), 1ULL << 30);
  EXPECT_EQ(parse_size("2 G"), 2ULL << 30);
  EXPECT_EQ(parse_size("10"), 10U);
  EXPECT_FALSE(parse_size("10 parsecs"));
  EXPECT_FALSE(parse_size(""));
  EXPECT_FALSE(parse_size("99999999999999T"));
  EXPECT_EQ(parse_duration_ms("30d"), 30ULL * 86400 * 1000);
  EXPECT_EQ(parse_duration_ms("250ms"), 250U);
  EXPECT_EQ(parse_duration_ms("5"), 5000U);
  EXPECT_FALSE(parse_duration_ms("soon"));
  for (const char* text : {"1GiB", "512MiB", "1000", "0"}) {
    EXPECT_EQ(size_text(*parse_size(text)), text);
  }
  for (const char* text : {"30d", "12h", "250ms"}) {
    EXPECT_EQ(duration_text(*parse_duration_ms(text)), text);
  }
}

}  // namespace
}  // namespace modcache
