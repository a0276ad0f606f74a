// SPDX-License-Identifier: Apache-2.0
//
// Options: what the command line of modcache-compile asks for.
//
// A plain value. The program is started by HelperCompiler and by builds; it parses its own options,
// since it starts once per compile and takes few.
#pragma once

#include <cstdint>
#include <string>

#include "modcache/engine_config.hpp"

namespace modcache::compile {

enum class Framing : std::uint8_t { bare, framed };

struct Options {
  EngineConfig config;
  std::string input;     // empty: standard input
  std::string output;    // empty: standard output
  std::string runtime;   // empty: whatever this program has
  std::string build_id;  // empty: the module's hash
  std::string header;    // empty: none; else a C++ header that names the build id is written
  std::string header_name = "kBuildId";
  Framing framing = Framing::bare;
  bool entry = false;  // the output is an entry with its manifest, not a bare artefact
  bool help = false;
  bool version = false;
  std::uint64_t memory_limit = 0;  // bytes of address space; 0: none
  std::uint64_t cpu_limit = 0;     // seconds; 0: none
};

// Reads the arguments after the program's name.
// Errors: bad_config, whose message is for the user.
[[nodiscard]] Result<Options> parse_options(int count, char** arguments);

// The text of --help. Lives for ever.
[[nodiscard]] const char* help_text() noexcept;

}  // namespace modcache::compile
