// SPDX-License-Identifier: Apache-2.0
#include "modcache/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace modcache {
namespace {

constexpr char kMagic[8] = {'m', 'o', 'd', 'c', 'a', 'c', 'h', 'e'};

// The footer as it stands in the file, little-endian. The manifest's checksum covers key text, info
// text and all of the footer before it.
struct RawFooter {
  char magic[8];
  std::uint32_t version;
  std::uint32_t key_size;
  std::uint32_t info_size;
  std::uint32_t compile_ms;
  std::uint64_t artefact_size;
  std::uint64_t artefact_low;
  std::uint64_t artefact_high;
  std::uint64_t created;
  std::uint64_t manifest_checksum;
};
static_assert(sizeof(RawFooter) == kFooterSize);
constexpr std::size_t kCovered = offsetof(RawFooter, manifest_checksum);

std::string_view view_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void add_line(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(" ");
  for (const char c : value.substr(0, 1024)) text += static_cast<unsigned char>(c) < 32 ? '?' : c;
  text += '\n';
}

}  // namespace

std::string make_manifest(std::string_view key_text, const EntryInfo& info, std::uint64_t size,
                          const Checksum& checksum, std::uint32_t compile_ms,
                          std::uint64_t created) {
  std::string text(key_text);
  const std::string info_text = to_text(info);
  text += info_text;
  RawFooter raw{};
  std::memcpy(raw.magic, kMagic, sizeof kMagic);
  raw.version = kManifestVersion;
  raw.key_size = static_cast<std::uint32_t>(key_text.size());
  raw.info_size = static_cast<std::uint32_t>(info_text.size());
  raw.compile_ms = compile_ms;
  raw.artefact_size = size;
  raw.artefact_low = checksum.low;
  raw.artefact_high = checksum.high;
  raw.created = created;
  text.append(reinterpret_cast<const char*>(&raw), kCovered);
  const std::uint64_t sum = short_checksum_of(std::as_bytes(std::span(text.data(), text.size())));
  text.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  return text;
}

std::optional<Footer> parse_footer(std::span<const std::byte> last,
                                   std::uint64_t file_size) noexcept {
  RawFooter raw;
  if (last.size() < sizeof raw || file_size < sizeof raw) return std::nullopt;
  std::memcpy(&raw, last.data() + (last.size() - sizeof raw), sizeof raw);
  if (std::memcmp(raw.magic, kMagic, sizeof kMagic) != 0) return std::nullopt;
  if (raw.version != kManifestVersion) return std::nullopt;
  if (raw.key_size > kMaxKeyText || raw.info_size > kMaxInfoText) return std::nullopt;
  const std::uint64_t manifest_size = std::uint64_t{raw.key_size} + raw.info_size + sizeof raw;
  if (manifest_size > file_size || raw.artefact_size != file_size - manifest_size) {
    return std::nullopt;
  }
  return Footer{raw.version,    raw.key_size,         raw.info_size,
                raw.compile_ms, raw.artefact_size,    {raw.artefact_low, raw.artefact_high},
                raw.created,    raw.manifest_checksum};
}

std::optional<Manifest> parse_manifest(std::span<const std::byte> tail,
                                       std::uint64_t file_size) noexcept {
  const auto footer = parse_footer(tail, file_size);
  if (!footer) return std::nullopt;
  const std::size_t text_size = std::size_t{footer->key_size} + footer->info_size;
  if (text_size + kFooterSize > tail.size()) return std::nullopt;
  const auto manifest = tail.last(text_size + kFooterSize);
  if (short_checksum_of(manifest.first(text_size + kCovered)) != footer->manifest_checksum) {
    return std::nullopt;
  }
  return Manifest{*footer, view_of(manifest.first(footer->key_size)),
                  view_of(manifest.subspan(footer->key_size, footer->info_size))};
}

std::string to_text(const EntryInfo& info) {
  std::string text;
  add_line(text, "name", info.name);
  if (!info.build_id.empty()) add_line(text, "build_id", info.build_id);
  add_line(text, "module_size", std::to_string(info.module_size));
  return text;
}

EntryInfo parse_info(std::string_view text) {
  EntryInfo info;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto space = line.find(' ');
    if (space == std::string_view::npos) continue;
    const auto name = line.substr(0, space);
    const auto value = line.substr(space + 1);
    if (name == "name") info.name = value;
    if (name == "build_id") info.build_id = value;
    if (name == "module_size") {
      std::from_chars(value.data(), value.data() + value.size(), info.module_size);
    }
  }
  return info;
}

}  // namespace modcache
