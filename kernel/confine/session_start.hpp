// SPDX-License-Identifier: Apache-2.0
//
// start_in_view(): the session as a process in namespaces of its own.
//
// Three processes come of it, as in supervise(). The one that was called stays outside: it waits,
// hands on the signals that it is sent, and ends as the session did. The first process of the
// namespaces makes the view, confines itself, and is then their init(1): it reaps what the session
// leaves, and all of it ends with it. The session is its child, so that signals do to it what they
// do to any process (pid_namespaces(7): an init is deaf to most). It stays in the process group
// that was called, so that ^C and ^Z of a terminal reach it as they would; where it stops, the
// outside stops. Called once, before there is a second thread.
#pragma once

#include "kernel/confine/view.hpp"

namespace swebash::kernel::confine {

// With a list of hosts there is a network namespace too, in which nothing but the session's own
// sockets can be reached, and a fourth process: `proxy`, a program outside, which answers there at
// kProxyPort and connects to the hosts on the list. It ends with the first process.
// Returns in the session. Errors: the step that this machine refused, in the called process, as if
// nothing had been.
[[nodiscard]] Result<void, FailedStep> start_in_view(const Policy& policy, const Places& places,
                                                     const std::string& proxy);

// Whether a program asks for `host` at its own loopback, and not through the proxy: unless hosts of
// that kind are on the list, which are those outside then. Pure.
[[nodiscard]] bool is_own_host(const Policy& policy, std::string_view host) noexcept;

// Of 127.0.0.1 in the session's own network, where nobody else is.
inline constexpr u16 kProxyPort = 3128;

}  // namespace swebash::kernel::confine
