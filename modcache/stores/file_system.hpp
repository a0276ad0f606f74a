// SPDX-License-Identifier: Apache-2.0
//
// FileSystem: the one way in which modcache touches files, locks and clocks.
//
// host_files() is the real one; tests put versions before it that fail, run full or kill the
// process at a chosen call. Thread-safe. Errors are errno values. Paths are relative to a
// descriptor of a directory wherever there is one, and nothing here follows a link in the last
// component unless it says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/owned_fd.hpp"
#include "base/result.hpp"

namespace modcache {

template <class T>
using OsResult = swebash::Result<T, int>;
using swebash::OwnedFd;

enum class FileKind : std::uint8_t { regular, directory, other };

struct FileStatus {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint32_t uid = 0;
  std::uint32_t mode = 0;  // permission bits
  FileKind kind = FileKind::other;
};

enum class Access : std::uint8_t {
  read,        // existing file
  read_write,  // existing file, or a new one of mode 0600
  append,      // existing file, or a new one of mode 0600
  create_new,  // a new file of mode 0600, read and write; fails where there is one
};

enum class Links : std::uint8_t { refuse, follow };

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  [[nodiscard]] virtual OsResult<OwnedFd> open_directory(const char* path, Links links) = 0;
  [[nodiscard]] virtual OsResult<void> make_directory(const char* path) = 0;  // mode 0700
  [[nodiscard]] virtual OsResult<OwnedFd> open_at(int directory, const char* name,
                                                  Access access) = 0;
  // A new file without a name, in memory where the system can, to read and write.
  [[nodiscard]] virtual OsResult<OwnedFd> anonymous_file() = 0;
  // Opens a file by path, following links, to read.
  [[nodiscard]] virtual OsResult<OwnedFd> open_path(const char* path) = 0;
  [[nodiscard]] virtual OsResult<FileStatus> status(int fd) = 0;
  // The status of what `path` leads to.
  [[nodiscard]] virtual OsResult<FileStatus> status_of_path(const char* path) = 0;
  // Reads until `into` is full or the file ends; the count.
  [[nodiscard]] virtual OsResult<std::size_t> read_at(int fd, std::span<std::byte> into,
                                                      std::uint64_t offset) = 0;
  // Writes all of `data`.
  [[nodiscard]] virtual OsResult<void> write_at(int fd, std::span<const std::byte> data,
                                                std::uint64_t offset) = 0;
  // Appends `data` in one write; the file's size after it.
  [[nodiscard]] virtual OsResult<std::uint64_t> append(int fd, std::span<const std::byte> data) = 0;
  [[nodiscard]] virtual OsResult<void> sync(int fd) = 0;
  [[nodiscard]] virtual OsResult<void> rename_at(int directory, const char* from,
                                                 const char* to) = 0;
  [[nodiscard]] virtual OsResult<void> unlink_at(int directory, const char* name) = 0;
  // Removes what stands under `name`, and where that is a directory, all that is in it.
  [[nodiscard]] virtual OsResult<void> remove_at(int directory, const char* name) = 0;
  [[nodiscard]] virtual OsResult<std::vector<std::string>> list(int directory) = 0;
  // Takes the lock of the byte at `offset` of `fd`, which ends with the descriptor; EAGAIN where
  // another has it.
  [[nodiscard]] virtual OsResult<void> try_lock(int fd, std::uint64_t offset) = 0;
  // Nanoseconds since 1970.
  [[nodiscard]] virtual std::int64_t now_ns() = 0;
  // Microseconds since some start, never set back.
  [[nodiscard]] virtual std::int64_t steady_us() = 0;
  virtual void sleep_ms(std::uint32_t milliseconds) = 0;
  // What names this boot of the machine; empty where that is not known.
  [[nodiscard]] virtual std::string boot_id() = 0;
  [[nodiscard]] virtual std::uint32_t effective_uid() = 0;
  // Whether a process of this number is alive; true where that cannot be told.
  [[nodiscard]] virtual bool process_exists(long pid) = 0;
};

// The machine's own. Lives for ever.
[[nodiscard]] FileSystem& host_files() noexcept;

}  // namespace modcache
