// SPDX-License-Identifier: Apache-2.0
#include "proxy/connection.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <string>

#include "proxy/request.hpp"

namespace swebash::proxy {
namespace {

constexpr int kHandshakeTime = 30, kConnectTime = 30;  // seconds
constexpr usize kLongestHead = usize{64} << 10, kBuffer = usize{32} << 10;
// So many refusals are told of at most.
constexpr usize kMostTold = 200;

enum class Failure : u8 { none, not_allowed, leads_here, no_such_host, refused, unreachable };

std::string shown(const Target& target) {
  std::string text;
  for (const char c : target.host) text += c > 0x20 && c < 0x7f ? c : '?';
  if (text.find(':') != text.npos) text.insert(0, "[").append("]");
  return text + ":" + std::to_string(target.port);
}

std::string refusal(const Target& target, Failure failure) {
  const std::string where = shown(target);
  if (failure == Failure::leads_here) {
    return "swebash: " + where +
           ": its address is one of this machine, or no host's, which no name may lead to\n";
  }
  return "swebash: " + where + ": not allowed by the workspace policy (--allow-net=" + where +
         " would)\n";
}

// Once for each place, where the session's messages go.
void tell_refusal(const Target& target, Failure failure) {
  static std::mutex mutex;
  static std::vector<std::string> told;
  const std::string sentence = refusal(target, failure);
  const std::lock_guard lock(mutex);
  if (told.size() >= kMostTold) return;
  for (const std::string& one : told) {
    if (one == sentence) return;
  }
  told.push_back(sentence);
  [[maybe_unused]] const auto written = ::write(2, sentence.data(), sentence.size());
}

bool send_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t count = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    data.remove_prefix(static_cast<usize>(count));
  }
  return true;
}

// Reads more into `bytes`; false at the end, or when the client takes too long.
bool read_more(int fd, std::string& bytes) {
  char buffer[4096];
  pollfd entry = {fd, POLLIN, 0};
  if (::poll(&entry, 1, kHandshakeTime * 1000) <= 0) return false;
  const ssize_t count = ::recv(fd, buffer, sizeof(buffer), 0);
  if (count <= 0) return false;
  bytes.append(buffer, static_cast<usize>(count));
  return true;
}

OwnedFd connect_to(const sockaddr& address, socklen_t length, Failure& failure) {
  OwnedFd fd(::socket(address.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  failure = Failure::unreachable;
  if (!fd) return {};
  if (::connect(fd.get(), &address, length) != 0) {
    if (errno == ECONNREFUSED) failure = Failure::refused;
    if (errno != EINPROGRESS) return {};
    pollfd entry = {fd.get(), POLLOUT, 0};
    if (::poll(&entry, 1, kConnectTime * 1000) <= 0) return {};
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == ECONNREFUSED) failure = Failure::refused;
    if (error != 0) return {};
  }
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
  failure = Failure::none;
  return fd;
}

struct Service {
  const HostList& hosts;
  int account;
};

// False where it cannot be told.
bool tell_account(const Service& service, const Target& target, bool allowed) {
  if (service.account < 0) return true;
  std::string message = "N" + target.host;
  message.push_back('\0');
  message.append(std::to_string(target.port)).push_back('\0');
  message.push_back(allowed ? '1' : '0');
  return send_all(service.account, message);
}

// Asks for an address only of a name that is on the list: a name is a message to whoever answers.
OwnedFd reach(const Target& target, const Service& service, Failure& failure) {
  const bool allowed = service.hosts.allows(target);
  failure = allowed ? Failure::unreachable : Failure::not_allowed;
  if (!tell_account(service, target, allowed)) return {};
  if (!allowed) {
    tell_refusal(target, failure);
    return {};
  }
  addrinfo hints = {}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  const std::string port = std::to_string(target.port);
  failure = Failure::no_such_host;
  if (::getaddrinfo(target.host.c_str(), port.c_str(), &hints, &found) != 0) return {};
  OwnedFd fd;
  failure = Failure::leads_here;
  for (const addrinfo* one = found; one != nullptr && !fd; one = one->ai_next) {
    if (!may_stand_for(target.host, *one->ai_addr)) continue;
    fd = connect_to(*one->ai_addr, one->ai_addrlen, failure);
  }
  ::freeaddrinfo(found);
  if (!fd && failure == Failure::leads_here) {
    (void)tell_account(service, target, false);
    tell_refusal(target, failure);
  }
  return fd;
}

// Moves bytes both ways until both have ended.
void join(int a, int b) {
  char buffer[kBuffer];
  bool open[2] = {true, true};
  const int ends[2] = {a, b};
  const int on = 1;
  for (const int fd : ends) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  while (open[0] || open[1]) {
    pollfd entries[2];
    for (int i = 0; i < 2; ++i) {
      entries[i] = {open[i] ? ends[i] : -1, POLLIN, 0};
    }
    if (::poll(entries, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return;
    }
    for (int i = 0; i < 2; ++i) {
      if (entries[i].revents == 0) continue;
      const ssize_t count = ::recv(ends[i], buffer, sizeof(buffer), 0);
      if (count < 0 && errno == EINTR) continue;
      if (count > 0) {
        if (!send_all(ends[1 - i], {buffer, static_cast<usize>(count)})) return;
        continue;
      }
      open[i] = false;
      ::shutdown(ends[1 - i], SHUT_WR);
      if (count < 0) return;
    }
  }
}

void answer_http(int fd, const char* status, const std::string& text) {
  send_all(fd, std::string("HTTP/1.1 ") + status +
                   "\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: " +
                   std::to_string(text.size()) + "\r\n\r\n" + text);
}

void serve_http(int client, std::string bytes, const Service& service) {
  usize end = 0;
  while ((end = bytes.find("\r\n\r\n")) == bytes.npos) {
    if (bytes.size() > kLongestHead || !read_more(client, bytes)) return;
  }
  const auto request = parse_http(std::string_view(bytes).substr(0, end + 4));
  if (!request) {
    answer_http(client, "400 Bad Request",
                "swebash: this is a proxy: CONNECT, http:// or SOCKS5 is what it takes\n");
    return;
  }
  Failure failure = Failure::none;
  const OwnedFd server = reach(request->target, service, failure);
  const std::string where = "swebash: " + shown(request->target);
  switch (failure) {
    case Failure::none: break;
    case Failure::not_allowed:
    case Failure::leads_here:
      return answer_http(client, "403 Forbidden", refusal(request->target, failure));
    case Failure::no_such_host:
      return answer_http(client, "502 Bad Gateway", where + ": no such host\n");
    case Failure::refused:
      return answer_http(client, "502 Bad Gateway", where + ": Connection refused\n");
    case Failure::unreachable:
      return answer_http(client, "504 Gateway Timeout", where + ": cannot be reached\n");
  }
  const std::string_view rest = std::string_view(bytes).substr(end + 4);
  if (request->tunnel && !send_all(client, "HTTP/1.1 200 Connection established\r\n\r\n")) return;
  if (!send_all(server.get(), request->forward) || !send_all(server.get(), rest)) return;
  join(client, server.get());
}

bool answer_socks(int fd, SocksAnswer answer) {
  const char bytes[] = {5, static_cast<char>(answer), 0, 1, 0, 0, 0, 0, 0, 0};
  return send_all(fd, {bytes, sizeof(bytes)});
}

void serve_socks(int client, std::string bytes, const Service& service) {
  while (bytes.size() < 2 || bytes.size() < 2 + static_cast<u8>(bytes[1])) {
    if (!read_more(client, bytes)) return;
  }
  const usize offered = static_cast<u8>(bytes[1]);
  const bool usable = offers_no_name(std::string_view(bytes).substr(2, offered));
  const char method[] = {5, static_cast<char>(usable ? 0 : 0xff)};
  if (!send_all(client, {method, sizeof(method)}) || !usable) return;
  bytes.erase(0, 2 + offered);
  usize length = 0;
  while ((length = socks_length(bytes)) == 0 || bytes.size() < length) {
    if (!read_more(client, bytes)) return;
  }
  constexpr char kConnect = 1;
  if (bytes[0] != 5 || bytes[1] != kConnect) {
    answer_socks(client, SocksAnswer::no_such_command);
    return;
  }
  const auto target = parse_socks(std::string_view(bytes).substr(0, length));
  if (!target) {
    answer_socks(client, SocksAnswer::not_allowed);
    return;
  }
  Failure failure = Failure::none;
  const OwnedFd server = reach(*target, service, failure);
  if (!server) {
    const bool forbidden = failure == Failure::not_allowed || failure == Failure::leads_here;
    answer_socks(client, forbidden                     ? SocksAnswer::not_allowed
                         : failure == Failure::refused ? SocksAnswer::refused
                                                       : SocksAnswer::unreachable);
    return;
  }
  if (!answer_socks(client, SocksAnswer::granted)) return;
  if (!send_all(server.get(), std::string_view(bytes).substr(length))) return;
  join(client, server.get());
}

}  // namespace

void serve_connection(OwnedFd client, const HostList& hosts, int account) {
  const Service service = {hosts, account};
  std::string bytes;
  if (!read_more(client.get(), bytes)) return;
  if (bytes[0] == 5) {
    serve_socks(client.get(), std::move(bytes), service);
  } else {
    serve_http(client.get(), std::move(bytes), service);
  }
}

}  // namespace swebash::proxy
