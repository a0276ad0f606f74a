// SPDX-License-Identifier: Apache-2.0
//
// Description: an open file description, what descriptors of one or many tasks stand for.
//
// Shared by reference among descriptor tables and threads; the last reference closes it. The
// operations are thread-safe, as the host's are. HostFile is the one that is a descriptor of the
// host; growing pipes (growing_pipe.hpp) are the other. It knows no task: the calls here never wait
// unless Wait::yes says they may, and interruption is the caller's affair (task_files.cpp).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>

#include "abi/errno.hpp"
#include "abi/types.hpp"
#include "base/integers.hpp"
#include "base/owned_fd.hpp"

namespace swebash::kernel {

namespace vfs {
class Node;
struct Place;
using PlaceRef = std::shared_ptr<const Place>;
}  // namespace vfs

class Description;
class GrowingPipe;
class HostFile;
using DescriptionRef = std::shared_ptr<Description>;

// Whether a call may wait for the other side. With `no` it answers Errno::again instead.
enum class Wait : u8 { no, yes };

// A descriptor that a native child is given: borrowed from the description, or made for the child.
struct ChildFd {
  int fd = -1;
  OwnedFd owned;
};

// What a description of a session's file is: enough to open another like it.
struct OpenState {
  std::shared_ptr<vfs::Node> node;
  u32 flags = 0;
  i64 offset = 0;
};

class Description {
 public:
  Description() noexcept = default;
  Description(const Description&) = delete;
  Description& operator=(const Description&) = delete;
  virtual ~Description() = default;

  // Reads at most buffer.size() bytes; 0 at the end.
  [[nodiscard]] virtual SysResult<usize> read(std::span<char> buffer, Wait wait) = 0;
  // Reads as read() with Wait::no, but nothing beyond the first `delimiter`.
  // Errors: Errno::again when there is nothing yet, Errno::notsup where that cannot be told.
  [[nodiscard]] virtual SysResult<usize> read_until(std::span<char> buffer, char delimiter) = 0;
  // Writes; how many bytes went.
  [[nodiscard]] virtual SysResult<usize> write(std::span<const char> data, Wait wait) = 0;
  // The host descriptor whose poll readiness is this description's.
  // Errors: those of making one.
  [[nodiscard]] virtual SysResult<int> poll_fd() = 0;
  // The host descriptor that stands for the description in every call, or -1.
  [[nodiscard]] virtual int host_fd() const noexcept { return -1; }
  // A host descriptor for a native child.
  [[nodiscard]] virtual SysResult<ChildFd> child_fd() = 0;
  // The growing pipe of which this is an end, or nothing.
  [[nodiscard]] virtual GrowingPipe* growing_pipe() noexcept { return nullptr; }
  // Whether a read or write can wait for somebody else for long (false for regular files).
  [[nodiscard]] virtual bool can_wait() noexcept = 0;
  // Whether it is a terminal.
  [[nodiscard]] virtual bool is_terminal() noexcept { return false; }
  // Itself, if it is a file of the host.
  [[nodiscard]] virtual const HostFile* host_file() const noexcept { return nullptr; }
  // The abi::OpenFlags it was opened with.
  [[nodiscard]] virtual SysResult<u32> open_flags() = 0;
  // What it stands for: a pipe, where it does not say otherwise.
  [[nodiscard]] virtual SysResult<abi::Stat> stat();
  // Moves the offset; the new one. whence: abi::Whence.
  [[nodiscard]] virtual SysResult<i64> seek(i64, u32) { return std::unexpected(Errno::spipe); }
  [[nodiscard]] virtual SysResult<void> truncate(i64) { return std::unexpected(Errno::inval); }
  // Fills `buffer` with abi::DirectoryEntry records; bytes, 0 at the end.
  // Errors: Errno::inval when the next entry does not fit.
  [[nodiscard]] virtual SysResult<usize> read_directory(std::span<char>) {
    return std::unexpected(Errno::notdir);
  }
  // Where it is, of an open directory of a session's own files.
  [[nodiscard]] virtual const vfs::PlaceRef* place() const noexcept { return nullptr; }
  // How it is open, of a session's own file that a copy of the session can have as well.
  [[nodiscard]] virtual std::optional<OpenState> open_state() { return std::nullopt; }
  // Told of `count` bytes that came otherwise than by write().
  virtual void has_taken(usize) noexcept {}
};

// Whether the host started with a descriptor or the kernel opened it (with O_CLOEXEC).
enum class FdOrigin : u8 { opened, inherited };

// What kind of file a description is, as far as is known.
enum class HostFileKind : u8 { unknown, regular, stream, terminal };

class HostFile final : public Description {
 public:
  explicit HostFile(OwnedFd fd, FdOrigin origin = FdOrigin::opened,
                    HostFileKind kind = HostFileKind::unknown) noexcept
      : fd_(std::move(fd)), origin_(origin), kind_(kind) {
    if (origin_ == FdOrigin::inherited) inherited_open_.fetch_add(1, std::memory_order_relaxed);
  }
  ~HostFile() override {
    if (origin_ == FdOrigin::inherited) inherited_open_.fetch_sub(1, std::memory_order_relaxed);
  }

  SysResult<usize> read(std::span<char> buffer, Wait wait) override;
  SysResult<usize> read_until(std::span<char> buffer, char delimiter) override;
  SysResult<usize> write(std::span<const char> data, Wait wait) override;
  SysResult<int> poll_fd() override { return fd_.get(); }
  int host_fd() const noexcept override { return fd_.get(); }
  SysResult<ChildFd> child_fd() override { return ChildFd{fd_.get(), OwnedFd()}; }
  bool can_wait() noexcept override { return kind() != HostFileKind::regular; }
  bool is_terminal() noexcept override { return kind() == HostFileKind::terminal; }
  void has_taken(usize count) noexcept override;
  SysResult<u32> open_flags() override;
  SysResult<abi::Stat> stat() override;
  SysResult<i64> seek(i64 offset, u32 whence) override;
  SysResult<void> truncate(i64 size) override;
  SysResult<usize> read_directory(std::span<char> buffer) override;

  // How many of the host's inherited descriptors are open, under whatever numbers tasks have them.
  [[nodiscard]] static usize inherited_open() noexcept {
    return inherited_open_.load(std::memory_order_relaxed);
  }
  const HostFile* host_file() const noexcept override { return this; }
  [[nodiscard]] bool is_inherited() const noexcept { return origin_ == FdOrigin::inherited; }
  // Leaves the host descriptor open when it is one that the host was started with.
  void disown_inherited() noexcept {
    if (origin_ == FdOrigin::inherited) (void)fd_.release();
  }

 private:
  HostFileKind kind() noexcept;

  inline static std::atomic<usize> inherited_open_ = 0;

  OwnedFd fd_;
  FdOrigin origin_;
  std::atomic<HostFileKind> kind_;
  std::atomic<usize> taken_ = 0;  // bytes written, up to kBusyPipe
};

}  // namespace swebash::kernel
