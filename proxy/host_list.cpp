// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_list.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace swebash::proxy {
namespace {

bool is_address(std::string_view host) {
  in6_addr six;
  const std::string text(host);
  return ::inet_pton(AF_INET, text.c_str(), &six) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &six) == 1;
}

bool is_local_v4(u32 address) noexcept {
  const u32 first = address >> 24;
  return first == 0 || first == 127 || address >> 16 == 0xa9fe || first >= 224;
}

}  // namespace

std::string host_key(std::string_view host) {
  constexpr usize kLongest = 253;
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.size() > kLongest) return {};
  const std::string text(host);
  char canonical[INET6_ADDRSTRLEN];
  in6_addr address;
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, text.c_str(), &address) == 1) {
      return ::inet_ntop(family, &address, canonical, sizeof(canonical));
    }
  }
  std::string key;
  for (const char c : host) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (!letter && !digit && c != '-' && c != '.' && c != '_') return {};
    key += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  // What resolvers take for an address in another way of writing (127.1, 0x7f000001) is no name.
  const std::string_view last = std::string_view(key).substr(key.rfind('.') + 1);
  const bool hexadecimal = last.starts_with("0x");
  if (last.empty() || hexadecimal || last.find_first_not_of("0123456789") == last.npos) return {};
  return key;
}

HostList::HostList(const std::vector<std::string>& hosts) {
  for (std::string_view text : hosts) {
    Row row = {{}, text.starts_with("*."), -1};
    if (row.below) text.remove_prefix(2);
    std::string_view port;
    if (text.starts_with('[')) {
      const usize close = std::min(text.find(']'), text.size());
      if (close + 2 < text.size()) port = text.substr(close + 2);
      text = text.substr(1, close - 1);
    } else if (const usize colon = text.find(':'); colon != text.npos && text.rfind(':') == colon) {
      port = text.substr(colon + 1);
      text = text.substr(0, colon);
    }
    if (!port.empty()) std::from_chars(port.data(), port.data() + port.size(), row.port);
    row.host = host_key(text);
    if (!row.host.empty()) rows_.push_back(std::move(row));
  }
}

bool HostList::allows(const Target& target) const {
  const std::string host = host_key(target.host);
  if (host.empty()) return false;
  return std::ranges::any_of(rows_, [&](const Row& row) {
    if (row.port >= 0 && row.port != target.port) return false;
    if (!row.below) return host == row.host;
    return !is_address(host) && host.size() > row.host.size() + 1 && host.ends_with(row.host) &&
           host[host.size() - row.host.size() - 1] == '.';
  });
}

bool may_stand_for(const std::string& host, const sockaddr& address) noexcept {
  const std::string key = host_key(host);
  if (is_address(key) || key == "localhost" || key.ends_with(".localhost")) return true;
  if (address.sa_family == AF_INET) {
    sockaddr_in four;
    std::memcpy(&four, &address, sizeof(four));
    return !is_local_v4(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 six;
  std::memcpy(&six, &address, sizeof(six));
  const in6_addr& in = six.sin6_addr;
  // RFC 4291, 2.5.5.1: an address of IPv4 after twelve zeros, whatever it is. IN6_IS_ADDR_V4COMPAT
  // is not asked, since musl's takes none that ends in 1.
  const bool compatible =
      std::all_of(in.s6_addr, in.s6_addr + 12, [](u8 part) { return part == 0; });
  if (IN6_IS_ADDR_V4MAPPED(&in) || compatible) {
    u32 four;
    std::memcpy(&four, &in.s6_addr[12], sizeof(four));
    return !is_local_v4(ntohl(four));
  }
  return !IN6_IS_ADDR_LINKLOCAL(&in) && !IN6_IS_ADDR_MULTICAST(&in);
}

}  // namespace swebash::proxy
