// SPDX-License-Identifier: Apache-2.0
#include "modcache/ahead_of_time.hpp"

#include <gtest/gtest.h>

#include "modcache/manifest.hpp"
#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

using namespace testing;

class AheadOfTimeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    KeyFields fields = key_fields({}, "48.0.8");
    fields.module = hash_of("module");
    const std::string artefact = "machine code";
    whole_ = artefact + make_manifest(to_text(fields), {"engine.wasm", "build-7", 9},
                                      artefact.size(), checksum_of(bytes_of(artefact)), 0, 0);
    write_file(path_, whole_);
  }
  swebash::Result<Artefact, MissReason> open(std::string_view id = "build-7",
                                             std::string_view runtime = "48.0.8",
                                             std::uint32_t owner = ::geteuid()) {
    return open_ahead_of_time(host_files(), {path_.c_str(), id, runtime, owner});
  }
  MissReason reason_of(const swebash::Result<Artefact, MissReason>& result) {
    return result ? MissReason::none : result.error();
  }

  TemporaryDirectory directory_;
  std::string path_ = directory_ / "engine.cwasm";
  std::string whole_;
};

TEST_F(AheadOfTimeTest, OpensWhatWasBuiltWithTheProgram) {
  auto artefact = open();
  ASSERT_TRUE(artefact);
  EXPECT_EQ(text_of(*artefact), "machine code");
  EXPECT_EQ(artefact->report.tier, Tier::ahead_of_time);
  EXPECT_EQ(artefact->report.checked, Checked::by_trust);
}

TEST_F(AheadOfTimeTest, SaysWhyItIsNotUsed) {
  EXPECT_EQ(reason_of(open("build-8")), MissReason::stale);
  EXPECT_EQ(reason_of(open("build-7", "49.0.0")), MissReason::stale);
  EXPECT_EQ(reason_of(open("build-7", "48.0.8", ::geteuid() + 1)), MissReason::foreign);
  ::chmod(path_.c_str(), 0666);
  EXPECT_EQ(reason_of(open()), MissReason::foreign);
  ::chmod(path_.c_str(), 0644);
  EXPECT_EQ(reason_of(open()), MissReason::none);
  std::filesystem::remove(path_);
  EXPECT_EQ(reason_of(open()), MissReason::absent);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(reason_of(open()), MissReason::foreign);
}

TEST_F(AheadOfTimeTest, IsNotUsedAtAnyOtherLength) {
  for (std::size_t length = 0; length < whole_.size(); ++length) {
    write_file(path_, whole_.substr(0, length));
    ASSERT_EQ(reason_of(open()), MissReason::corrupt) << length;
  }
}

}  // namespace
}  // namespace modcache
