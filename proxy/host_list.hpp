// SPDX-License-Identifier: Apache-2.0
//
// HostList: the hosts that may be connected to, as `--allow-net` names them.
//
// HOST or HOST:PORT; *.HOST is all names below HOST; an address is allowed as an address alone, in
// brackets where it is IPv6 and has a port. Immutable, any thread.
#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"

namespace swebash::proxy {

// Where somebody wants to go: a name, or an address as text.
struct Target {
  std::string host;  // as host_key() has it
  u16 port = 0;
};

class HostList {
 public:
  // Requires: each is what the shell takes for a host.
  explicit HostList(const std::vector<std::string>& hosts);

  [[nodiscard]] bool allows(const Target& target) const;

 private:
  struct Row {
    std::string host;  // as host_key() has it; what is below it where `below`
    bool below;
    int port;  // -1: any
  };
  std::vector<Row> rows_;
};

// What names one host by one text: small letters, no dot at the end; an address as the system
// writes it. Empty for what is no host.
[[nodiscard]] std::string host_key(std::string_view host);

// Whether `host`, a name, may stand for this address. What somebody else's name server says must
// not lead to the machine itself, to its neighbours' set-up services or to many at once.
[[nodiscard]] bool may_stand_for(const std::string& host, const sockaddr& address);

}  // namespace swebash::proxy
