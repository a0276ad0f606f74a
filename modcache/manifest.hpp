// SPDX-License-Identifier: Apache-2.0
//
// Manifest: what stands behind the artefact in an entry's file, and the footer that finds it.
//
// An entry is one file: artefact, key text, info text, footer of 64 bytes. One file means one
// rename: no entry is ever half of one publication and half of another. Wasmtime maps the file and
// does not look behind the artefact. Reading never trusts a size it has not checked against the
// file's. Pure functions over bytes; thread-safe. The format is in docs/cache-format.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "modcache/hash.hpp"

namespace modcache {

inline constexpr std::uint32_t kManifestVersion = 1;
inline constexpr std::size_t kFooterSize = 64;
inline constexpr std::size_t kMaxKeyText = 16 << 10;
inline constexpr std::size_t kMaxInfoText = 16 << 10;
// The end of an entry's file that is read at once; holds all manifests but the strangest.
inline constexpr std::size_t kTailSize = 4096;

// The footer, decoded.
struct Footer {
  std::uint32_t version = kManifestVersion;
  std::uint32_t key_size = 0;
  std::uint32_t info_size = 0;
  std::uint32_t compile_ms = 0;
  std::uint64_t artefact_size = 0;
  Checksum artefact;
  std::uint64_t created = 0;  // seconds since 1970
  std::uint64_t manifest_checksum = 0;
};

// What the info text says; for people and for `list`, never for a decision to load.
struct EntryInfo {
  std::string name;      // the module's file name as its first user called it
  std::string build_id;  // ahead of time: what the program knows its artefact by
  std::uint64_t module_size = 0;

  bool operator==(const EntryInfo&) const = default;
};

// A manifest read from the end of a file.
struct Manifest {
  Footer footer;
  std::string_view key_text;   // into the bytes it was read from
  std::string_view info_text;  // likewise
};

// Writes what stands behind an artefact of `size` and `checksum`: key text, info text and footer.
// Requires: key_text at most kMaxKeyText.
[[nodiscard]] std::string make_manifest(std::string_view key_text, const EntryInfo& info,
                                        std::uint64_t size, const Checksum& checksum,
                                        std::uint32_t compile_ms, std::uint64_t created);

// Reads the footer from the last kFooterSize bytes of a file of `file_size`; nothing where they are
// not a footer whose sizes fit that file.
[[nodiscard]] std::optional<Footer> parse_footer(std::span<const std::byte> last,
                                                 std::uint64_t file_size) noexcept;

// Reads the manifest from `tail`, the last bytes of a file of `file_size`; nothing where it is
// not whole, its checksum does not hold, or it is longer than `tail`.
// Lifetime: the manifest's views point into `tail`.
[[nodiscard]] std::optional<Manifest> parse_manifest(std::span<const std::byte> tail,
                                                     std::uint64_t file_size) noexcept;

[[nodiscard]] std::string to_text(const EntryInfo& info);

// Reads `text`, taking what it knows and passing over what it does not.
[[nodiscard]] EntryInfo parse_info(std::string_view text);

}  // namespace modcache
