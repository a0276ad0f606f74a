// SPDX-License-Identifier: Apache-2.0
//
// KeyFields: all that decides an artefact, as the text that an entry carries and whose hash is its
// name.
//
// A plain value; thread-safe. The text has one line per field, `name SP value LF`, in the order of
// the struct; it is repeated whole inside the entry and compared there byte for byte, so that an
// entry is never taken for another. See docs/cache-format.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "modcache/engine_config.hpp"
#include "modcache/hash.hpp"

namespace modcache {

struct KeyFields {
  Hash module;           // of the module's bytes
  std::string runtime;   // "wasmtime 48.0.8"
  std::string target;    // "x86_64-linux"
  std::string cpu;       // cpu_text()
  std::string settings;  // code_text(), or "custom " and the embedder's fingerprint

  bool operator==(const KeyFields&) const = default;
};

// The fields that `config` and a Wasmtime of `version` decide; `module` is left zero.
[[nodiscard]] KeyFields key_fields(const EngineConfig& config, std::string_view version);

// Writes `fields` as an entry carries them.
[[nodiscard]] std::string to_text(const KeyFields& fields);

// Reads what to_text() wrote; nothing for any other text.
[[nodiscard]] std::optional<KeyFields> parse_key_fields(std::string_view text);

// The name of the first field in which the two differ ("module", "runtime", "target", "cpu",
// "settings"), or nullptr where they are the same. Lives for ever.
[[nodiscard]] const char* first_difference(const KeyFields& one, const KeyFields& other) noexcept;

// How many fields agree; the nearest entry is the one with the most.
[[nodiscard]] int agreement(const KeyFields& one, const KeyFields& other) noexcept;

}  // namespace modcache
