// SPDX-License-Identifier: Apache-2.0
#include "serve/connect/caller.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "serve/socket.hpp"

namespace swebash::serve {

namespace {

constexpr usize kMostDescriptors = 3;
// An answer has output and errors, each of them as long as the server lets them be, in base64.
constexpr usize kFrameLimit = usize{256} << 20;

struct Passed {
  int number;
  const char* name;
};
// SIGQUIT would end a command, and there is no core of it.
constexpr Passed kPassed[] = {
    {SIGINT, "INT"}, {SIGTERM, "TERM"}, {SIGHUP, "HUP"}, {SIGQUIT, "INT"}};

}  // namespace

Result<Caller, std::string> Caller::connect(const std::string& path) {
  OwnedFd socket = SWEBASH_TRY(connect_to(path));
  sigset_t passed;
  sigemptyset(&passed);
  for (const Passed& one : kPassed) {
    // What was ignored stays so, as in a shell that nohup has started.
    struct sigaction before{};
    if (::sigaction(one.number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaddset(&passed, one.number);
  }
  ::sigprocmask(SIG_BLOCK, &passed, nullptr);
  OwnedFd signals(::signalfd(-1, &passed, SFD_CLOEXEC | SFD_NONBLOCK));
  return Caller(std::move(socket), std::move(signals));
}

Caller::Caller(OwnedFd socket, OwnedFd signals) noexcept
    : socket_(std::move(socket)), signals_(std::move(signals)), reader_(kFrameLimit) {}

bool Caller::send(const Json& message, std::span<const int> descriptors) {
  const std::string text = frame(message.dump());
  alignas(cmsghdr) char control[CMSG_SPACE(kMostDescriptors * sizeof(int))] = {};
  iovec part = {const_cast<char*>(text.data()), text.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!descriptors.empty()) {
    const usize size = std::min(descriptors.size(), kMostDescriptors) * sizeof(int);
    header.msg_control = control;
    header.msg_controllen = static_cast<decltype(header.msg_controllen)>(CMSG_SPACE(size));
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = static_cast<decltype(rights->cmsg_len)>(CMSG_LEN(size));
    std::memcpy(CMSG_DATA(rights), descriptors.data(), size);
  }
  usize sent = 0;
  while (sent < text.size()) {
    const ssize_t count =
        sent == 0 ? ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL)
                  : ::send(socket_.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) sent += static_cast<usize>(count);
  }
  return true;
}

void Caller::pass_on(u64 id) {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
    signal_ = static_cast<int>(info.ssi_signo);
    const auto found = std::ranges::find(kPassed, signal_, &Passed::number);
    if (id == 0 || found == std::end(kPassed)) continue;
    // No answer to it is wanted.
    (void)send({{"jsonrpc", "2.0"},
                {"method", "signal"},
                {"params", {{"request", id}, {"signal", found->name}}}},
               {});
  }
}

Result<Json, std::string> Caller::receive(u64 id) {
  char buffer[64 << 10];
  while (true) {
    auto next = reader_.next();
    if (!next.has_value()) return std::unexpected("the server sends what is no message");
    if (next->has_value()) {
      Json message = Json::parse(**next, nullptr, /*allow_exceptions=*/false);
      if (!message.is_object()) return std::unexpected("the server sends what is no message");
      if (message.contains("method")) continue;
      if (!message.value("id", Json()).is_null() && message["id"] != id) continue;
      return message;
    }
    pollfd watched[] = {{socket_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}};
    if (::poll(watched, std::size(watched), -1) < 0) continue;
    if (watched[1].revents != 0) pass_on(id);
    if (watched[0].revents == 0) continue;
    const ssize_t count = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::unexpected("the server is gone");
    reader_.add({buffer, static_cast<usize>(count)});
  }
}

Result<Json, std::string> Caller::call(const char* method, Json parameters,
                                       std::span<const int> descriptors) {
  const u64 id = ++last_;
  if (!send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(parameters)}},
            descriptors)) {
    return std::unexpected("the server is gone");
  }
  Json message = SWEBASH_TRY(receive(id));
  if (const auto fault = message.find("error"); fault != message.end()) {
    return std::unexpected(fault->value("message", std::string("the server answers with a fault")));
  }
  return std::move(message["result"]);
}

int Caller::take_signal() noexcept {
  pass_on(0);
  return std::exchange(signal_, 0);
}

bool Caller::wait_for_input(int input) {
  pollfd watched[] = {{input, POLLIN, 0}, {signals_.get(), POLLIN, 0}};
  while (::poll(watched, std::size(watched), -1) < 0) {
  }
  return watched[1].revents == 0;
}

}  // namespace swebash::serve
