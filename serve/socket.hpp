// SPDX-License-Identifier: Apache-2.0
//
// The server's socket: where it is, who may make it, who may use it. Stateless.
#pragma once

#include <string>

#include "base/owned_fd.hpp"
#include "base/result.hpp"

namespace swebash::serve {

// Where the server listens, and a client looks for it, when nobody says: in $XDG_RUNTIME_DIR, else
// in a directory of this user's in /tmp.
[[nodiscard]] std::string default_socket_path();

// A socket that listens at `path`, which nobody but this user can connect to. What a server that
// is gone has left there is replaced; the directory is made if it is not there.
// Errors: one sentence; among others where a server listens there already.
[[nodiscard]] Result<OwnedFd, std::string> listen_at(const std::string& path);

// The socket that systemd has opened for this process (LISTEN_PID, LISTEN_FDS), or none.
[[nodiscard]] OwnedFd inherited_listener();

// Removes `path` if it still is what `listener` is bound to.
void remove_socket(const std::string& path, int listener) noexcept;

// A connection to the server at `path`.
// Errors: one sentence.
[[nodiscard]] Result<OwnedFd, std::string> connect_to(const std::string& path);

// Whether the other side of `connection` is this user's, or root's.
[[nodiscard]] bool is_ours(int connection) noexcept;

}  // namespace swebash::serve
