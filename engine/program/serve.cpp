// SPDX-License-Identifier: Apache-2.0
#include "engine/program/serve.hpp"

#include <cstring>
#include <string>
#include <string_view>

#include "abi/guest.hpp"
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

}  // namespace

void open_session() {
  const ProgramStart start;
  // Lives as long as the memory: the kernel knows the signal word in it.
  Shell& shell = *new Shell;
  executor = new Executor(shell);
  shell.start(start.environment(), start.arguments()[0], start.arguments()[0]);
  shell.set_program(start.arguments()[0]);
  shell.set_hosted();
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
  if ((request.head.flags & abi::kSessionFresh) != 0) shell.become_another();
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
    default: answer(kUsage);
  }
}

}  // namespace swebash::engine
