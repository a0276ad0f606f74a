// SPDX-License-Identifier: Apache-2.0
//
// Caller: a client's end of a connection: calls methods of the server, and passes on the signals
// that come meanwhile.
//
// One for a process; not thread-safe. From its making on SIGINT, SIGTERM, SIGHUP and SIGQUIT are
// blocked, and come to the run that is under way.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/owned_fd.hpp"
#include "base/result.hpp"
#include "serve/bytes.hpp"
#include "serve/frame.hpp"

namespace swebash::serve {

class Caller {
 public:
  // Errors: one sentence.
  [[nodiscard]] static Result<Caller, std::string> connect(const std::string& path);

  // Calls `method`, and waits for its result. `descriptors` go along.
  // Errors: the server's sentence, or that it is gone.
  [[nodiscard]] Result<Json, std::string> call(const char* method, Json parameters,
                                               std::span<const int> descriptors = {});
  // The last signal that came and was passed on, since it was asked the last time; 0: none.
  [[nodiscard]] int take_signal() noexcept;
  // Waits for something to read from `input`, or a signal; whether there is something.
  [[nodiscard]] bool wait_for_input(int input);

 private:
  Caller(OwnedFd socket, OwnedFd signals) noexcept;
  [[nodiscard]] bool send(const Json& message, std::span<const int> descriptors);
  [[nodiscard]] Result<Json, std::string> receive(u64 id);
  void pass_on(u64 id);

  OwnedFd socket_;
  OwnedFd signals_;
  FrameReader reader_;
  u64 last_ = 0;
  int signal_ = 0;
};

}  // namespace swebash::serve
