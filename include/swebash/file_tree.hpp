// SPDX-License-Identifier: Apache-2.0
//
// FileTree: files that sessions can be given at a place of their own: a directory of the host,
// files in memory, or one of these with changes kept above it.
//
//   options.mounts.emplace("/work", swebash::host_directory("/srv/job/7",
//   swebash::Access::read_write).value());
//
// A reference, cheap to copy: sessions that have the same tree mounted see each other's changes in
// it. Thread-safe. Files of the host keep owner and mode of the process that has the session; what
// a script may do there is what this process may, within the directory.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "swebash/error.hpp"

namespace swebash {

enum class Access : std::uint8_t { read_only, read_write };

class FileTree {
 public:
  class Implementation;
  explicit FileTree(std::shared_ptr<const Implementation> implementation) noexcept
      : implementation_(std::move(implementation)) {}

  // Whether what has it mounted may write to it.
  [[nodiscard]] Access access() const noexcept;
  [[nodiscard]] const Implementation& implementation() const noexcept { return *implementation_; }

 private:
  std::shared_ptr<const Implementation> implementation_;
};

// A directory of the host, by whatever name it is found now: it stays that directory when it is
// renamed. A session cannot leave it: links are followed by the session's own tree, where an
// absolute one means what it means to the script, and never by the host's. Devices, fifos and
// sockets of the host are seen and not opened.
// Errors: not_found; refused for what is no directory.
[[nodiscard]] Expected<FileTree> host_directory(std::string_view path,
                                                Access access = Access::read_only);
// Files in memory, up to `bytes` of them; empty.
[[nodiscard]] FileTree memory_tree(std::uint64_t bytes = std::uint64_t{64} << 20);
// `lower` as it is, and what is written above it in memory, up to `bytes`: nothing changes `lower`.
// A fork of a session, and a snapshot, have what is above as their own.
[[nodiscard]] FileTree overlay(const FileTree& lower,
                               std::uint64_t bytes = std::uint64_t{64} << 20);

}  // namespace swebash
