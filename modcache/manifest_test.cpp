// SPDX-License-Identifier: Apache-2.0
#include "modcache/manifest.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "modcache/key.hpp"

namespace modcache {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string entry_of(const std::string& artefact, const std::string& key_text) {
  return artefact + make_manifest(key_text, {"a.wasm", "id", 5}, artefact.size(),
                                  checksum_of(bytes_of(artefact)), 12, 34);
}

TEST(Manifest, ComesBackFromTheEndOfAFile) {
  const std::string file = entry_of("artefact", "key\n");
  const auto manifest = parse_manifest(bytes_of(file), file.size());
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->key_text, "key\n");
  EXPECT_EQ(parse_info(manifest->info_text), (EntryInfo{"a.wasm", "id", 5}));
  EXPECT_EQ(manifest->footer.artefact_size, 8U);
  EXPECT_EQ(manifest->footer.artefact, checksum_of(bytes_of("artefact")));
  EXPECT_EQ(manifest->footer.compile_ms, 12U);
  EXPECT_EQ(manifest->footer.created, 34U);
}

TEST(Manifest, IsRefusedWithAnyByteFlipped) {
  const std::string artefact = "artefact";
  std::string file = entry_of(artefact, "key text\n");
  for (std::size_t at = artefact.size(); at < file.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      file[at] = static_cast<char>(file[at] ^ (1 << bit));
      EXPECT_FALSE(parse_manifest(bytes_of(file), file.size())) << at;
      file[at] = static_cast<char>(file[at] ^ (1 << bit));
    }
  }
  EXPECT_TRUE(parse_manifest(bytes_of(file), file.size()));
}

TEST(Manifest, IsRefusedAtEveryOtherLength) {
  const std::string file = entry_of("artefact", "key text\n");
  for (std::size_t length = 0; length < file.size(); ++length) {
    EXPECT_FALSE(parse_manifest(bytes_of(file).first(length), length)) << length;
  }
  const std::string longer = file + "x";
  EXPECT_FALSE(parse_manifest(bytes_of(longer), longer.size()));
}

TEST(Manifest, NeverBelievesASizeBeyondTheFile) {
  std::string file = entry_of("artefact", "key text\n");
  for (const std::size_t field : {12U, 16U}) {
    for (const std::uint32_t size : {UINT32_MAX, 1U << 30, 1U << 20, 0U}) {
      std::string forged = file;
      std::memcpy(forged.data() + (forged.size() - kFooterSize + field), &size, sizeof size);
      EXPECT_FALSE(parse_manifest(bytes_of(forged), forged.size()));
    }
  }
}

TEST(Manifest, IsRefusedByAnotherVersionEvenWithARightChecksum) {
  std::string file = entry_of("artefact", "key text\n");
  const std::size_t footer = file.size() - kFooterSize;
  const std::uint32_t version = kManifestVersion + 1;
  std::memcpy(file.data() + footer + 8, &version, sizeof version);
  const std::uint64_t sum =
      short_checksum_of(bytes_of(file).subspan(8, file.size() - 8 - sizeof(std::uint64_t)));
  std::memcpy(file.data() + file.size() - sizeof sum, &sum, sizeof sum);
  EXPECT_FALSE(parse_manifest(bytes_of(file), file.size()));
}

TEST(EntryInfo, CannotForgeALine) {
  const EntryInfo info{"evil\nbuild_id forged", "", 1};
  EXPECT_EQ(parse_info(to_text(info)).build_id, "");
  EXPECT_EQ(parse_info("garbage\n\nname\nbuild_id x").build_id, "x");
}

TEST(KeyFields, ComeBackFromTheirText) {
  KeyFields fields = key_fields({}, "48.0.8");
  fields.module = hash_of("module");
  EXPECT_EQ(parse_key_fields(to_text(fields)), fields);
  EXPECT_FALSE(parse_key_fields(to_text(fields) + "more 1\n"));
  EXPECT_FALSE(parse_key_fields(""));
  EXPECT_FALSE(parse_key_fields("module x\n"));
}

TEST(KeyFields, ALineEndInAValueForgesNothing) {
  KeyFields fields = key_fields({}, "48.0.8");
  fields.settings = "custom a\nruntime other";
  const auto read = parse_key_fields(to_text(fields));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->settings, "custom a runtime other");
}

TEST(KeyFields, NameTheFirstDifference) {
  const KeyFields one = key_fields({}, "48.0.8");
  EXPECT_EQ(first_difference(one, one), nullptr);
  KeyFields other = one;
  other.cpu = "z80";
  EXPECT_STREQ(first_difference(one, other), "cpu");
  other.runtime = "wasmtime 1";
  EXPECT_STREQ(first_difference(one, other), "runtime");
  EXPECT_LT(agreement(one, other), agreement(one, one));
}

}  // namespace
}  // namespace modcache
