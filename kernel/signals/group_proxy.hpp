// SPDX-License-Identifier: Apache-2.0
//
// GroupProxy: a process of ours that stands in a process group for the wasm tasks of that group,
// which the host's terminal and other processes do not know.
//
// It notes the signals that the group gets, and tells the host by a SIGCHLD; the kernel gives them
// to the tasks. It keeps the group alive as well, so that a native that joins late finds it. It
// shares the host's memory and no descriptor, runs system calls alone, and ends with this object,
// or with the host. Owned by Kernel, under its lock; note() aside, which is the process's.
#pragma once

#include <sys/types.h>

#include <memory>

#include "abi/errno.hpp"
#include "base/integers.hpp"
#include "kernel/signals/signals.hpp"

namespace swebash::kernel {

class GroupProxy {
 public:
  // Starts one in process group `group`, or in a group of its own when that is 0.
  // Errors: those of clone and setpgid; Errno::notsup on a processor it has no code for.
  [[nodiscard]] static SysResult<std::unique_ptr<GroupProxy>> create(pid_t group);
  ~GroupProxy();
  GroupProxy(const GroupProxy&) = delete;
  GroupProxy& operator=(const GroupProxy&) = delete;

  // The process group it is in.
  [[nodiscard]] pid_t group() const noexcept { return group_; }
  // The signals noted since the last call, SIGKILL if somebody killed the proxy itself.
  // It must then be made anew.
  [[nodiscard]] SignalSet take() noexcept;

 private:
  GroupProxy() noexcept = default;

  void* shared_ = nullptr;  // what both see, at the low end of the proxy's stack
  pid_t pid_ = 0;           // 0: reaped
  pid_t group_ = 0;
};

}  // namespace swebash::kernel
