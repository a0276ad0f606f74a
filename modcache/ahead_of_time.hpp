// SPDX-License-Identifier: Apache-2.0
//
// Artefacts compiled at build time and installed beside a program: the first tier.
//
// The file has an entry's format (manifest.hpp) and carries the build id that the program was built
// with. It is trusted as the program is: it must be owned by the program file's owner and be
// writable by nobody else; its checksum is not computed. Stateless; thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "modcache/artefact.hpp"

namespace modcache {

class FileSystem;

struct AheadOfTime {
  const char* path = nullptr;
  std::string_view build_id;  // as compiled into the program
  std::string_view runtime;   // the version of Wasmtime in the program
  std::uint32_t owner = 0;    // of the program's file
};

// Opens the artefact; or says why it cannot be used (absent, unreadable, foreign, corrupt, stale).
[[nodiscard]] swebash::Result<Artefact, MissReason> open_ahead_of_time(FileSystem& files,
                                                                       const AheadOfTime& wanted);

}  // namespace modcache
