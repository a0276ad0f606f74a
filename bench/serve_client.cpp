// SPDX-License-Identifier: Apache-2.0
//
// swebash-serve-client: measures calls of one client to a resident server, and writes the
// microseconds from before the request to behind the answer as JSON.
//
//   swebash-serve-client SOCKET ROUNDS
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "serve/frame.hpp"
#include "serve/socket.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using swebash::serve::FrameReader;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "swebash-serve-client: %s\n", what.c_str());
  std::exit(1);
}

class Client {
 public:
  explicit Client(const char* path) : reader_(1 << 20) {
    auto socket = swebash::serve::connect_to(path);
    if (!socket.has_value()) fail(socket.error());
    socket_ = std::move(*socket);
  }

  // The answer to a request, which must have `expected` in it.
  void call(std::string_view method, const std::string& parameters, std::string_view expected) {
    const std::string text =
        swebash::serve::frame(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                              R"(","params":{)" + parameters + "}}");
    if (::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(text.size())) {
      fail("the request was not sent");
    }
    while (true) {
      const auto message = reader_.next();
      if (!message.has_value()) fail("no message came");
      if (message->has_value()) {
        if ((*message)->find(expected) == std::string::npos) fail(**message);
        return;
      }
      char buffer[4096];
      const ssize_t count = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
      if (count <= 0) fail("the server is gone");
      reader_.add({buffer, static_cast<std::size_t>(count)});
    }
  }

 private:
  swebash::OwnedFd socket_;
  FrameReader reader_;
};

template <class F>
void measure(const char* name, int rounds, const char* end, F function) {
  for (int i = 0; i < rounds / 10 + 1; ++i) function();
  std::printf("\"%s\": [", name);
  for (int i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    function();
    const std::chrono::duration<double, std::micro> time = Clock::now() - start;
    std::printf("%s%.1f", i == 0 ? "" : ", ", time.count());
  }
  std::printf("]%s\n", end);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: swebash-serve-client SOCKET ROUNDS");
  const int rounds = std::atoi(argv[2]);
  Client client(argv[1]);
  constexpr std::string_view kAnswer = R"("output":"hi\n")";
  std::printf("{");
  measure("nothing", rounds, ",", [&] { client.call("session.list", "", R"("sessions":)"); });
  measure("fresh", rounds, ",", [&] { client.call("run", R"("script":"echo hi")", kAnswer); });
  client.call("session.open", R"("name":"live")", R"("session":"live")");
  measure("live", rounds, "}",
          [&] { client.call("run", R"("session":"live","script":"echo hi")", kAnswer); });
  client.call("session.close", R"("session":"live")", "result");
  return 0;
}
