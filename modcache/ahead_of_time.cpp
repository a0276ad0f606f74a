// SPDX-License-Identifier: Apache-2.0
#include "modcache/ahead_of_time.hpp"

#include <algorithm>
#include <cerrno>

#include "modcache/key.hpp"
#include "modcache/manifest.hpp"
#include "modcache/stores/file_system.hpp"

namespace modcache {

swebash::Result<Artefact, MissReason> open_ahead_of_time(FileSystem& files,
                                                         const AheadOfTime& wanted) {
  auto fd = files.open_path(wanted.path);
  if (!fd) {
    return std::unexpected(fd.error() == ENOENT ? MissReason::absent : MissReason::unreadable);
  }
  const auto status = files.status(fd->get());
  if (!status) return std::unexpected(MissReason::unreadable);
  // As trustworthy as the program: its owner's, and nobody else's to write.
  if (status->kind != FileKind::regular || status->uid != wanted.owner ||
      (status->mode & 022) != 0) {
    return std::unexpected(MissReason::foreign);
  }
  std::byte tail[kTailSize];
  const std::span<std::byte> bytes(
      tail, static_cast<std::size_t>(std::min<std::uint64_t>(sizeof tail, status->size)));
  const auto count = files.read_at(fd->get(), bytes, status->size - bytes.size());
  if (!count) return std::unexpected(MissReason::unreadable);
  if (*count != bytes.size()) return std::unexpected(MissReason::corrupt);
  const auto manifest = parse_manifest(bytes, status->size);
  if (!manifest) return std::unexpected(MissReason::corrupt);
  const auto fields = parse_key_fields(manifest->key_text);
  if (!fields) return std::unexpected(MissReason::corrupt);
  if (parse_info(manifest->info_text).build_id != wanted.build_id ||
      fields->runtime != "wasmtime " + std::string(wanted.runtime) ||
      fields->target != target_name()) {
    return std::unexpected(MissReason::stale);
  }
  Artefact artefact;
  artefact.fd = std::move(*fd);
  artefact.size = manifest->footer.artefact_size;
  artefact.report.tier = Tier::ahead_of_time;
  artefact.report.checked = Checked::by_trust;
  artefact.report.key = hash_of(manifest->key_text);
  artefact.report.module = fields->module;
  artefact.report.saved_ms = manifest->footer.compile_ms;
  return artefact;
}

}  // namespace modcache
