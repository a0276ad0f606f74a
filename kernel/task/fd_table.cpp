// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/fd_table.hpp"

#include <utility>

namespace swebash::kernel {

SysResult<i32> FdTable::add(DescriptionRef description, Inherit inherit, i32 lowest, u32 limit) {
  if (lowest < 0) return std::unexpected(Errno::inval);
  usize fd = static_cast<usize>(lowest);
  while (fd < entries_.size() && entries_[fd].description != nullptr) ++fd;
  if (fd >= limit) return std::unexpected(Errno::mfile);
  if (fd >= entries_.size()) entries_.resize(fd + 1);
  entries_[fd] = {std::move(description), inherit};
  return static_cast<i32>(fd);
}

SysResult<void> FdTable::put(i32 fd, DescriptionRef description, Inherit inherit, u32 limit) {
  if (fd < 0 || static_cast<u32>(fd) >= limit) return std::unexpected(Errno::badf);
  const usize index = static_cast<usize>(fd);
  if (index >= entries_.size()) entries_.resize(index + 1);
  entries_[index] = {std::move(description), inherit};
  return {};
}

SysResult<FdTable::Entry*> FdTable::find(i32 fd) noexcept {
  if (fd < 0 || static_cast<usize>(fd) >= entries_.size()) return std::unexpected(Errno::badf);
  Entry& entry = entries_[static_cast<usize>(fd)];
  if (entry.description == nullptr) return std::unexpected(Errno::badf);
  return &entry;
}

SysResult<DescriptionRef> FdTable::remove(i32 fd) noexcept {
  Entry* entry = SWEBASH_TRY(find(fd));
  DescriptionRef description = std::move(entry->description);
  entry->description = nullptr;
  while (!entries_.empty() && entries_.back().description == nullptr) entries_.pop_back();
  return description;
}

}  // namespace swebash::kernel
