// SPDX-License-Identifier: Apache-2.0
#include "modcache/hash.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace modcache {
namespace {

TEST(Blake2b, GivesThePublishedDigests) {
  EXPECT_EQ(to_hex(hash_of("")),
            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(to_hex(hash_of("abc")),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Blake2b, AgreesWithAnotherImplementationAtEveryLength) {
  std::vector<std::byte> data(400);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 7 & 255);
  Blake2b all;
  for (std::size_t length = 0; length < data.size(); ++length) {
    const Hash one = hash_of(std::span(data).first(length));
    all.update(std::as_bytes(std::span(one.bytes)));
  }
  // Python: hashlib.blake2b(digest_size=32) over the digests of all prefixes.
  EXPECT_EQ(to_hex(all.finish()),
            "66c6c063ba7ddf6dc98e4f91f2eaa6cc5e9fc4c04114af22b9df681a15dd89ee");
}

TEST(Blake2b, DoesNotDependOnThePieces) {
  std::vector<std::byte> data(1000);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 31 & 255);
  for (const std::size_t piece : {1U, 7U, 127U, 128U, 129U, 256U}) {
    Blake2b state;
    for (std::size_t at = 0; at < data.size(); at += piece) {
      state.update(std::span(data).subspan(at, std::min(piece, data.size() - at)));
    }
    EXPECT_EQ(state.finish(), hash_of(data)) << piece;
  }
}

TEST(ChecksumStream, AgreesWithTheWhole) {
  std::vector<std::byte> data(300'000, std::byte{7});
  ChecksumStream stream;
  for (std::size_t at = 0; at < data.size(); at += 65'537) {
    stream.update(std::span(data).subspan(at, std::min<std::size_t>(65'537, data.size() - at)));
  }
  EXPECT_EQ(stream.finish(), checksum_of(data));
  data[123'456] ^= std::byte{1};
  EXPECT_NE(checksum_of(data), stream.finish());
}

TEST(Hash, ReadsOnlyItsOwnHexadecimalForm) {
  const std::string hex = to_hex(hash_of("x"));
  EXPECT_EQ(hash_from_hex(hex), hash_of("x"));
  EXPECT_FALSE(hash_from_hex(hex.substr(1)));
  EXPECT_FALSE(hash_from_hex(hex + "0"));
  std::string upper = hex;
  upper[0] = 'G';
  EXPECT_FALSE(hash_from_hex(upper));
}

}  // namespace
}  // namespace modcache
