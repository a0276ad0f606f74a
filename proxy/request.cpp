// SPDX-License-Identifier: Apache-2.0
#include "proxy/request.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace swebash::proxy {
namespace {

constexpr u8 kIpv4 = 1, kName = 3, kIpv6 = 4;
constexpr usize kHead = 4;  // version, command, reserved, kind of address

u8 byte_at(std::string_view bytes, usize at) noexcept { return static_cast<u8>(bytes[at]); }

// HOST, HOST:PORT or [ADDRESS]:PORT.
std::optional<Target> parse_authority(std::string_view text, u16 port) {
  std::string_view host = text, number;
  if (text.starts_with('[')) {
    const usize close = text.find(']');
    if (close == text.npos) return std::nullopt;
    host = text.substr(1, close - 1);
    number = text.substr(close + 1);
  } else if (const usize colon = text.find(':'); colon != text.npos) {
    host = text.substr(0, colon);
    number = text.substr(colon);
  }
  if (!number.empty()) {
    const char* const end = number.data() + number.size();
    const auto read = std::from_chars(number.data() + 1, end, port);
    if (number[0] != ':' || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  }
  Target target = {host_key(host), port};
  if (target.host.empty() || port == 0) return std::nullopt;
  return target;
}

bool is_header(std::string_view line, std::string_view name) noexcept {
  return line.size() > name.size() && line[name.size()] == ':' &&
         std::ranges::equal(line.substr(0, name.size()), name, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
         });
}

// RFC 9112, 2.2, 5.1 and 5.2: what one server takes for the end of a line, for another name or for
// more of the line before, and another does not. Somebody behind the proxy could then read another
// request than the one that was looked at.
bool is_ambiguous(std::string_view line) noexcept {
  const usize name = std::min(line.find(':'), line.size());
  return line.front() == ' ' || line.find_first_of(" \t") < name || name == line.size() ||
         std::ranges::any_of(
             line, [](char c) { return (static_cast<u8>(c) < ' ' && c != '\t') || c == 0x7f; });
}

std::string_view take_line(std::string_view& rest) noexcept {
  const usize end = std::min(rest.find("\r\n"), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 2, rest.size()));
  return line;
}

}  // namespace

std::optional<HttpRequest> parse_http(std::string_view head) {
  std::string_view rest = head;
  const std::string_view line = take_line(rest);
  const usize first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || first == last) return std::nullopt;
  const std::string_view method = line.substr(0, first);
  const std::string_view url = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  const bool is_known = version == "HTTP/1.1" || version == "HTTP/1.0";
  const bool is_plain = std::ranges::all_of(url, [](char c) { return c > ' ' && c != 0x7f; });
  if (method.empty() || url.empty() || !is_known || !is_plain) return std::nullopt;
  HttpRequest request;
  if (method == "CONNECT") {
    const auto target = parse_authority(url, 0);
    if (!target) return std::nullopt;
    request.target = *target;
    request.tunnel = true;
    return request;
  }
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return std::nullopt;
  const std::string_view whole = url.substr(kScheme.size());
  const usize slash = std::min(whole.find_first_of("/?#"), whole.size());
  const std::string_view authority = whole.substr(0, slash);
  const auto target = parse_authority(authority, 80);
  if (!target) return std::nullopt;
  request.target = *target;
  std::string_view path = whole.substr(slash);
  request.forward.append(method).append(" ");
  if (!path.starts_with('/')) request.forward += '/';
  request.forward.append(path).append(" ").append(version).append("\r\nHost: ");
  request.forward.append(authority).append("\r\n");
  while (!rest.empty()) {
    const std::string_view header = take_line(rest);
    if (header.empty()) break;
    if (is_ambiguous(header)) return std::nullopt;
    bool dropped = false;
    for (const char* name : {"host", "connection", "proxy-connection", "proxy-authorization",
                             "keep-alive", "upgrade"}) {
      dropped |= is_header(header, name);
    }
    if (!dropped) request.forward.append(header).append("\r\n");
  }
  // One request for each connection, so that the next one is looked at as well.
  request.forward += "Connection: close\r\n\r\n";
  return request;
}

bool offers_no_name(std::string_view methods) noexcept {
  return methods.find('\0') != methods.npos;
}

usize socks_length(std::string_view bytes) noexcept {
  if (bytes.size() <= kHead) return 0;
  switch (byte_at(bytes, 3)) {
    case kIpv4: return kHead + 4 + 2;
    case kIpv6: return kHead + 16 + 2;
    case kName: return kHead + 1 + byte_at(bytes, kHead) + 2;
    default: return kHead + 1;
  }
}

std::optional<Target> parse_socks(std::string_view bytes) {
  Target target;
  char text[INET6_ADDRSTRLEN];
  switch (byte_at(bytes, 3)) {
    case kIpv4: target.host = ::inet_ntop(AF_INET, bytes.data() + kHead, text, sizeof(text)); break;
    case kIpv6:
      target.host = ::inet_ntop(AF_INET6, bytes.data() + kHead, text, sizeof(text));
      break;
    case kName: target.host = bytes.substr(kHead + 1, byte_at(bytes, kHead)); break;
    default: return std::nullopt;
  }
  const usize length = socks_length(bytes);
  target.port = static_cast<u16>(byte_at(bytes, length - 2) << 8 | byte_at(bytes, length - 1));
  target.host = host_key(target.host);
  if (target.host.empty() || target.port == 0) return std::nullopt;
  return target;
}

}  // namespace swebash::proxy
