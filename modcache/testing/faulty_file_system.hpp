// SPDX-License-Identifier: Apache-2.0
//
// FaultyFileSystem: the machine's files, with faults at chosen calls. For tests.
//
// Each call is numbered from 1. A plan makes one of them, or all from one on, fail with an errno,
// or kills the process there, before the call is done. Clocks, uid and boot id can be set.
// Thread-safe as far as numbering goes; the plan is set before the threads start.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/thread_annotations.hpp"
#include "modcache/stores/file_system.hpp"

namespace modcache::testing {

class FaultyFileSystem final : public FileSystem {
 public:
  // Fails call `number` (and, where `lasting`, all after it) with `error`.
  enum class Span { once, lasting };
  void fail_at(int number, int error, Span span) {
    fail_at_ = number, error_ = error, span_ = span;
  }
  // Ends the process by SIGKILL at call `number`.
  void die_at(int number) { die_at_ = number; }
  // Fails every call whose name is `name` with `error`.
  void fail_call(std::string name, int error) { named_ = std::move(name), error_ = error; }

  [[nodiscard]] int calls() const { return calls_; }
  // No faults any more, and counting from 1 again.
  void restart();
  // How many calls were of this name.
  [[nodiscard]] int calls_of(std::string_view name) const;

  std::int64_t clock_shift_ns = 0;
  std::optional<std::uint32_t> uid;
  std::optional<std::string> boot;

  OsResult<OwnedFd> open_directory(const char* path, Links links) override;
  OsResult<void> make_directory(const char* path) override;
  OsResult<OwnedFd> open_at(int directory, const char* name, Access access) override;
  OsResult<OwnedFd> anonymous_file() override;
  OsResult<OwnedFd> open_path(const char* path) override;
  OsResult<FileStatus> status(int fd) override;
  OsResult<FileStatus> status_of_path(const char* path) override;
  OsResult<std::size_t> read_at(int fd, std::span<std::byte> into, std::uint64_t offset) override;
  OsResult<void> write_at(int fd, std::span<const std::byte> data, std::uint64_t offset) override;
  OsResult<std::uint64_t> append(int fd, std::span<const std::byte> data) override;
  OsResult<void> sync(int fd) override;
  OsResult<void> rename_at(int directory, const char* from, const char* to) override;
  OsResult<void> unlink_at(int directory, const char* name) override;
  OsResult<void> remove_at(int directory, const char* name) override;
  OsResult<std::vector<std::string>> list(int directory) override;
  OsResult<void> try_lock(int fd, std::uint64_t offset) override;
  std::int64_t now_ns() override { return host_files().now_ns() + clock_shift_ns; }
  std::int64_t steady_us() override { return host_files().steady_us(); }
  void sleep_ms(std::uint32_t milliseconds) override { host_files().sleep_ms(milliseconds); }
  std::string boot_id() override { return boot ? *boot : host_files().boot_id(); }
  std::uint32_t effective_uid() override { return uid ? *uid : host_files().effective_uid(); }
  bool process_exists(long pid) override { return host_files().process_exists(pid); }

 private:
  // The error that this call is to fail with, or 0.
  int next(const char* name);

  std::atomic<int> calls_{0};
  mutable swebash::Mutex mutex_;
  std::vector<std::string> log_ SWEBASH_GUARDED_BY(mutex_);
  int fail_at_ = 0;
  int die_at_ = 0;
  int error_ = 0;
  Span span_ = Span::once;
  std::string named_;
};

}  // namespace modcache::testing
