// SPDX-License-Identifier: Apache-2.0
#include "modcache/hash.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#define XXH_INLINE_ALL
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#elif defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#endif
#include <xxhash.h>
#if defined(__clang__)
#pragma clang diagnostic pop
#elif defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace modcache {

static_assert(std::endian::native == std::endian::little,
              "entries are written in the machine's own order, which has to be little-endian");

namespace {

// RFC 7693, 2.6 and 2.7.
constexpr std::array<std::uint64_t, 8> kInitial = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr std::uint8_t kSigma[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                         {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                         {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                         {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                         {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                         {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                         {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                         {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                         {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                         {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

inline void mix(std::uint64_t (&v)[16], std::size_t a, std::size_t b, std::size_t c, std::size_t d,
                std::uint64_t x, std::uint64_t y) noexcept {
  v[a] = v[a] + v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 32);
  v[c] = v[c] + v[d];
  v[b] = std::rotr(v[b] ^ v[c], 24);
  v[a] = v[a] + v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] = v[c] + v[d];
  v[b] = std::rotr(v[b] ^ v[c], 63);
}

}  // namespace

Blake2b::Blake2b() noexcept : state_(kInitial) {
  // RFC 7693, 2.5: digest of 32 bytes, no key, fan-out and depth 1.
  state_[0] ^= 0x01010000 ^ sizeof(Hash::bytes);
}

void Blake2b::compress(const std::uint8_t* block, bool last) noexcept {
  std::uint64_t words[16];
  std::memcpy(words, block, sizeof words);
  std::uint64_t v[16];
  std::copy(state_.begin(), state_.end(), v);
  std::copy(kInitial.begin(), kInitial.end(), v + 8);
  v[12] ^= total_;
  if (last) v[14] = ~v[14];
#if defined(__clang__)
#pragma clang loop unroll(full)
#endif
  for (std::size_t round = 0; round < 12; ++round) {
    const auto& s = kSigma[round % 10];
    mix(v, 0, 4, 8, 12, words[s[0]], words[s[1]]);
    mix(v, 1, 5, 9, 13, words[s[2]], words[s[3]]);
    mix(v, 2, 6, 10, 14, words[s[4]], words[s[5]]);
    mix(v, 3, 7, 11, 15, words[s[6]], words[s[7]]);
    mix(v, 0, 5, 10, 15, words[s[8]], words[s[9]]);
    mix(v, 1, 6, 11, 12, words[s[10]], words[s[11]]);
    mix(v, 2, 7, 8, 13, words[s[12]], words[s[13]]);
    mix(v, 3, 4, 9, 14, words[s[14]], words[s[15]]);
  }
  for (std::size_t i = 0; i < 8; ++i) state_[i] ^= v[i] ^ v[i + 8];
}

void Blake2b::update(std::span<const std::byte> data) noexcept {
  auto* next = reinterpret_cast<const std::uint8_t*>(data.data());
  std::size_t left = data.size();
  // The last block is kept back, since it is compressed in another way.
  while (left > 0) {
    if (filled_ == 0 && left > buffer_.size()) {
      total_ += buffer_.size();
      compress(next, false);
      next += buffer_.size();
      left -= buffer_.size();
      continue;
    }
    if (filled_ == buffer_.size()) {
      total_ += buffer_.size();
      compress(buffer_.data(), false);
      filled_ = 0;
      continue;
    }
    const std::size_t take = std::min(left, buffer_.size() - filled_);
    std::memcpy(buffer_.data() + filled_, next, take);
    filled_ += take;
    next += take;
    left -= take;
  }
}

Hash Blake2b::finish() noexcept {
  total_ += filled_;
  std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(filled_), buffer_.end(), std::uint8_t{0});
  compress(buffer_.data(), true);
  Hash hash;
  std::memcpy(hash.bytes.data(), state_.data(), hash.bytes.size());
  return hash;
}

Hash hash_of(std::span<const std::byte> data) noexcept {
  Blake2b state;
  state.update(data);
  return state.finish();
}

Hash hash_of(std::string_view text) noexcept {
  return hash_of(std::as_bytes(std::span(text.data(), text.size())));
}

std::string to_hex(const Hash& hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(hash.bytes.size() * 2, '0');
  for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
    text[2 * i] = kDigits[hash.bytes[i] >> 4];
    text[2 * i + 1] = kDigits[hash.bytes[i] & 15];
  }
  return text;
}

std::optional<Hash> hash_from_hex(std::string_view text) noexcept {
  Hash hash;
  if (text.size() != hash.bytes.size() * 2) return std::nullopt;
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    hash.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return hash;
}

static_assert(sizeof(XXH3_state_t) == 576 && alignof(XXH3_state_t) <= 64);

ChecksumStream::ChecksumStream() noexcept {
  XXH3_128bits_reset(reinterpret_cast<XXH3_state_t*>(state_.data()));
}

void ChecksumStream::update(std::span<const std::byte> data) noexcept {
  XXH3_128bits_update(reinterpret_cast<XXH3_state_t*>(state_.data()), data.data(), data.size());
}

Checksum ChecksumStream::finish() const noexcept {
  const XXH128_hash_t sum =
      XXH3_128bits_digest(reinterpret_cast<const XXH3_state_t*>(state_.data()));
  return {sum.low64, sum.high64};
}

Checksum checksum_of(std::span<const std::byte> data) noexcept {
  const XXH128_hash_t sum = XXH3_128bits(data.data(), data.size());
  return {sum.low64, sum.high64};
}

std::uint64_t short_checksum_of(std::span<const std::byte> data) noexcept {
  return XXH3_64bits(data.data(), data.size());
}

}  // namespace modcache
