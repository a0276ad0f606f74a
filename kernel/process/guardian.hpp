// SPDX-License-Identifier: Apache-2.0
//
// Guardian: a process of ours that ends native children when the host is killed.
//
// PR_SET_PDEATHSIG does the same for a child that the host waits for; it fires when the thread
// that made the child ends, and cannot be taken back, so a background child, which stays when the
// host exits, has it not. The guardian is made for the first of those. It is the process's, of
// which there is one host: all is static. Thread-safe where a method does not say otherwise.
#pragma once

#include <sys/types.h>

namespace swebash::kernel {

struct Guardian {
  // From now on `child` ends with the host, should that be killed. Nothing happens where no
  // guardian can be had, or when too many children are guarded already.
  static void guard(pid_t child) noexcept;
  // A fork comes, which guard() shall name.
  static void expect_fork() noexcept;
  // `child` has been waited for, or is no longer ours to end.
  static void forget(pid_t child) noexcept;
  // The host ends by itself, or becomes another program: its children stay. Ends the guardian.
  static void dismiss() noexcept;
  // It did not become one.
  static void resume() noexcept;
  // In a fork of the host: its parent's guardian, which may guard it, is not its own.
  static void leave_behind() noexcept;
  // What this process does next may kill its parent: it goes on after that. For a fork.
  static void outlive_parent() noexcept;
};

}  // namespace swebash::kernel
