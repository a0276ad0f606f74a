// SPDX-License-Identifier: Apache-2.0
//
// The view: a root of its own, made of what a policy allows, in a mount namespace of its own.
//
// Follows mount_namespaces(7), pivot_root(2), open_tree(2), mount_setattr(2) and what bubblewrap
// does. Called in the first process of fresh user, mount and pid namespaces, once; needs Linux 5.12
// (mount_setattr makes read-only what is mounted below, too). What was made is gone with the last
// process of the namespace.
#pragma once

#include "kernel/confine/places.hpp"

namespace swebash::kernel::confine {

// A step that the kernel refused.
struct FailedStep {
  const char* what;
  int error;
};

// Makes the view and goes into it, to `places.directory`.
[[nodiscard]] Result<void, FailedStep> enter_view(const Places& places, Temporary temporary);

}  // namespace swebash::kernel::confine
