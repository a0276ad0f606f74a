// SPDX-License-Identifier: Apache-2.0
//
// The two hashes of the cache: BLAKE2b-256 for what is trusted as a name, XXH3-128 for accidents.
//
// BLAKE2b (RFC 7693, unkeyed, 32 bytes) names modules and keys: nobody can make two that agree.
// XXH3 tells whether an artefact is still what was written; it keeps out rot, not an adversary.
// Pure functions and a plain value; thread-safe.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace modcache {

// 32 bytes of BLAKE2b.
struct Hash {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Hash&) const = default;
};

// 16 bytes of XXH3.
struct Checksum {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const Checksum&) const = default;
};

// BLAKE2b-256, piece by piece.
class Blake2b {
 public:
  Blake2b() noexcept;
  void update(std::span<const std::byte> data) noexcept;
  // Requires: called once, and update() not after it.
  [[nodiscard]] Hash finish() noexcept;

 private:
  void compress(const std::uint8_t* block, bool last) noexcept;

  std::array<std::uint64_t, 8> state_;
  std::array<std::uint8_t, 128> buffer_;
  std::size_t filled_ = 0;
  std::uint64_t total_ = 0;
};

// XXH3-128, piece by piece. Lives on the stack of one call.
class ChecksumStream {
 public:
  ChecksumStream() noexcept;
  void update(std::span<const std::byte> data) noexcept;
  [[nodiscard]] Checksum finish() const noexcept;

 private:
  alignas(64) std::array<std::byte, 576> state_;
};

[[nodiscard]] Hash hash_of(std::span<const std::byte> data) noexcept;
[[nodiscard]] Hash hash_of(std::string_view text) noexcept;

// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(const Hash& hash);

// Reads what to_hex() wrote; nothing for any other text.
[[nodiscard]] std::optional<Hash> hash_from_hex(std::string_view text) noexcept;

// XXH3-128 of `data`.
[[nodiscard]] Checksum checksum_of(std::span<const std::byte> data) noexcept;

// XXH3-64 of `data`, for records of a few bytes.
[[nodiscard]] std::uint64_t short_checksum_of(std::span<const std::byte> data) noexcept;

}  // namespace modcache
