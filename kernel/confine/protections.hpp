// SPDX-License-Identifier: Apache-2.0
//
// Protections: what a confinement is made of, and by what each part is enforced on this machine.
//
// For people: `swebash doctor`, `workspace status`, and the sentence of --require-confinement. Pure
// but for look_at_machine() and try_view().
#pragma once

#include <string>
#include <vector>

#include "kernel/policy/policy.hpp"

namespace swebash::kernel::confine {

// What this machine has.
struct Machine {
  Isolation isolation = Isolation::automatic;  // what is used, or would be; automatic: neither
  std::string no_view;  // why there is no view of its own, where there is none
  i32 landlock = 0;     // its ABI; 0: none
  bool filter = false;  // seccomp
};

struct Protection {
  const char* what;
  std::string by;  // empty: nothing
};

// Landlock and seccomp, which can be asked for; whether there is a view is for who tries.
[[nodiscard]] Machine look_at_machine() noexcept;
// Tries in a child process whether a view can be had, for `doctor`; fills `isolation` and
// `no_view`.
void try_view(Machine& machine);

[[nodiscard]] std::vector<Protection> protections(const Policy& policy, const Machine& machine);
// Those as lines of a table.
[[nodiscard]] std::string protection_table(const std::vector<Protection>& rows);

}  // namespace swebash::kernel::confine
