// SPDX-License-Identifier: Apache-2.0
//
// OpenDirectory: a description of a session's directory: what is in it as it was when it was
// opened or rewound, and the place from which relative paths go.
//
// Thread-safe.
#pragma once

#include <utility>
#include <vector>

#include "base/thread_annotations.hpp"
#include "kernel/task/description.hpp"
#include "kernel/vfs/mounts.hpp"

namespace swebash::kernel::vfs {

class OpenDirectory final : public Description {
 public:
  // Errors: Errno::notdir.
  [[nodiscard]] static SysResult<DescriptionRef> create(PlaceRef place);

  OpenDirectory(PlaceRef place, std::vector<Item> items) noexcept
      : place_(std::move(place)), items_(std::move(items)) {}

  SysResult<usize> read(std::span<char>, Wait) override { return std::unexpected(Errno::isdir); }
  SysResult<usize> read_until(std::span<char>, char) override {
    return std::unexpected(Errno::isdir);
  }
  SysResult<usize> write(std::span<const char>, Wait) override {
    return std::unexpected(Errno::badf);
  }
  SysResult<int> poll_fd() override { return std::unexpected(Errno::notsup); }
  SysResult<ChildFd> child_fd() override { return std::unexpected(Errno::notsup); }
  bool can_wait() noexcept override { return false; }
  SysResult<u32> open_flags() override { return abi::kRead | abi::kDirectory; }
  SysResult<abi::Stat> stat() override { return place_->node->stat(); }
  SysResult<i64> seek(i64 offset, u32 whence) override;
  SysResult<usize> read_directory(std::span<char> buffer) override;
  const PlaceRef* place() const noexcept override { return &place_; }

 private:
  const PlaceRef place_;
  Mutex mutex_;
  std::vector<Item> items_ SWEBASH_GUARDED_BY(mutex_);
  usize next_ SWEBASH_GUARDED_BY(mutex_) = 0;
};

}  // namespace swebash::kernel::vfs
