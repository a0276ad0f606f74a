// SPDX-License-Identifier: Apache-2.0
//
// What `modcache-compile --frame` and its caller say to each other.
//
// The caller writes the module to the program's standard input and closes it. The program writes
// one frame to its standard output: a header, then the artefact or a message. The frame's length
// tells a whole answer from one that was cut short, so that the exit status, which others may have
// reaped, is not needed. Both sides are of one build on one machine: integers are the machine's.
#pragma once

#include <cstdint>

namespace modcache {

enum class FrameKind : std::uint32_t { artefact = 1, error = 2 };

struct FrameHeader {
  std::uint64_t magic;
  FrameKind kind;
  std::uint32_t error_code;  // ErrorCode, where `kind` is error
  std::uint64_t size;        // of what follows
};
static_assert(sizeof(FrameHeader) == 24);

inline constexpr std::uint64_t kFrameMagic = 0x31656c69706d6f63;  // "compile1"

// The program's exit statuses, for people and scripts.
inline constexpr int kExitFailed = 1;   // the module does not compile
inline constexpr int kExitUsage = 2;    // wrong options or configuration
inline constexpr int kExitSystem = 3;   // files, memory
inline constexpr int kExitVersion = 4;  // another Wasmtime is wanted than it was built with

}  // namespace modcache
