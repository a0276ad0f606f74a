// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_list.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/owned_fd.hpp"

namespace swebash::proxy {
namespace {

bool is_address(std::string_view host) {
  in6_addr six;
  const std::string text(host);
  return ::inet_pton(AF_INET, text.c_str(), &six) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &six) == 1;
}

// What clouds tell a machine of itself, its credentials too, beside link-local addresses.
constexpr const char* kOfClouds[] = {"100.100.100.200", "168.63.129.16", "fd00:ec2::254",
                                     "fd20:ce::254"};

bool is_of_cloud(int family, const void* address) noexcept {
  char text[INET6_ADDRSTRLEN];
  return ::inet_ntop(family, address, text, sizeof(text)) != nullptr &&
         std::ranges::any_of(kOfClouds,
                             [&](const char* one) { return std::strcmp(one, text) == 0; });
}

// `bytes`: four, as in the network.
bool is_local_v4(const u8* bytes) noexcept {
  return bytes[0] == 0 || bytes[0] == 127 || (bytes[0] == 169 && bytes[1] == 254) ||
         bytes[0] >= 224 || is_of_cloud(AF_INET, bytes);
}

// The address of IPv4 that is written within one of IPv6; null without one.
const u8* v4_within(const in6_addr& address) noexcept {
  // RFC 4291, 2.5.5 (compatible, mapped); RFC 2765 (translated); RFC 6052 (64:ff9b::/96).
  constexpr u8 kBefore[][12] = {{},
                                {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff},
                                {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0},
                                {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}};
  for (const auto& before : kBefore) {
    if (std::equal(before, before + 12, address.s6_addr)) return address.s6_addr + 12;
  }
  // RFC 3056 (2002::/16).
  const bool six_to_four = address.s6_addr[0] == 0x20 && address.s6_addr[1] == 2;
  return six_to_four ? address.s6_addr + 2 : nullptr;
}

template <class Address>
bool can_bind(const Address& address, sa_family_t family) noexcept {
  const OwnedFd fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return fd && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

// Whether the machine has the address itself, which can be bound then. Where it lets others be
// bound too (ip_nonlocal_bind), as `nobodys` shows, that cannot be told.
template <class Address, class Part>
bool is_own(Address address, Part Address::* part, const char* nobodys) noexcept {
  const auto family = reinterpret_cast<const sockaddr&>(address).sa_family;
  if (!can_bind(address, family)) return false;
  return ::inet_pton(family, nobodys, &(address.*part)) == 1 && !can_bind(address, family);
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

bool may_stand_for(const std::string& host, const sockaddr& address) {
  const std::string key = host_key(host);
  if (is_address(key) || key == "localhost" || key.ends_with(".localhost")) return true;
  // Of RFC 5737 and RFC 3849, which nobody has.
  constexpr const char* kNobodys4 = "203.0.113.1";
  constexpr const char* kNobodys6 = "2001:db8::1";
  if (address.sa_family == AF_INET) {
    sockaddr_in four;
    std::memcpy(&four, &address, sizeof(four));
    u8 bytes[4];
    std::memcpy(bytes, &four.sin_addr, sizeof(bytes));
    four.sin_port = 0;
    return !is_local_v4(bytes) && !is_own(four, &sockaddr_in::sin_addr, kNobodys4);
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 six;
  std::memcpy(&six, &address, sizeof(six));
  const in6_addr& in = six.sin6_addr;
  if (const u8* four = v4_within(in); four != nullptr) {
    sockaddr_in within = {};
    within.sin_family = AF_INET;
    std::memcpy(&within.sin_addr, four, sizeof(within.sin_addr));
    return may_stand_for(host, reinterpret_cast<const sockaddr&>(within));
  }
  six.sin6_port = 0;
  return !IN6_IS_ADDR_LINKLOCAL(&in) && !IN6_IS_ADDR_SITELOCAL(&in) &&
         !IN6_IS_ADDR_MULTICAST(&in) && !is_of_cloud(AF_INET6, &in) &&
         !is_own(six, &sockaddr_in6::sin6_addr, kNobodys6);
}

}  // namespace swebash::proxy
