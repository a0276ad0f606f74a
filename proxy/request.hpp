// SPDX-License-Identifier: Apache-2.0
//
// What a client of the proxy asks for: HTTP's CONNECT and requests with a whole URL (RFC 9110, RFC
// 9112), SOCKS5's CONNECT (RFC 1928). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proxy/host_list.hpp"

namespace swebash::proxy {

struct HttpRequest {
  Target target;
  bool tunnel = false;  // CONNECT
  std::string forward;  // otherwise what the server gets: the request as one of its own
};

// `head`: all up to and with the empty line. Nothing for what is no request to a proxy.
[[nodiscard]] std::optional<HttpRequest> parse_http(std::string_view head);

// Whether the client knows SOCKS5's way to do without a name; `methods` are those it offers.
[[nodiscard]] bool offers_no_name(std::string_view methods) noexcept;

// A request of SOCKS5: `bytes` from its version on. Its length is socks_length(), which is 0 as
// long as `bytes` are too few to know it.
[[nodiscard]] usize socks_length(std::string_view bytes) noexcept;
// Nothing for what is no address.
[[nodiscard]] std::optional<Target> parse_socks(std::string_view bytes);

// SOCKS5's answers.
enum class SocksAnswer : u8 {
  granted = 0,
  failed = 1,
  not_allowed = 2,
  unreachable = 4,
  refused = 5,
  no_such_command = 7,
};

}  // namespace swebash::proxy
