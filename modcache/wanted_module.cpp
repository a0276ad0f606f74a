// SPDX-License-Identifier: Apache-2.0
#include "modcache/wanted_module.hpp"

#include <cerrno>
#include <cstring>

namespace modcache {
namespace {

constexpr std::byte kWasmMagic[4] = {std::byte{0}, std::byte{'a'}, std::byte{'s'}, std::byte{'m'}};
// Beyond this no module is read: a sparse file of a terabyte is an answer too.
constexpr std::uint64_t kMaxModule = 2ULL << 30;

}  // namespace

WantedModule::WantedModule(FileSystem& files, const ModuleSource& source)
    : files_(files), source_(source), bytes_(source.bytes), read_(source.path == nullptr) {}

Result<Hash> WantedModule::content(Store* store, Report& report) {
  if (source_.path != nullptr && store != nullptr) {
    const auto status = files_.status_of_path(source_.path);
    if (!status) return std::unexpected(cannot_read(status.error()));
    if (status->kind == FileKind::regular) {
      if (const auto known = store->content_of(*status)) {
        hash_ = *known;
        return hash_;
      }
    }
  }
  SWEBASH_TRY(bytes(store));
  if (!hashed_) {
    hash_ = hash_of(bytes_);
    hashed_ = true;
  }
  report.hashed_module = true;
  return hash_;
}

Result<std::span<const std::byte>> WantedModule::bytes(Store* store) {
  if (!read_) SWEBASH_TRY(read(store));
  if (bytes_.size() < 8 || std::memcmp(bytes_.data(), kWasmMagic, sizeof kWasmMagic) != 0) {
    return std::unexpected(Error{ErrorCode::not_wasm, path(), 0, "not a WebAssembly module"});
  }
  return bytes_;
}

bool WantedModule::changed(const Hash& assumed) {
  if (!hashed_) {
    hash_ = hash_of(bytes_);
    hashed_ = true;
  }
  return hash_ != assumed;
}

std::string WantedModule::name() const {
  if (!source_.name.empty() || source_.path == nullptr) return std::string(source_.name);
  const std::string_view whole(source_.path);
  return std::string(whole.substr(whole.find_last_of('/') + 1));
}

Error WantedModule::cannot_read(int os_error) const {
  return {ErrorCode::cannot_read, path(), os_error, "cannot read the module"};
}

Result<void> WantedModule::read(Store* store) {
  const auto fd = files_.open_path(source_.path);
  if (!fd) return std::unexpected(cannot_read(fd.error()));
  const std::int64_t taken_ns = files_.now_ns();
  const auto before = files_.status(fd->get());
  if (!before) return std::unexpected(cannot_read(before.error()));
  if (before->kind == FileKind::directory) return std::unexpected(cannot_read(EISDIR));
  if (before->kind != FileKind::regular) return std::unexpected(cannot_read(EINVAL));
  if (before->size > kMaxModule) return std::unexpected(cannot_read(EFBIG));
  owned_.resize(before->size);
  const auto count = files_.read_at(fd->get(), owned_, 0);
  if (!count) return std::unexpected(cannot_read(count.error()));
  owned_.resize(*count);
  bytes_ = owned_;
  read_ = true;
  hash_ = hash_of(bytes_);
  hashed_ = true;
  const auto after = files_.status(fd->get());
  if (store != nullptr && after && after->ctime_ns == before->ctime_ns &&
      after->size == before->size && *count == before->size) {
    store->remember_content(*before, hash_, taken_ns);
  }
  return {};
}

}  // namespace modcache
