// SPDX-License-Identifier: Apache-2.0
#include "modcache/helper_compiler.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "modcache/compile_protocol.hpp"
#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

using namespace testing;

class HelperCompilerTest : public ::testing::Test {
 protected:
  // A compile program made of a shell script.
  Result<std::vector<std::byte>> compile_by(const std::string& script,
                                            std::uint64_t timeout_ms = 5000) {
    HelperOptions options;
    options.program = directory_ / "helper";
    options.timeout_ms = timeout_ms;
    write_file(options.program, "#!/bin/sh\n" + script);
    ::chmod(options.program.c_str(), 0700);
    HelperCompiler compiler(options);
    return compiler.compile({bytes_of(module_), "opt_level=none", "48.0.8", "m.wasm"});
  }
  // A script that answers with one frame.
  std::string frame(FrameKind kind, std::string_view text, ErrorCode code = {}) {
    const FrameHeader header{kFrameMagic, kind, static_cast<std::uint32_t>(code), text.size()};
    write_file(
        directory_ / "answer",
        std::string(reinterpret_cast<const char*>(&header), sizeof header) + std::string(text));
    return "/bin/cat >/dev/null\n/bin/cat '" + (directory_ / "answer") + "'\n";
  }

  TemporaryDirectory directory_;
  std::string module_ = module_text(std::string(1 << 20, 'm'));
};

TEST_F(HelperCompilerTest, GivesWhatTheProgramAnswers) {
  const std::string artefact(3 << 20, 'a');
  auto made = compile_by(frame(FrameKind::artefact, artefact));
  ASSERT_TRUE(made) << describe(made.error());
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(made->data()), made->size()), artefact);
}

TEST_F(HelperCompilerTest, HandsTheModuleAndTheSettingsOver) {
  (void)compile_by("/bin/cat > '" + (directory_ / "in") + "'\necho \"$@\" > '" +
                   (directory_ / "words") + "'\n/usr/bin/env > '" + (directory_ / "env") +
                   "'\nls -l /proc/$$/fd > '" + (directory_ / "fds") + "'\n");
  EXPECT_EQ(read_file(directory_ / "in"), module_);
  const std::string words = read_file(directory_ / "words");
  EXPECT_NE(words.find("--config=opt_level=none"), std::string::npos) << words;
  EXPECT_NE(words.find("--runtime=48.0.8"), std::string::npos) << words;
  EXPECT_EQ(read_file(directory_ / "env").find("HOME="), std::string::npos);
}

TEST_F(HelperCompilerTest, PassesOnTheCompilersMessage) {
  auto made = compile_by(frame(FrameKind::error, "type mismatch", ErrorCode::compile_failed));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::compile_failed);
  EXPECT_EQ(made.error().message, "type mismatch");
}

TEST_F(HelperCompilerTest, EndsOneThatHangs) {
  const std::int64_t start = host_files().steady_us();
  auto made = compile_by("exec sleep 60\n", 200);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::compiler_hung);
  EXPECT_LT(host_files().steady_us() - start, 10'000'000);
}

TEST_F(HelperCompilerTest, EndsOneThatAnswersAndHangs) {
  auto made = compile_by("printf garbage\nexec sleep 60\n", 200);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::compiler_hung);
}

TEST_F(HelperCompilerTest, SaysHowOneDied) {
  auto made = compile_by("kill -SEGV $$\n");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::compiler_died);
  EXPECT_NE(made.error().message.find("signal 11"), std::string::npos) << made.error().message;
  made = compile_by("exit 3\n");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::compiler_died);
}

TEST_F(HelperCompilerTest, TakesNoAnswerThatIsCutShortOrGarbage) {
  const std::string whole = frame(FrameKind::artefact, std::string(1000, 'a'));
  const std::string answer = read_file(directory_ / "answer");
  for (const std::size_t length : {0UZ, 1UZ, 23UZ, 24UZ, 25UZ, answer.size() - 1}) {
    write_file(directory_ / "answer", answer.substr(0, length));
    auto made = compile_by(whole);
    ASSERT_FALSE(made) << length;
    EXPECT_EQ(made.error().code, ErrorCode::compiler_died) << length;
  }
  write_file(directory_ / "answer", answer + "more");
  EXPECT_FALSE(compile_by(whole));
  write_file(directory_ / "answer", std::string(100, 'g'));
  EXPECT_FALSE(compile_by(whole));
}

TEST_F(HelperCompilerTest, SaysWhatIsMissing) {
  HelperOptions options;
  options.beside = directory_.path();
  HelperCompiler nowhere(options);
  auto made = nowhere.compile({bytes_of(module_), "", "", ""});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::compiler_missing);
  options.program = directory_ / "absent";
  HelperCompiler absent(options);
  made = absent.compile({bytes_of(module_), "", "", ""});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::compiler_missing);
  EXPECT_EQ(made.error().os_error, ENOENT);
}

TEST_F(HelperCompilerTest, WorksWhereChildrenAreReapedByOthersAndPipesAreIgnored) {
  const auto old_child = ::signal(SIGCHLD, SIG_IGN);
  auto made = compile_by(frame(FrameKind::artefact, "abc"));
  EXPECT_TRUE(made);
  // One that reads nothing: writing to it must not raise SIGPIPE here.
  made = compile_by("exec 0<&-\nexit 0\n");
  EXPECT_FALSE(made);
  ::signal(SIGCHLD, old_child);
}

class Notice final : public SlowCompileNotice {
 public:
  void slow_compile(std::string_view name) override { told.emplace_back(name); }
  std::vector<std::string> told;
};

TEST_F(HelperCompilerTest, TellsOnceThatItIsSlow) {
  HelperOptions options;
  options.program = directory_ / "helper";
  options.timeout_ms = 300;
  write_file(options.program, "#!/bin/sh\nexec sleep 60\n");
  ::chmod(options.program.c_str(), 0700);
  Notice notice;
  HelperCompiler compiler(options);
  EXPECT_FALSE(compiler.compile({bytes_of(module_), "", "", "slow.wasm", &notice, 50}));
  EXPECT_EQ(notice.told, std::vector<std::string>{"slow.wasm"});
}

TEST(HelperOptions, PreferTheSettingAndKnowThePlaces) {
  const TemporaryDirectory directory;
  std::filesystem::create_directories(directory / "bin");
  std::filesystem::create_directories(directory / "libexec/modcache");
  const std::string libexec = directory / "libexec/modcache/modcache-compile";
  write_file(libexec, "");
  ::chmod(libexec.c_str(), 0700);
  Settings settings;
  const auto found = [&] { return find_helper(helper_options(settings, directory / "bin")); };
  EXPECT_EQ(std::filesystem::weakly_canonical(found()), libexec);
  std::filesystem::create_directories(directory / "libexec/product");
  const auto from_libexec = find_helper(helper_options(settings, directory / "libexec/product"));
  EXPECT_EQ(std::filesystem::weakly_canonical(from_libexec), libexec);
  const std::string beside = directory / "bin/modcache-compile";
  write_file(beside, "");
  ::chmod(beside.c_str(), 0700);
  EXPECT_EQ(found(), beside);
  settings.compiler = "/chosen";
  EXPECT_EQ(found(), "/chosen");
  EXPECT_FALSE(program_directory().empty());
}

TEST(DirectoryOf, IsWhatStandsBeforeTheLastSlash) {
  EXPECT_EQ(directory_of("/usr/bin/swebash"), "/usr/bin");
  EXPECT_EQ(directory_of("/swebash"), "/");
  EXPECT_EQ(directory_of("swebash"), "");
}

}  // namespace
}  // namespace modcache
