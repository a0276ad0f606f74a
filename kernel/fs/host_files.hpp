// SPDX-License-Identifier: Apache-2.0
//
// The host's file calls in the ABI's words: paths, flags, stat and directory records.
//
// Stateless, thread-safe functions over host descriptors and directories; no task, no policy.
#pragma once

#include <climits>
#include <span>
#include <string_view>

#include "abi/errno.hpp"
#include "abi/types.hpp"
#include "base/integers.hpp"

namespace swebash::kernel {

// A path as the host wants it, with a NUL at the end. Lives on the stack of the call that uses it.
class HostPath {
 public:
  // Errors: Errno::nametoolong; Errno::noent for an empty path or one with a NUL inside.
  [[nodiscard]] SysResult<const char*> set(std::string_view path) noexcept;
  // The host's name for its own descriptor `fd`.
  [[nodiscard]] const char* set_descriptor(int fd) noexcept;

 private:
  char text_[PATH_MAX];
};

// The descriptor that /dev/fd/N, /proc/self/fd/N, /dev/stdin, /dev/stdout or /dev/stderr names, or
// -1 for every other path. It is a guest's number: the host's names for these mean its own.
[[nodiscard]] i32 descriptor_in_path(std::string_view path) noexcept;

// open(2)'s flags for `flags` (abi::OpenFlags), O_CLOEXEC always among them.
// Errors: Errno::inval for neither reading nor writing, or for kGrowing.
[[nodiscard]] SysResult<int> to_host_flags(u32 flags) noexcept;
// The abi::OpenFlags for F_GETFL's answer.
[[nodiscard]] u32 from_host_flags(int flags) noexcept;

// What fstatat(2) says; an empty path with AT_EMPTY_PATH asks about `directory` itself.
[[nodiscard]] SysResult<abi::Stat> host_stat(int directory, const char* path, int flags) noexcept;

// Fills `buffer` with abi::DirectoryEntry records of directory `fd`; bytes, 0 at the end.
// Errors: Errno::inval when the next entry does not fit.
[[nodiscard]] SysResult<usize> host_read_directory(int fd, std::span<char> buffer) noexcept;

// 0, or what errno says, as a result.
[[nodiscard]] SysResult<void> host_result(int answer) noexcept;

}  // namespace swebash::kernel
