// SPDX-License-Identifier: Apache-2.0
//
// Where the cache is: directories that are passed over, not the user's own, or read only.
#include "modcache/testing/cache_fixture.hpp"

namespace modcache {
namespace {

using namespace testing;

TEST_F(CacheTest, SaysWhichDirectoryIsPassedOverAndWhatMendsIt) {
  EXPECT_TRUE(open()->passed_over().empty());
  const std::string own = directory_ / "v1";
  const auto only = [](Cache& cache) {
    EXPECT_EQ(cache.passed_over().size(), 1U);
    return cache.passed_over().empty() ? PassedOver{} : cache.passed_over().front();
  };
  ::chmod(own.c_str(), 0755);
  PassedOver said = only(*open());
  EXPECT_EQ(said.path, own);
  EXPECT_EQ(said.why, "is open to others (mode 755)");
  EXPECT_EQ(said.mend, "chmod 700 " + own);
  ASSERT_EQ(std::system(said.mend.c_str()), 0);
  EXPECT_TRUE(open()->passed_over().empty()) << "it is mended by what it said";

  Settings settings = settings_in(directory_.path());
  const TemporaryDirectory system;
  std::filesystem::create_directory(system / "v1");
  ::chmod((system / "v1").c_str(), 0775);
  settings.extra_dirs = system.path();
  said = only(*open(settings));
  EXPECT_EQ(said.why, "can be written by others (mode 775)");
  EXPECT_EQ(said.mend, "chmod go-w " + (system / "v1"));
  ASSERT_EQ(std::system(said.mend.c_str()), 0);
  EXPECT_TRUE(open(settings)->passed_over().empty());

  write_file(directory_ / "a file", "");
  said = only(*open(settings_in(directory_ / "a file/below")));
  EXPECT_EQ(said.path, directory_ / "a file");
  EXPECT_EQ(said.why, "is no directory");
  ASSERT_EQ(std::system(said.mend.c_str()), 0) << said.mend;
  EXPECT_TRUE(open(settings_in(directory_ / "a file/below"))->passed_over().empty());

  std::filesystem::create_directory(directory_ / "other");
  std::filesystem::create_symlink(own, directory_ / "other/v1");
  said = only(*open(settings_in(directory_ / "other")));
  EXPECT_EQ(said.why, "is a link");
  ASSERT_EQ(std::system(said.mend.c_str()), 0) << said.mend;
  EXPECT_TRUE(open(settings_in(directory_ / "other"))->passed_over().empty());

  settings.dir = directory_ / "absent";
  settings.mode = Mode::ro;
  EXPECT_EQ(only(*open(settings)).why, "is not there");
  files_.uid = host_files().effective_uid() + 1;
  EXPECT_EQ(only(*open()).why.substr(0, 24), "belongs to another user ");
}

TEST_F(CacheTest, ADirectoryThatOthersCanEnterOrOwnIsNotUsed) {
  load_ok(*open());
  ::chmod((directory_ / "v1").c_str(), 0777);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::no_directory);
  ::chmod((directory_ / "v1").c_str(), 0700);
  files_.uid = host_files().effective_uid() + 1;
  EXPECT_EQ(load_ok(*open()).miss, MissReason::no_directory);
  files_.uid.reset();
  EXPECT_EQ(load_ok(*open()).tier, Tier::cache);
}

TEST_F(CacheTest, AFileOrALinkWhereTheDirectoryShouldBe) {
  write_file(directory_ / "file", "");
  EXPECT_EQ(load_ok(*open(settings_in(directory_ / "file"))).miss, MissReason::no_directory);
  load_ok(*open());
  std::filesystem::create_directory(directory_ / "other");
  std::filesystem::create_symlink(directory_ / "v1", directory_ / "other/v1");
  EXPECT_EQ(load_ok(*open(settings_in(directory_ / "other"))).miss, MissReason::no_directory);
  std::filesystem::create_symlink(directory_ / "loop", directory_ / "loop");
  EXPECT_EQ(load_ok(*open(settings_in(directory_ / "loop"))).miss, MissReason::no_directory);
}

// Sets a variable of the environment for as long as it lives; nullptr unsets it.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    put(value);
  }
  ~Variable() { put(old_ ? old_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void put(const char* value) { value != nullptr ? ::setenv(name_, value, 1) : ::unsetenv(name_); }
  const char* name_;
  std::optional<std::string> old_;
};

TEST_F(CacheTest, FindsItsPlaceByItself) {
  const std::string home = directory_ / "home", temporary = directory_ / "tmp";
  std::filesystem::create_directory(home);
  std::filesystem::create_directory(temporary);
  const std::string last = temporary + "/modcache-" + std::to_string(::geteuid()) + "/v1";
  const Variable tmp("TMPDIR", temporary.c_str());
  {
    const Variable base("XDG_CACHE_HOME", (directory_ / "base").c_str());
    const Variable own("HOME", home.c_str());
    EXPECT_EQ(open(Settings{})->directories().front(), directory_ / "base/modcache/v1");
  }
  const Variable none("XDG_CACHE_HOME", "relative/is/ignored");
  {
    const Variable own("HOME", home.c_str());
    EXPECT_EQ(open(Settings{})->directories().front(), home + "/.cache/modcache/v1");
  }
  const Variable own("HOME", "/proc/nothing/can/be/made/here");
  EXPECT_EQ(load_ok(*open(Settings{})).miss, MissReason::absent);
  EXPECT_EQ(open(Settings{})->directories().front(), last);
  EXPECT_EQ(load_ok(*open(Settings{})).tier, Tier::cache);
  // Where another made the directory first, or could exchange what is in it, there is no cache.
  std::filesystem::permissions(std::filesystem::path(last).parent_path(),
                               std::filesystem::perms(0777));
  EXPECT_EQ(load_ok(*open(Settings{})).miss, MissReason::no_directory);
  EXPECT_EQ(open(Settings{})->directories().front(), "");
  std::filesystem::remove_all(std::filesystem::path(last).parent_path());
  std::filesystem::create_directory(directory_ / "elsewhere");
  std::filesystem::create_directory_symlink(directory_ / "elsewhere",
                                            std::filesystem::path(last).parent_path());
  EXPECT_EQ(load_ok(*open(Settings{})).miss, MissReason::no_directory);
  EXPECT_TRUE(std::filesystem::is_empty(directory_ / "elsewhere"));
}

TEST_F(CacheTest, LooksIntoReadOnlyDirectoriesSecond) {
  const TemporaryDirectory system;
  {
    Cache cache(settings_in(system.path()), files_);
    load_ok(cache);
  }
  ASSERT_EQ(compiler_.started, 1);
  Settings settings = settings_in(directory_.path());
  settings.extra_dirs = "/nonexistent:" + system.path();
  auto cache = open(settings);
  EXPECT_EQ(load_ok(*cache).tier, Tier::cache);
  EXPECT_TRUE(entry_files(directory_.path()).empty());
  EXPECT_EQ(cache->directories(), (std::vector<std::string>{directory_ / "v1", system / "v1"}));
  const auto entries = cache->list();
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_TRUE(entries->at(0).read_only);
  const auto said = cache->explain(memory_module(module_text()), identity());
  ASSERT_TRUE(said);
  EXPECT_TRUE(said->hit);
  EXPECT_EQ(said->file, entries->at(0).file) << "where it is, not where it would be written";
  ASSERT_EQ(said->looked_at.size(), 2U);
  EXPECT_EQ(said->looked_at.at(0).reason, MissReason::absent);
  EXPECT_TRUE(said->looked_at.at(1).read_only);
}

}  // namespace
}  // namespace modcache
