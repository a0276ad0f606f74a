// SPDX-License-Identifier: Apache-2.0
#include "engine/program/serve.hpp"

#include <cstring>
#include <string>
#include <string_view>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/program/start.hpp"
#include "engine/system/memory.hpp"

namespace swebash::engine {
namespace {

Executor* executor = nullptr;

void answer(ExitStatus status, std::string_view text = {}) {
  // Last: it is right until the next allocation.
  sys::session_answer(status, text.data(), static_cast<u32>(text.size()), live_memory());
}

struct Request {
  abi::SessionRequest head = {};
  std::string name;
  std::string text;

  // False where there is none.
  bool read() {
    std::string bytes(256, '\0');
    i64 length = sys::session_request(bytes.data(), static_cast<u32>(bytes.size()));
    if (length > static_cast<i64>(bytes.size())) {
      bytes.resize(static_cast<usize>(length));
      length = sys::session_request(bytes.data(), static_cast<u32>(bytes.size()));
    }
    if (length < static_cast<i64>(sizeof head)) return false;
    std::memcpy(&head, bytes.data(), sizeof head);
    name = bytes.substr(sizeof head, head.name_length);
    bytes.resize(static_cast<usize>(length));
    bytes.erase(0, sizeof head + head.name_length);
    text = std::move(bytes);
    return true;
  }
};

ExitStatus set_variable(Shell& shell, const Request& request) {
  if (!Variables::is_valid_name(request.name)) return kFailure;
  if (!shell.variables().assign(request.name, request.text)) return kFailure;
  Variable* const variable = shell.variables().find_unresolved(request.name);
  if (variable == nullptr) return kFailure;
  return shell.variables().set_attributes(*variable, kExported, 0) ? kSuccess : kFailure;
}

// As abi::kSessionGetValue says; "" for what is not set.
std::string value_of(Shell& shell, std::string_view name) {
  std::string text;
  Variable* const variable = shell.variables().find(name);
  if (variable == nullptr || !variable->is_assigned()) return text;
  const auto add = [&text](std::string_view key, const std::string& value) {
    text.append(key).push_back('\0');
    text.append(value).push_back('\0');
    return true;
  };
  if (variable->has(kIndexed)) {
    text.push_back(abi::kIndexedValue);
    variable->indexed().for_each(
        [&](i64 index, const std::string& value) { return add(std::to_string(index), value); });
  } else if (variable->has(kAssociative)) {
    text.push_back(abi::kAssociativeValue);
    variable->associative().for_each(add);
  } else if (const std::string* const value = variable->text(); value != nullptr) {
    text.push_back(abi::kScalarValue);
    text += *value;
  }
  return text;
}

// The text up to the next NUL, which is taken off `rest`.
std::string_view take_string(std::string_view& rest) {
  const std::string_view text = rest.substr(0, rest.find('\0'));
  rest.remove_prefix(std::min(text.size() + 1, rest.size()));
  return text;
}

// Makes `variable` an array of the kind of `attribute` and fills it from `rest`.
ExitStatus fill_array(Variables& variables, Variable& variable, Attributes attribute,
                      std::string_view rest) {
  if (!variables.set_attributes(variable, attribute, 0) || !variables.clear_array(variable)) {
    return kFailure;
  }
  while (!rest.empty()) {
    const std::string_view key = take_string(rest);
    const std::string_view value = take_string(rest);
    i64 index = 0;
    const bool indexed = attribute == kIndexed;
    if (indexed && !arith::plain_number(key, index)) return kFailure;
    const auto made = indexed ? variables.assign_element(variable, index, value)
                              : variables.assign_element(variable, key, value);
    if (!made) return kFailure;
  }
  return kSuccess;
}

ExitStatus set_value(Shell& shell, const Request& request) {
  Variables& variables = shell.variables();
  if (!Variables::is_valid_name(request.name) || request.text.empty()) return kFailure;
  const char kind = request.text.front();
  const std::string_view rest = std::string_view(request.text).substr(1);
  const Attributes wanted = kind == abi::kIndexedValue       ? kIndexed
                            : kind == abi::kAssociativeValue ? kAssociative
                                                             : 0;
  Variable* const before = variables.find(request.name);
  // An array of another kind, or one in the place of a scalar, does not become what is wanted.
  if (before != nullptr && (before->attributes() & (kIndexed | kAssociative)) != wanted &&
      !variables.unset(request.name)) {
    return kFailure;
  }
  if (wanted == 0) return variables.assign(request.name, rest) ? kSuccess : kFailure;
  Variable* variable = variables.find(request.name);
  if (variable == nullptr) {
    const auto made = variables.declare(request.name, Placement::global);
    if (!made) return kFailure;
    variable = *made;
  }
  return fill_array(variables, *variable, wanted, rest);
}

}  // namespace

void open_session() {
  const ProgramStart start;
  // Lives as long as the memory: the kernel knows the signal word in it.
  Shell& shell = *new Shell;
  executor = new Executor(shell);
  shell.start(start.environment(), start.arguments()[0], start.arguments()[0]);
  shell.set_program(start.arguments()[0]);
  shell.set_hosted();
  shell.programs().set_last_directory(abi::kLastDirectory);
  shell.traps().ignore_for_shell(signal_number::kQuit);
  std::string utilities;
  for (const Builtin& builtin : builtin_table()) {
    if (builtin.kind == BuiltinKind::utility) utilities.append(builtin.name).push_back('\n');
  }
  answer(kSuccess, utilities);
}

void serve_session() {
  Shell& shell = executor->shell();
  Request request;
  if (!request.read()) return;
  if ((request.head.flags & abi::kSessionFresh) != 0) {
    shell.become_another((request.head.flags & abi::kSessionSame) != 0);
  }
  shell.set_hooked((request.head.flags & abi::kSessionHooked) != 0);
  switch (request.head.kind) {
    case abi::kSessionRun: {
      const ExitStatus status = executor->texts().run_for_session(request.text);
      executor->start_afresh();
      request = Request();
      answer(status);
      return;
    }
    case abi::kSessionSet: answer(set_variable(shell, request)); return;
    case abi::kSessionGet: {
      const std::string* const value = shell.variables().get(request.name);
      answer(value == nullptr ? kFailure : kSuccess,
             value == nullptr ? std::string_view() : *value);
      return;
    }
    case abi::kSessionUnset:
      answer(shell.variables().unset(request.name) ? kSuccess : kFailure);
      return;
    case abi::kSessionGetValue: {
      const std::string value = value_of(shell, request.name);
      answer(value.empty() ? kFailure : kSuccess, value);
      return;
    }
    case abi::kSessionSetValue: answer(set_value(shell, request)); return;
    default: answer(kUsage);
  }
}

}  // namespace swebash::engine
