// SPDX-License-Identifier: Apache-2.0
//
// What of a policy Landlock holds: within the view as the second wall, alone as the first.
//
// Within the view everything that can be seen may be read, so a few rules are enough; what they add
// is that nothing of the old root can be used through something that still leads there (a
// descriptor from outside, /proc/PID/exe), and scopes. Alone, each place has a rule; what lies
// within an allowed place cannot be denied, but for the secrets in /etc, around which the rules are
// made.
#pragma once

#include "kernel/confine/landlock.hpp"
#include "kernel/confine/places.hpp"

namespace swebash::kernel::confine {

// Both: Errors: the host's errno. Requires: no_new_privs; 0, 1 and 2 are those of the session.
[[nodiscard]] Result<void, int> rule_within_view(const Policy& policy, const Places& places);
// `temporary`: the session's own folder for temporary files, open, or -1.
[[nodiscard]] Result<void, int> rule_alone(const Policy& policy, const Places& places,
                                           int temporary);

// Has `rules` allow the descriptors that the session was given to be opened again by their names
// (/dev/stderr), for what they are open for. Errors: the host's errno.
[[nodiscard]] Result<void, int> allow_given(Ruleset& rules);

}  // namespace swebash::kernel::confine
