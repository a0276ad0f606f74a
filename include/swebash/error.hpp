// SPDX-License-Identifier: Apache-2.0
//
// Error: why a call of libswebash failed: a kind to decide by, and a sentence to show.
//
// What a *script* does wrong is never an Error: it is a status and a message of the script's own
// (run_result.hpp). Nothing in this library throws, but what the C++ library throws for want of
// memory.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace swebash {

enum class ErrorKind : std::uint8_t {
  no_engine,     // the engine's files are not where they were looked for, or not this library's
  no_memory,     // memory, address space or threads are at their end
  bad_argument,  // an option or argument that cannot be: the message says which
  not_found,     // a file or variable that is not there
  refused,       // a file that may not be used so, is no directory, is there already, does not fit
  ended,         // the session has ended (Session::ended)
  busy,          // the session runs something: a call from one of its own commands, or a thread
};

struct Error {
  ErrorKind kind;
  std::string message;
};

template <class T>
using Expected = std::expected<T, Error>;

}  // namespace swebash
