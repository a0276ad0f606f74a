// SPDX-License-Identifier: Apache-2.0
//
// A session in a file: what a snapshot of one holds, as bytes, with a version and a checksum.
//
// session = magic version engine checksum rest ; magic = "SWBSESS\n" ; version, and all numbers,
// little endian ; engine = the build of the engine whose memory it is ; checksum = of the rest, 8
// bytes, against accidents. rest = options memory signals mounts files descriptors ...: in the
// order of SavedSession. Another version has nothing in common but magic and version.
//
// Plain values and pure functions. What is read was checked: a file can say anything, and gets a
// session of its own at most.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "kernel/session_image.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {

inline constexpr u32 kSessionFileVersion = 1;

struct SavedSession {
  std::vector<u64> options;  // the embedder's
  // The engine's memory.
  u32 stack_pointer = 0;
  u64 memory_size = 0;
  std::vector<std::pair<u64, u64>> runs;  // from, to
  std::string_view bytes;                 // of the runs; lives as long as what was read
  u32 signal_word = 0;
  u32 live = 0;
  Task::SignalActions signals;
  // `image.mounts` is in step; the root of one that is given is nothing.
  std::vector<vfs::TreeKind> kinds;
  SessionImage image;
};

// `engine`: what the engine is known by.
[[nodiscard]] std::string write_session(const SavedSession& session, std::string_view engine);
// A file with `rest` behind its head, whatever that is.
[[nodiscard]] std::string seal_session(std::string_view rest, std::string_view engine);
// Errors: why it is none that can be used, one sentence.
[[nodiscard]] Result<SavedSession, std::string> read_session(
    std::string_view bytes, std::string_view engine,
    const std::shared_ptr<const SessionClock>& clock);

}  // namespace swebash::kernel
