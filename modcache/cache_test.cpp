// SPDX-License-Identifier: Apache-2.0
#include "modcache/cache.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "modcache/testing/faulty_file_system.hpp"
#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

using namespace testing;

// Ten seconds ahead of any file's ctime, so that stamps and index records are believed at once.
constexpr std::int64_t kLater = 10'000'000'000;

class CacheTest : public ::testing::Test {
 protected:
  std::unique_ptr<Cache> open() { return open(settings_in(directory_.path())); }
  std::unique_ptr<Cache> open(Settings settings) {
    return std::make_unique<Cache>(std::move(settings), files_);
  }
  Report load_ok(Cache& cache, std::string_view module = module_text(),
                 const CodeIdentity& code = identity()) {
    auto artefact = cache.get(memory_module(module), code, compiler_);
    EXPECT_TRUE(artefact) << describe(artefact.error());
    if (!artefact) return {};
    EXPECT_EQ(text_of(*artefact), artefact_text_of(module, code.config_text));
    return artefact->report;
  }

  TemporaryDirectory directory_;
  FaultyFileSystem files_;
  FakeCompiler compiler_;
};

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

TEST_F(CacheTest, EveryFlippedByteIsAMissThatIsReplaced) {
  load_ok(*open());
  const std::string file = entry_files(directory_.path()).at(0);
  const std::string whole = read_file(file);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
    write_file(file, flipped);
    const Report report = load_ok(*open());
    ASSERT_EQ(report.miss, MissReason::corrupt) << at;
    ASSERT_TRUE(report.published) << at;
    ASSERT_EQ(load_ok(*open()).tier, Tier::cache) << at;
  }
  EXPECT_EQ(open()->stats().misses[static_cast<int>(MissReason::corrupt)], whole.size());
}

TEST_F(CacheTest, EveryTruncationIsAMiss) {
  load_ok(*open());
  const std::string file = entry_files(directory_.path()).at(0);
  const std::string whole = read_file(file);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write_file(file, whole.substr(0, length));
    ASSERT_EQ(load_ok(*open()).miss, MissReason::corrupt) << length;
  }
  write_file(file, whole + "more");
  EXPECT_EQ(load_ok(*open()).miss, MissReason::corrupt);
}

TEST_F(CacheTest, AStampDoesNotOutliveAChange) {
  files_.clock_shift_ns = kLater;
  load_ok(*open());
  load_ok(*open());
  ASSERT_EQ(load_ok(*open()).checked, Checked::by_stamp);
  const std::string file = entry_files(directory_.path()).at(0);
  std::string whole = read_file(file);
  whole[3] = static_cast<char>(whole[3] ^ 1);
  // Within one tick of the file system's clock a change shows in no time: what the two seconds that
  // the shifted clock skips are for.
  const auto published = std::filesystem::last_write_time(file);
  do {
    write_file(file, whole);
  } while (std::filesystem::last_write_time(file) == published);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::corrupt);
}

TEST_F(CacheTest, AnEntryUnderAnothersNameIsNotTaken) {
  load_ok(*open(), module_text("one"));
  const std::string one = entry_files(directory_.path()).at(0);
  const std::string content = read_file(one);
  std::filesystem::remove(one);
  load_ok(*open(), module_text("two"));
  const std::string two = entry_files(directory_.path()).at(0);
  write_file(two, content);
  const Report report = load_ok(*open(), module_text("two"));
  EXPECT_EQ(report.miss, MissReason::stale);
  EXPECT_TRUE(report.published);
  EXPECT_EQ(load_ok(*open(), module_text("two")).tier, Tier::cache);
}

TEST_F(CacheTest, OddThingsWhereAnEntryShouldBe) {
  load_ok(*open());
  const std::string file = entry_files(directory_.path()).at(0);
  const std::string whole = read_file(file);

  std::filesystem::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::foreign);
  EXPECT_EQ(load_ok(*open()).tier, Tier::cache) << "the FIFO is replaced";

  std::filesystem::remove(file);
  write_file(directory_ / "elsewhere", whole);
  std::filesystem::create_symlink(directory_ / "elsewhere", file);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::foreign);
  EXPECT_EQ(load_ok(*open()).tier, Tier::cache);

  ::chmod(file.c_str(), 0666);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::foreign);

  for (const char* inner : {"", "/some/tree", "/link"}) {
    std::filesystem::remove(file);
    std::filesystem::create_directories(file);
    if (std::string_view(inner) == "/link") {
      std::filesystem::create_symlink(directory_.path(), file + inner);
    } else {
      std::filesystem::create_directories(file + inner);
    }
    EXPECT_EQ(load_ok(*open()).miss, MissReason::foreign) << inner;
    EXPECT_EQ(load_ok(*open()).tier, Tier::cache) << inner << ": the directory is replaced";
    EXPECT_EQ(read_file(directory_ / "elsewhere"), whole) << "a link is not followed";
  }
}

TEST_F(CacheTest, WhatIsNoEntryGoesWhenPrunedOrCleared) {
  for (const bool clears : {false, true}) {
    load_ok(*open());
    const std::string file = entry_files(directory_.path()).at(0);
    std::filesystem::remove(file);
    std::filesystem::create_directories(file + "/some/tree");
    const auto pruned = clears ? open()->clear() : open()->prune(1 << 20, 0);
    ASSERT_TRUE(pruned);
    EXPECT_EQ(pruned->entries, 1U) << clears;
    EXPECT_FALSE(std::filesystem::exists(file)) << clears;
  }
}

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

TEST_F(CacheTest, AGiantManifestOrFileIsNotRead) {
  load_ok(*open());
  const std::string file = entry_files(directory_.path()).at(0);
  std::filesystem::resize_file(file, 1ULL << 30);
  EXPECT_EQ(load_ok(*open()).miss, MissReason::corrupt);
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

// Puts something odd at `path`, where a plain file is expected.
void put_oddity(int kind, const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
  switch (kind) {
    case 0: std::filesystem::create_directory(path); break;
    case 1: ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); break;
    case 2: std::filesystem::create_symlink(path, path); break;
    case 3: std::filesystem::create_symlink("/dev/zero", path); break;
    case 4: write_file(path, std::string(100'000, '\xff')); break;
    case 5: write_file(path, ""); break;
    default: write_file(path, "not to be read"); ::chmod(path.c_str(), 0);
  }
}

TEST_F(CacheTest, OddThingsWhereItsOwnFilesShouldBe) {
  files_.clock_shift_ns = kLater;
  for (const char* name : {"index", "locks", "stats.log", "stats.old", "stats.totals", "stats.lock",
                           "stats.totals.new"}) {
    for (int kind = 0; kind <= 6; ++kind) {
      std::filesystem::remove_all(directory_ / "v1");
      load_ok(*open());
      put_oddity(kind, directory_ / "v1/" + name);
      EXPECT_EQ(load_ok(*open()).tier, Tier::cache) << name << kind;
      std::filesystem::remove(entry_files(directory_.path()).at(0));
      EXPECT_TRUE(load_ok(*open()).published) << name << kind;
      (void)open()->stats();
      EXPECT_TRUE(open()->prune(1, 1)) << name << kind;
      EXPECT_EQ(load_ok(*open()).tier, Tier::compiled) << name << kind;
    }
  }
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

TEST_F(CacheTest, LeavesOtherSchemasAlone) {
  std::filesystem::create_directories(directory_ / "v2");
  write_file(directory_ / "v2/entry.cwasm", "another's");
  auto cache = open();
  load_ok(*cache);
  ASSERT_TRUE(cache->clear());
  ASSERT_TRUE(cache->prune(1, 1));
  EXPECT_EQ(read_file(directory_ / "v2/entry.cwasm"), "another's");
}

}  // namespace
}  // namespace modcache
