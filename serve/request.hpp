// SPDX-License-Identifier: Apache-2.0
//
// Requests of JSON-RPC 2.0, what they ask for by name, and how they are answered.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "base/result.hpp"
#include "serve/bytes.hpp"
#include "serve/connection.hpp"
#include "swebash/error.hpp"

namespace swebash::serve {

// The codes of JSON-RPC 2.0, and below them our own; docs/serve.md lists them.
enum Code : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kNoSuchMethod = -32601,
  kInvalidParams = -32602,
  kInternal = -32603,
  kNotFound = -32001,  // a session, run, file or variable
  kRefused = -32002,   // what may not be, or does not fit
  kEnded = -32003,     // the session has ended, or was closed
  kBusy = -32004,      // a limit of the server's
  kLeaving = -32005,   // the server is ending
  kTooLong = -32006,   // a frame above the limit
};

struct Fault {
  int code = kInternal;
  std::string message;  // one sentence
};
[[nodiscard]] std::unexpected<Fault> fault(int code, std::string message);
[[nodiscard]] Fault fault_of(const Error& error);

template <class T>
using Answer = Result<T, Fault>;

// A request that came, until it is answered. Immutable.
struct Request {
  ConnectionRef from;
  Json id;  // nothing: a notification, which is not answered
  std::string method;
  Json params;

  // What the parameters say by name.
  // Errors: kInvalidParams where it is missing, or of another type.
  [[nodiscard]] Answer<std::string> text(const char* name) const;
  [[nodiscard]] Answer<std::string> bytes(const char* name) const;
  // Nothing, or `otherwise`, where it is missing.
  [[nodiscard]] Answer<std::optional<std::string>> optional_text(const char* name) const;
  [[nodiscard]] Answer<std::string> optional_bytes(const char* name) const;
  [[nodiscard]] Answer<u64> number(const char* name, u64 otherwise) const;
  [[nodiscard]] Answer<bool> flag(const char* name) const;
};
using RequestRef = std::shared_ptr<const Request>;

// Reads `message`, which came from `from`.
// Errors: kParseError, kInvalidRequest; `id` is then what of the id could be read.
[[nodiscard]] Answer<RequestRef> read_request(const ConnectionRef& from, std::string_view message,
                                              Json& id);

[[nodiscard]] std::string answer_text(const Json& id, Json result);
[[nodiscard]] std::string fault_text(const Json& id, const Fault& fault);

}  // namespace swebash::serve
