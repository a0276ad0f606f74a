// SPDX-License-Identifier: Apache-2.0
//
// Index: what a cache remembers about files, to spare a hit the reading of them.
//
// Three kinds of record in one file of fixed slots. A *file* record says which content a module's
// file had when it was last hashed; a *stamp* says that an entry was verified in full since boot,
// and when it was last used. The *survey* record says how large the
// store was when all of it was last looked at. Records are found by device, inode, size, mtime and
// ctime, and none is believed that was taken within two seconds of the file's ctime, since the file
// may have changed after it without a trace. Each slot has a checksum: a torn or foreign one is an
// empty one. Losing the file loses time and nothing else. Thread-safe and safe beside other
// processes, without locks.
#pragma once

#include <cstdint>
#include <optional>

#include "modcache/hash.hpp"
#include "modcache/stores/file_system.hpp"

namespace modcache {

inline constexpr std::int64_t kRacyNs = 2'000'000'000;

struct Stamp {
  bool verified = false;       // the entry is as it was when it was verified in full
  std::int64_t last_used = 0;  // seconds since 1970; 0: not known
};

// How large a store was found to be, and what was published since.
struct Survey {
  std::uint64_t bytes = 0;
  std::int64_t taken_ns = 0;
};

class Index {
 public:
  // An index that remembers nothing.
  Index() noexcept = default;
  // Requires: `files` outlives the index.
  Index(FileSystem& files, OwnedFd fd) noexcept : files_(&files), fd_(std::move(fd)) {}

  [[nodiscard]] bool usable() const noexcept { return static_cast<bool>(fd_); }

  // The content that the module file of `status` had, where that is known for sure.
  [[nodiscard]] std::optional<Hash> content_of(const FileStatus& status) const;
  // Remembers it; `taken_ns` is a time before the file was read.
  void remember_content(const FileStatus& status, const Hash& content, std::int64_t taken_ns);

  // What is known of the entry `key` whose file has `status`.
  [[nodiscard]] Stamp stamp_of(const Hash& key, const FileStatus& status, std::uint64_t boot) const;
  // Remembers that it was used at `now_ns` and, where `verified`, was whole at `taken_ns`.
  void remember_use(const Hash& key, const FileStatus& status, std::uint64_t boot, bool verified,
                    std::int64_t taken_ns, std::int64_t now_ns);

  // The last survey; and remembers one. Two that write at once may lose what one of them added.
  [[nodiscard]] std::optional<Survey> survey() const;
  void remember_survey(const Survey& survey);

 private:
  struct Record;
  struct Bucket;
  [[nodiscard]] bool read(std::uint64_t hash, Bucket& bucket) const;
  void write(std::uint64_t hash, Record& record);

  FileSystem* files_ = nullptr;
  OwnedFd fd_;
};

}  // namespace modcache
