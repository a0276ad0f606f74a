// SPDX-License-Identifier: Apache-2.0
//
// A row of the server's methods.
#pragma once

#include <string_view>

#include "serve/server.hpp"

namespace swebash::serve {

struct Server::Method {
  std::string_view name;
  // Answers `request`, now or later; or says why not, for the caller to answer.
  Answer<void> (Server::*function)(const RequestRef& request, ReadySessions& ready);
  bool begins;  // something, which a server that is to end does not
};

}  // namespace swebash::serve
