// SPDX-License-Identifier: Apache-2.0
//
// A session's variables, from outside.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "embed/session_implementation.hpp"
#include "swebash/session.hpp"

namespace swebash {

Expected<void> Session::set_env(std::string_view name, std::string_view value) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionSet;
  call.name = name;
  call.text = value;
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status == 0) return {};
  return std::unexpected(
      Error{ErrorKind::bad_argument, std::string(name) + ": no variable that can be set"});
}

Expected<std::string> Session::get_env(std::string_view name) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionGet;
  call.name = name;
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status == 0) return std::move(call.answer);
  return std::unexpected(Error{ErrorKind::not_found, std::string(name) + ": not set"});
}

Expected<void> Session::unset_env(std::string_view name) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionUnset;
  call.name = name;
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status == 0) return {};
  return std::unexpected(
      Error{ErrorKind::bad_argument, std::string(name) + ": no variable that can be unset"});
}

namespace {

// As abi::kSessionGetValue says.
std::string encoded(const Value& value) {
  std::string text;
  const auto add = [&text](std::string_view key, std::string_view part) {
    text.append(key).push_back('\0');
    text.append(part).push_back('\0');
  };
  if (const auto* const plain = std::get_if<std::string>(&value)) {
    text.push_back(abi::kScalarValue);
    text += *plain;
  } else if (const auto* const indexed = std::get_if<IndexedArray>(&value)) {
    text.push_back(abi::kIndexedValue);
    for (const auto& [index, part] : *indexed) add(std::to_string(index), part);
  } else {
    text.push_back(abi::kAssociativeValue);
    for (const auto& [key, part] : std::get<AssociativeArray>(value)) add(key, part);
  }
  return text;
}

bool has_nul(const Value& value) {
  const auto inside = [](const std::string& text) { return text.find('\0') != text.npos; };
  if (const auto* const plain = std::get_if<std::string>(&value)) return inside(*plain);
  if (const auto* const indexed = std::get_if<IndexedArray>(&value)) {
    return std::ranges::any_of(*indexed, [&](const auto& one) { return inside(one.second); });
  }
  return std::ranges::any_of(std::get<AssociativeArray>(value), [&](const auto& one) {
    return inside(one.first) || inside(one.second);
  });
}

Value decoded(std::string_view text) {
  const char kind = text.front();
  text.remove_prefix(1);
  if (kind == abi::kScalarValue) return std::string(text);
  const auto take = [&text] {
    const std::string_view part = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return std::string(part);
  };
  IndexedArray indexed;
  AssociativeArray associative;
  while (!text.empty()) {
    std::string key = take();
    if (kind == abi::kIndexedValue) {
      indexed[std::strtoll(key.c_str(), nullptr, 10)] = take();
    } else {
      associative[std::move(key)] = take();
    }
  }
  if (kind == abi::kIndexedValue) return indexed;
  return associative;
}

}  // namespace

Expected<void> Session::set_variable(std::string_view name, const Value& value) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionSetValue;
  call.name = name;
  const std::string text = encoded(value);
  call.text = text;
  const auto refused = [&] {
    return std::unexpected(
        Error{ErrorKind::bad_argument, std::string(name) + ": no variable that can be set so"});
  };
  if (has_nul(value)) return refused();
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status != 0) return refused();
  return {};
}

Expected<Value> Session::get_variable(std::string_view name) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionGetValue;
  call.name = name;
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status == 0 && !call.answer.empty()) return decoded(call.answer);
  return std::unexpected(Error{ErrorKind::not_found, std::string(name) + ": not set"});
}

}  // namespace swebash
