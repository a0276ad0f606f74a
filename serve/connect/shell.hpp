// SPDX-License-Identifier: Apache-2.0
//
// What makes a client a shell: scripts run in a session of the server with this process's standard
// streams, and a prompt where there is a terminal.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "serve/connect/caller.hpp"

namespace swebash::serve {

// How the client is to end: with a status, or by a signal.
struct ShellEnd {
  int status = 0;
  int signal = 0;
};

class RemoteShell {
 public:
  // In the session of that name, which is opened if there is none; empty: in one of its own.
  RemoteShell(Caller& caller, std::string session) noexcept
      : caller_(caller), session_(std::move(session)) {}

  // Has the session opened where there is need for it before the first run.
  // Errors: one sentence.
  [[nodiscard]] Result<void, std::string> open();
  // Makes `arguments` the positional parameters. Requires: open().
  [[nodiscard]] Result<void, std::string> set_arguments(const std::vector<std::string>& arguments);
  // Runs `script` on descriptors 0, 1 and 2.
  [[nodiscard]] Result<ShellEnd, std::string> run(const std::string& script);
  // Reads lines from the terminal at descriptor 0, and runs them, to its end. Requires: open().
  [[nodiscard]] Result<ShellEnd, std::string> prompt();

 private:
  [[nodiscard]] Result<Json, std::string> run_apart(const std::string& script,
                                                    const std::string& input = {});
  [[nodiscard]] Result<std::string, std::string> prompt_text(const char* variable);
  [[nodiscard]] Result<bool, std::string> is_whole(const std::string& text);
  // A line with its end; empty at the end of input; nothing where a signal came.
  [[nodiscard]] std::optional<std::string> read_line();

  Caller& caller_;
  std::string session_;
  std::string checker_;  // a session that says whether a text is a whole command
  int status_ = 0;
};

}  // namespace swebash::serve
