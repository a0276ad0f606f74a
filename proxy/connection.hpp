// SPDX-License-Identifier: Apache-2.0
//
// serve_connection(): one client of the proxy, from its first byte to its last. On a thread of its
// own; it waits where it waits.
//
// `account` is the socket of whoever writes the session's account, or -1: each place that is asked
// for is told there first, and is not reached where that cannot be.
#pragma once

#include "base/owned_fd.hpp"
#include "proxy/host_list.hpp"

namespace swebash::proxy {

void serve_connection(OwnedFd client, const HostList& hosts, int account);

}  // namespace swebash::proxy
