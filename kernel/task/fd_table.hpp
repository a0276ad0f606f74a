// SPDX-License-Identifier: Apache-2.0
//
// FdTable: a task's descriptors: small numbers that refer to descriptions.
//
// Owned by one task and used by its thread alone, so it has no lock; the descriptions it refers to
// are shared. Copying the table is what clone() does. The numbers are the guest's; the host's
// numbers are inside the descriptions.
#pragma once

#include <vector>

#include "abi/errno.hpp"
#include "base/integers.hpp"
#include "kernel/task/description.hpp"

namespace swebash::kernel {

// Whether a descriptor goes to programs that the task starts.
enum class Inherit : u8 { yes, no };

class FdTable {
 public:
  struct Entry {
    DescriptionRef description;  // nothing: the number is free
    Inherit inherit = Inherit::yes;
  };

  // Adds `description` at the lowest free number not below `lowest`; the number.
  // Errors: Errno::mfile when that is `limit` or more, Errno::inval for a negative `lowest`.
  [[nodiscard]] SysResult<i32> add(DescriptionRef description, Inherit inherit, i32 lowest,
                                   u32 limit);
  // Puts `description` at `fd`, closing what is there.
  // Errors: Errno::badf when `fd` is negative or not below `limit`.
  [[nodiscard]] SysResult<void> put(i32 fd, DescriptionRef description, Inherit inherit, u32 limit);
  // The entry of `fd`; a pointer that the next change invalidates.
  // Errors: Errno::badf.
  [[nodiscard]] SysResult<Entry*> find(i32 fd) noexcept;
  // Takes `fd` out.
  // Errors: Errno::badf.
  [[nodiscard]] SysResult<DescriptionRef> remove(i32 fd) noexcept;
  // Closes all.
  void clear() noexcept { entries_.clear(); }

  // All numbers up to the highest in use, free ones included.
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace swebash::kernel
