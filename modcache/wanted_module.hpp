// SPDX-License-Identifier: Apache-2.0
//
// WantedModule: the module of one load, read and hashed as late as can be. Internal to the cache;
// not thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "modcache/cache_impl.hpp"

namespace modcache {

class WantedModule {
 public:
  // Both outlive it.
  WantedModule(FileSystem& files, const ModuleSource& source);

  // The content's hash, from the index of `store` where it knows the file.
  Result<Hash> content(Store* store, Report& report);
  // The bytes; they are read, hashed and remembered where that has not been done.
  Result<std::span<const std::byte>> bytes(Store* store);
  // True where the bytes are not those whose hash the index gave.
  [[nodiscard]] bool changed(const Hash& assumed);

  [[nodiscard]] std::string path() const { return source_.path != nullptr ? source_.path : ""; }
  [[nodiscard]] std::string name() const;

 private:
  [[nodiscard]] Error cannot_read(int os_error) const;
  Result<void> read(Store* store);

  FileSystem& files_;
  const ModuleSource& source_;
  std::span<const std::byte> bytes_;
  std::vector<std::byte> owned_;
  Hash hash_;
  bool read_ = false;
  bool hashed_ = false;
};

}  // namespace modcache
