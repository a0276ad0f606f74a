// SPDX-License-Identifier: Apache-2.0
//
// The recorder: a process outside of the confinement that writes an account.
//
// The session has one end of a socket pair (SOCK_SEQPACKET) and sends an object of JSON at a time;
// the recorder gives each its number and time and appends it to the file as one line. So what is
// written is out of the session's reach, were it wholly taken over: it can say more, and take
// nothing back. The proxy tells it of connections, as what programs said and no JSON yet; from
// those the recorder keeps what the session has told it to be secret. It ends when nobody has the
// other end any more. Called once, before there is a second thread.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/result.hpp"

namespace swebash::kernel::audit {

// What follows where the account cannot be written: a full disk, a reader that has gone.
enum class Full : u8 {
  stop,   // the session ends
  go_on,  // lines are lost, and counted
};

// How messages begin that are no JSON: a secret value; a connection, as HOST NUL PORT NUL and 1 if
// it was allowed, else 0.
inline constexpr char kSecretMessage = 'S', kNetworkMessage = 'N';
inline constexpr usize kLongestHost = 255;

struct Recorder {
  OwnedFd session;  // the session's end, close-on-exec
  pid_t pid;
};

// Opens FILE, made if it is not there, or the descriptor of fd:N, which is closed here then.
// Errors: a sentence.
[[nodiscard]] Result<OwnedFd, std::string> open_account(const std::string& asked);

// Where the open file of an account lies, without links; empty where it has no name.
[[nodiscard]] std::string path_of_account(int file);

// Errors: a sentence.
[[nodiscard]] Result<Recorder, std::string> start_recorder(OwnedFd file, Full full);

// The errno by which the recorder has given up, where it has said so; else 0.
[[nodiscard]] int reason_of_end(int session) noexcept;

}  // namespace swebash::kernel::audit
