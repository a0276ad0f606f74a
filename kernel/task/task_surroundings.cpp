// SPDX-License-Identifier: Apache-2.0
//
// What a guarded call puts back when it fails.
#include "kernel/kernel.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {

Task::Surroundings Task::surroundings() const {
  Surroundings kept;
  kept.fds.reserve(fds_.entries().size());
  for (const FdTable::Entry& entry : fds_.entries()) {
    kept.fds.emplace_back(entry.description, entry.inherit);
  }
  kept.cwd = cwd_;
  kept.umask = umask_;
  return kept;
}

void Task::restore(const Surroundings& kept) {
  // The new table first: what is in both must not be closed in between.
  FdTable table;
  const u32 limit = static_cast<u32>(kept.fds.size());
  for (u32 fd = 0; fd < limit; ++fd) {
    const auto& [description, inherit] = kept.fds[fd];
    if (DescriptionRef alive = description.lock()) {
      (void)table.put(static_cast<i32>(fd), std::move(alive), inherit, limit);
    }
  }
  fds_ = std::move(table);
  cwd_ = kept.cwd;
  umask_ = kept.umask;
}

}  // namespace swebash::kernel
