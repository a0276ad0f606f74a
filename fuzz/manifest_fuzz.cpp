// SPDX-License-Identifier: Apache-2.0
// Any bytes as the end of an entry's file, as its texts, as an engine's settings.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "modcache/engine_config.hpp"
#include "modcache/key.hpp"
#include "modcache/manifest.hpp"

namespace {

using namespace modcache;

void check(bool holds) {
  if (!holds) std::abort();
}

void read_texts(std::string_view text) {
  const EntryInfo info = parse_info(text);
  EntryInfo again = parse_info(to_text(info));
  check(again.module_size == info.module_size);
  if (const auto fields = parse_key_fields(text)) check(to_text(*fields) == text);
  if (const auto config = parse_engine_config(text)) {
    const auto back = parse_engine_config(to_text(*config));
    check(back && *back == *config);
  }
}

void read_tail(std::span<const std::byte> tail, std::uint64_t file_size) {
  const auto manifest = parse_manifest(tail, file_size);
  if (!manifest) return;
  check(manifest->footer.artefact_size <= file_size);
  check(manifest->key_text.size() + manifest->info_text.size() + kFooterSize <= tail.size());
  read_texts(manifest->key_text);
  read_texts(manifest->info_text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  read_tail(bytes, size);
  read_tail(bytes, size + 4096);
  read_texts({reinterpret_cast<const char*>(data), size});

  // With the checksum made right, what lies behind it is reached as well.
  if (size < kFooterSize) return 0;
  std::vector<std::byte> forged(bytes.begin(), bytes.end());
  std::memcpy(forged.data() + (size - kFooterSize), "modcache\1\0\0\0", 12);
  const auto footer = parse_footer(forged, size);
  if (!footer) return 0;
  const std::size_t covered = std::size_t{footer->key_size} + footer->info_size + kFooterSize - 8;
  const std::uint64_t sum =
      short_checksum_of(std::span(forged).subspan(size - 8 - covered, covered));
  std::memcpy(forged.data() + (size - 8), &sum, sizeof sum);
  const auto manifest = parse_manifest(forged, size);
  check(manifest.has_value());
  read_tail(forged, size);
  return 0;
}
