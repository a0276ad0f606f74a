// SPDX-License-Identifier: Apache-2.0
//
// The filter on system calls: a program of classic BPF that the kernel runs before each of them, in
// this process and all that it starts.
//
// Written by hand and not through libseccomp: it is one table and one tree of comparisons, a static
// program needs no further library for it, and the tree is what keeps it cheap (some ten
// instructions for a call that is allowed; the kernel remembers which calls are always allowed and
// runs nothing for them). Follows seccomp(2) and Documentation/userspace-api/seccomp_filter.rst. It
// looks at numbers and registers, never at memory that could change after the look. Pure but for
// install_filter().
#pragma once

#include <linux/filter.h>

#include <span>
#include <vector>

#include "base/integers.hpp"
#include "base/result.hpp"

namespace swebash::kernel::confine {

// Sockets of IPv4 and IPv6.
enum class Inet : u8 {
  none,
  tcp,
  all,  // and netlink, to ask for addresses
};

struct FilterOptions {
  Inet inet = Inet::none;
  bool unix_sockets = true;  // those with names; pairs are always allowed
  bool programs = true;      // execve
  bool own_ipc = false;      // System V IPC, message queues and limits of other processes: where a
                             // namespace keeps them apart
};

// The program; its answer is one of SECCOMP_RET_*. Calls by another architecture's numbers (i386
// and x32 on x86-64) are ENOSYS.
[[nodiscard]] std::vector<sock_filter> make_filter(const FilterOptions& options);

// Installs it for the calling thread. Requires: no_new_privs is set.
// Errors: the host's errno.
[[nodiscard]] Result<void, int> install_filter(std::span<const sock_filter> program) noexcept;

// Whether the running kernel can.
[[nodiscard]] bool has_filters() noexcept;

}  // namespace swebash::kernel::confine
