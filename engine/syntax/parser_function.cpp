// SPDX-License-Identifier: Apache-2.0
//
// Function definitions (POSIX XCU 2.9.5) and coprocesses.
#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {

Command* ParserImpl::parse_function_keyword() {
  const usize begin = token_.begin;
  const u32 line = token_.line;
  drop_token();
  if (peek(Context::argument).kind != TokenKind::word) {
    fail_unexpected();
    return nullptr;
  }
  const Token named = take();
  const std::string_view name = named.word->source;
  if (observer_ != nullptr) observer_->note(named.begin, named.end, NoteKind::function);
  if (at(TokenKind::open_paren)) {
    const Place before = place();
    drop_token();
    if (input_.peek() == '(' || !at(TokenKind::close_paren)) {
      if (failed()) return nullptr;
      go_back(before);
    } else {
      drop_token();
    }
  }
  return parse_function_body(name, line, begin);
}

Command* ParserImpl::parse_function_body(std::string_view name, u32 line, usize begin) {
  skip_newlines();
  if (failed()) return nullptr;
  FunctionCommand* command = make<FunctionCommand>();
  command->kind = CommandKind::function_definition;
  command->line = line;
  command->name = name;
  command->body = parse_compound();
  if (command->body == nullptr) {
    fail_unexpected();
    return nullptr;
  }
  command->source = input_.view(begin, last_end_);
  return command;
}

Command* ParserImpl::parse_coproc() {
  const u32 line = token_.line;
  drop_token();
  CoprocCommand* command = make<CoprocCommand>();
  command->kind = CommandKind::coproc;
  command->line = line;
  command->name = "COPROC";
  const Place before = place();
  const Token& first = peek();
  if (failed()) return nullptr;
  if (first.kind == TokenKind::word && first.reserved == Reserved::none &&
      first.assignment == nullptr) {
    // "coproc NAME compound-command", or a simple command that begins with that word.
    const std::string_view name = take().word->source;
    const Token& second = peek();
    if (failed()) return nullptr;
    if (second.kind == TokenKind::open_paren ||
        (second.reserved != Reserved::none && at_command() && second.reserved != Reserved::bang)) {
      command->name = name;
      command->body = parse_compound();
      if (command->body == nullptr) fail_unexpected();
      return failed() ? nullptr : command;
    }
    go_back(before);
  }
  command->body = peek().reserved != Reserved::none || at(TokenKind::open_paren)
                      ? parse_compound()
                      : parse_command(Context::command);
  if (command->body == nullptr) fail_unexpected();
  return failed() ? nullptr : command;
}

}  // namespace swebash::engine
