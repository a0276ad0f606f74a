// SPDX-License-Identifier: Apache-2.0
//
// Files as guest code uses them: the file calls of abi/guest.hpp with C++ types.
//
// Stateless and thin: each function is one syscall, or a loop over one. A relative path starts at
// the task's working directory. Not a file system of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "abi/errno.hpp"
#include "abi/guest.hpp"

namespace swebash::engine::files {

enum class Follow : u8 { yes, no };

struct Entry {
  std::string name;
  u64 inode = 0;
  abi::FileType type = abi::kUnknown;
};

// A descriptor that is closed when its owner goes; -1 for none.
class File {
 public:
  File() noexcept = default;
  explicit File(i32 fd) noexcept : fd_(fd) {}
  File(File&& other) noexcept : fd_(other.release()) {}
  File& operator=(File&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = other.release();
    }
    return *this;
  }
  ~File() { reset(); }

  [[nodiscard]] i32 fd() const noexcept { return fd_; }
  [[nodiscard]] i32 release() noexcept {
    const i32 fd = fd_;
    fd_ = -1;
    return fd;
  }
  void reset() noexcept {
    if (fd_ >= 0) static_cast<void>(sys::close(fd_));
    fd_ = -1;
  }

 private:
  i32 fd_ = -1;
};

// The descriptor is never 0, 1 or 2, even where one of them is free: what is written to a closed
// standard output must not land in the file.
[[nodiscard]] SysResult<File> open(std::string_view path, u32 flags, u32 mode = 0666);
[[nodiscard]] SysResult<abi::Stat> stat(std::string_view path, Follow follow = Follow::yes);
[[nodiscard]] SysResult<abi::Stat> fstat(i32 fd);
[[nodiscard]] bool is_directory(std::string_view path);
[[nodiscard]] bool access(std::string_view path, u32 mode);

// Writes all of `data`.
[[nodiscard]] SysResult<void> write_all(i32 fd, std::string_view data);
// Appends what is left to read from `fd` to `out`. Errors: fbig above `limit` bytes.
[[nodiscard]] SysResult<void> read_all(i32 fd, std::string& out, usize limit = usize{1} << 30);
// The whole of a file; empty text when it cannot be read.
[[nodiscard]] std::string read_text(std::string_view path);
// Copies until the end of `from`; how many bytes went.
[[nodiscard]] SysResult<i64> copy_all(i32 from, i32 to);

// Which names of a directory are asked for.
class NameFilter {
 public:
  [[nodiscard]] virtual bool admits(std::string_view name) const = 0;

 protected:
  ~NameFilter() = default;
};

// Appends the entries of a directory without "." and "..", in any order; with `filter`, those that
// it admits.
[[nodiscard]] SysResult<void> list(std::string_view path, std::vector<Entry>& out,
                                   const NameFilter* filter = nullptr);
[[nodiscard]] SysResult<std::string> readlink(std::string_view path);

[[nodiscard]] SysResult<void> mkdir(std::string_view path, u32 mode);
[[nodiscard]] SysResult<void> unlink(std::string_view path);
[[nodiscard]] SysResult<void> rmdir(std::string_view path);
[[nodiscard]] SysResult<void> rename(std::string_view from, std::string_view to);
[[nodiscard]] SysResult<void> link(std::string_view from, std::string_view to);
[[nodiscard]] SysResult<void> symlink(std::string_view target, std::string_view path);
[[nodiscard]] SysResult<void> chmod(std::string_view path, u32 mode);
[[nodiscard]] SysResult<void> chown(std::string_view path, u32 uid, u32 gid, Follow follow);
[[nodiscard]] SysResult<void> set_times(std::string_view path, i64 access, i64 modify,
                                        Follow follow = Follow::yes);
// The umask.
[[nodiscard]] u32 umask();

// `directory` and `name` as one path.
[[nodiscard]] std::string join(std::string_view directory, std::string_view name);
// The last component, as basename(1) has it: "" only for "", "/" for slashes alone.
[[nodiscard]] std::string_view base_name(std::string_view path) noexcept;
// What is left of it, as dirname(1) has it.
[[nodiscard]] std::string_view directory_name(std::string_view path) noexcept;

}  // namespace swebash::engine::files
