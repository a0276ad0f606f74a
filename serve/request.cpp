// SPDX-License-Identifier: Apache-2.0
#include "serve/request.hpp"

#include <utility>

namespace swebash::serve {

namespace {

// Whoever nests deeper than any request wants memory of us, not an answer.
constexpr int kMostNesting = 16;

bool is_nested_too_deep(std::string_view text) noexcept {
  int depth = 0;
  bool quoted = false;
  for (usize at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMostNesting) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

const Json* find(const Json& params, const char* name) {
  if (!params.is_object()) return nullptr;
  const auto found = params.find(name);
  return found == params.end() || found->is_null() ? nullptr : &*found;
}

std::unexpected<Fault> wrong(const char* name, const char* what) {
  return fault(kInvalidParams, std::string(name) + ": " + what);
}

}  // namespace

std::unexpected<Fault> fault(int code, std::string message) {
  return std::unexpected(Fault{code, std::move(message)});
}

Fault fault_of(const Error& error) {
  int code = kInternal;
  switch (error.kind) {
    case ErrorKind::bad_argument: code = kInvalidParams; break;
    case ErrorKind::not_found: code = kNotFound; break;
    case ErrorKind::refused: code = kRefused; break;
    case ErrorKind::ended: code = kEnded; break;
    case ErrorKind::no_memory:
    case ErrorKind::busy: code = kBusy; break;
    default: break;
  }
  return {code, error.message};
}

Answer<std::string> Request::text(const char* name) const {
  auto found = SWEBASH_TRY(optional_text(name));
  if (!found.has_value()) return wrong(name, "it is missing");
  return std::move(*found);
}

Answer<std::optional<std::string>> Request::optional_text(const char* name) const {
  const Json* value = find(params, name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return wrong(name, "it must be a string");
  return value->get_ref<const std::string&>();
}

Answer<std::string> Request::bytes(const char* name) const {
  if (find(params, name) == nullptr) return wrong(name, "it is missing");
  return optional_bytes(name);
}

Answer<std::string> Request::optional_bytes(const char* name) const {
  const Json* value = find(params, name);
  if (value == nullptr) return std::string();
  auto found = bytes_of(*value);
  if (!found.has_value()) return wrong(name, "it must be a string, or {\"base64\": ...}");
  return std::move(*found);
}

Answer<u64> Request::number(const char* name, u64 otherwise) const {
  const Json* value = find(params, name);
  if (value == nullptr) return otherwise;
  if (!value->is_number_unsigned()) return wrong(name, "it must be a whole number, 0 or more");
  return value->get<u64>();
}

Answer<bool> Request::flag(const char* name) const {
  const Json* value = find(params, name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) return wrong(name, "it must be true or false");
  return value->get<bool>();
}

Answer<RequestRef> read_request(const ConnectionRef& from, std::string_view message, Json& id) {
  if (is_nested_too_deep(message)) {
    return fault(kInvalidRequest, "no request is nested so deep");
  }
  Json value = Json::parse(message, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return fault(kParseError, "the message is not JSON in UTF-8");
  if (value.is_array()) {
    return fault(kInvalidRequest, "batches are not taken: send one request after the other");
  }
  if (!value.is_object()) return fault(kInvalidRequest, "a request is an object");
  auto made = std::make_shared<Request>();
  made->from = from;
  const auto given = value.find("id");
  if (given != value.end()) {
    if (!given->is_string() && !given->is_number()) {
      return fault(kInvalidRequest, "id: it must be a string or a number");
    }
    made->id = std::move(*given);
    id = made->id;
  }
  const auto version = value.find("jsonrpc");
  if (version == value.end() || *version != "2.0") {
    return fault(kInvalidRequest, "jsonrpc: it must be \"2.0\"");
  }
  const auto method = value.find("method");
  if (method == value.end() || !method->is_string()) {
    return fault(kInvalidRequest, "method: it must be a string");
  }
  made->method = std::move(method->get_ref<std::string&>());
  if (const auto params = value.find("params"); params != value.end()) {
    if (!params->is_object()) return fault(kInvalidParams, "params: they must be named");
    made->params = std::move(*params);
  }
  return made;
}

std::string answer_text(const Json& id, Json result) {
  Json answer = {{"jsonrpc", "2.0"}, {"id", id}};
  answer["result"] = std::move(result);
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string fault_text(const Json& id, const Fault& fault) {
  const Json answer = {{"jsonrpc", "2.0"},
                       {"id", id},
                       {"error", {{"code", fault.code}, {"message", fault.message}}}};
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace swebash::serve
