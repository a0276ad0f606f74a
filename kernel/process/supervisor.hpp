// SPDX-License-Identifier: Apache-2.0
//
// supervise(): a process outside a session that holds the session's whole tree to its limits until
// all of that is gone.
//
// Three processes come of it. The one that was called waits for the session, hands on the signals
// it is sent, and ends as the session did. The supervisor, its child, is the reaper of all that the
// session leaves behind, so that neither setsid nor a second fork leads out of its sight. The
// session is the supervisor's child and goes on as if nothing had been. The session watches its own
// limits (SessionWatch) and ends with a message; the supervisor ends what the session does not:
// because it was killed or stopped, or is over. It is no protection from a program of the same user
// that kills the supervisor. Called once, before there is a second thread.
#pragma once

#include "kernel/limits.hpp"

namespace swebash::kernel {

// Puts a supervisor over what the calling process does from here on, which is the session from then
// on; the call returns in it alone. Where no process can be had, nothing is done.
void supervise(const Limits& limits);

// What this process starts cannot raise a hard limit again, not even as root.
void forbid_raising_limits() noexcept;

}  // namespace swebash::kernel
