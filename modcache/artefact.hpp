// SPDX-License-Identifier: Apache-2.0
//
// Artefact: a compiled module that was checked, ready to be loaded, and what happened on the way.
//
// Where it can be, an artefact is an open descriptor of a file that is mapped: what was checked
// through that descriptor is what is loaded. Where no file can be had it is bytes. Move-only; not
// thread-safe. It is not a module yet: see wasmtime/engine.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/owned_fd.hpp"
#include "modcache/hash.hpp"

namespace modcache {

// How a module was had.
enum class Tier : std::uint8_t { ahead_of_time, cache, compiled };

// Why there was no hit.
enum class MissReason : std::uint8_t {
  none,          // there was one
  absent,        // no entry, and no other for this module
  corrupt,       // an entry that is torn, truncated or altered
  stale,         // an entry whose key is not the one that was asked for
  incompatible,  // an entry that Wasmtime refuses
  foreign,       // an entry that others own or can write, or that is no plain file
  unreadable,    // an entry that cannot be opened or read
  disabled,      // the cache is off
  no_directory,  // no directory that can be used
};
inline constexpr int kMissReasons = 9;

// How the artefact's integrity was known.
enum class Checked : std::uint8_t { in_full, by_stamp, by_trust };

struct Report {
  Tier tier = Tier::compiled;
  MissReason miss = MissReason::none;
  Checked checked = Checked::in_full;
  bool hashed_module = false;  // the module's bytes were read and hashed (no index entry)
  bool waited = false;         // another process or thread compiled it meanwhile
  bool published = false;      // the compiled artefact is in the cache now
  std::uint32_t lookup_us = 0;
  std::uint32_t verify_us = 0;   // part of lookup_us
  std::uint32_t compile_us = 0;  // 0 where nothing was compiled
  std::uint32_t saved_ms = 0;    // what compiling it had taken
  Hash key{};                    // the entry's key; zero where none was formed
  Hash module{};                 // the module's content; zero where it was not asked for
  std::string refusal;           // what Wasmtime said of an entry that it refused; empty: of none
};

struct Artefact {
  swebash::OwnedFd fd;           // the file, or none: then `bytes`
  std::uint64_t size = 0;        // of the artefact proper; the file may go on after it
  std::vector<std::byte> bytes;  // only where `fd` is none
  Report report;
};

// The names of the enumerators, such as "no_directory". Live for ever.
[[nodiscard]] const char* name_of(Tier tier) noexcept;
[[nodiscard]] const char* name_of(MissReason reason) noexcept;
[[nodiscard]] const char* name_of(Checked checked) noexcept;

}  // namespace modcache
