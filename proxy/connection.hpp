// SPDX-License-Identifier: Apache-2.0
//
// serve_connection(): one client of the proxy, from its first byte to its last. On a thread of its
// own; it waits where it waits.
#pragma once

#include "base/owned_fd.hpp"
#include "proxy/host_list.hpp"

namespace swebash::proxy {

void serve_connection(OwnedFd client, const HostList& hosts);

}  // namespace swebash::proxy
