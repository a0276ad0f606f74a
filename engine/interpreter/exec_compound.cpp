// SPDX-License-Identifier: Apache-2.0
//
// Compound commands: groups, conditions, loops, case, select, functions.
#include <algorithm>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/script.hpp"
#include "engine/system/output.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine {

// bash: notes whether a compound command redirects its input, and forgets it at the next one that
// redirects anything.
void Executor::note_input(std::span<const Redirect> redirects) {
  if (redirects.empty()) return;
  input_redirected_ = std::ranges::any_of(redirects, [](const Redirect& redirect) {
    switch (redirect.op) {
      case RedirectOperator::input:
      case RedirectOperator::read_write:
      case RedirectOperator::duplicate_input:
      case RedirectOperator::here_document:
      case RedirectOperator::here_string: return redirect.fd <= 0 && redirect.variable.empty();
      default: return false;
    }
  });
}

Flow Executor::compound(const Command& command, Mode mode) {
  if (command.redirects.empty() || command.kind == CommandKind::subshell ||
      command.kind == CommandKind::function_definition || command.kind == CommandKind::coproc) {
    return body(command, mode);
  }
  RedirectScope scope(texts_);
  const u32 line = shell_.line();
  shell_.set_line(command.line);
  note_input(command.redirects);
  if (auto made = scope.apply(command.redirects); !made) {
    redirection_failed_ = true;
    shell_.set_line(line);  // bash: the ERR trap sees the line of the command before
    return failed(made.error());
  }
  if (mode.is_all) scope.keep();
  return body(command, mode);
}

Flow Executor::body(const Command& command, Mode mode) {
  switch (command.kind) {
    case CommandKind::group:
      return list(*static_cast<const GroupCommand&>(command).body, {.final = mode.final});
    case CommandKind::subshell: return subshell(static_cast<const SubshellCommand&>(command));
    case CommandKind::if_clause: return if_clause(static_cast<const IfCommand&>(command));
    case CommandKind::while_loop: return while_loop(static_cast<const WhileCommand&>(command));
    case CommandKind::for_loop: return for_loop(static_cast<const ForCommand&>(command));
    case CommandKind::arith_for: return arith_for(static_cast<const ArithForCommand&>(command));
    case CommandKind::select_loop: return select_loop(static_cast<const ForCommand&>(command));
    case CommandKind::case_clause: return case_clause(static_cast<const CaseCommand&>(command));
    case CommandKind::function_definition:
      return define(static_cast<const FunctionCommand&>(command));
    case CommandKind::arith: return arith(static_cast<const ArithCommand&>(command));
    case CommandKind::conditional:
      return conditional(static_cast<const ConditionalCommand&>(command));
    case CommandKind::coproc: return coproc(static_cast<const CoprocCommand&>(command));
    case CommandKind::simple: break;
  }
  return simple(static_cast<const SimpleCommand&>(command), mode);
}

Flow Executor::if_clause(const IfCommand& command) {
  for (const IfClause& clause : command.clauses) {
    const Flow flow = condition(*clause.condition);
    if (flow != Flow::normal) return flow;
    if (shell_.last_status() == 0) return list(*clause.body);
  }
  if (command.otherwise != nullptr) return list(*command.otherwise);
  shell_.set_status(kSuccess);
  return Flow::normal;
}

bool Executor::loop_ends(Flow& flow) {
  switch (flow) {
    case Flow::normal: return false;
    case Flow::loop_break:
      if (!shell_.flow().means_outer_loop()) flow = Flow::normal;
      return true;
    case Flow::loop_continue:
      if (shell_.flow().means_outer_loop()) return true;
      // The list that `continue` left had no time for traps.
      flow = shell_.traps().any() ? texts_.run_pending_traps() : Flow::normal;
      return flow != Flow::normal;
    default: return true;
  }
}

Flow Executor::while_loop(const WhileCommand& command) {
  shell_.calls().enter_loop();
  ExitStatus status = kSuccess;
  Flow flow;
  for (;;) {
    flow = condition(*command.condition);
    if (flow != Flow::normal) {
      // bash: the condition ends the loop by its status, whether or not `continue` left it.
      const bool decided =
          flow == Flow::loop_continue && (shell_.last_status() == 0) == command.until;
      if (loop_ends(flow) || decided) {
        // bash: `break` in the condition leaves the status of break itself.
        status = flow == Flow::normal ? shell_.last_status() : status;
        break;
      }
      continue;
    }
    if ((shell_.last_status() == 0) == command.until) break;
    flow = list(*command.body);
    status = shell_.last_status();
    if (loop_ends(flow)) break;
  }
  shell_.calls().leave_loop();
  if (flow == Flow::normal) shell_.set_status(status);
  return flow;
}

// bash: found out when the loop runs, and no worse than a command that fails.
Flow Executor::bad_loop_variable(const ForCommand& command) {
  shell_.report("`" + std::string(command.variable) + "': not a valid identifier");
  shell_.set_status(kFailure);
  return shell_.posix() && !shell_.interactive() ? Flow::exit : Flow::normal;
}

Flow Executor::refuse_loop_variable(const VariableError& error) {
  shell_.report(error);
  shell_.set_status(kFailure);
  const bool wrong_expression = error.message.empty();  // has been reported
  if (wrong_expression || shell_.on(SetOption::errexit) || shell_.posix()) {
    return failed(ExpansionError{});
  }
  return Flow::normal;
}

// What `for` and `select` go through.
Expanded<void> Executor::loop_words(const ForCommand& command, std::vector<std::string>& words) {
  if (command.has_words) return shell_.expander().fields(command.words, words);
  const auto positional = shell_.positional();
  words.assign(positional.begin(), positional.end());
  return {};
}

Flow Executor::for_loop(const ForCommand& command) {
  std::vector<std::string> words;
  shell_.set_line(command.line);
  if (!Variables::is_valid_name(command.variable)) return bad_loop_variable(command);
  if (auto done = loop_words(command, words); !done) return failed(done.error());
  shell_.calls().enter_loop();
  if (words.empty()) shell_.set_status(kSuccess);
  Flow flow = Flow::normal;
  for (const std::string& word : words) {
    shell_.set_line(command.line);
    if (shell_.traps().action(kTrapDebug) != nullptr) {
      bool skipped = false;
      flow = debug_trap(command, skipped);
      if (flow != Flow::normal) break;
      if (skipped) continue;
    }
    if (shell_.on(SetOption::xtrace)) trace_for(command);
    if (auto assigned =
            shell_.variables().assign_loop_variable(command.variable, command.known, word);
        !assigned) {
      flow = refuse_loop_variable(assigned.error());
      break;
    }
    flow = list(*command.body);
    if (loop_ends(flow)) break;
  }
  shell_.calls().leave_loop();
  return flow;
}

Flow Executor::arith_for(const ArithForCommand& command) {
  bool broken = false;
  const auto evaluate = [&](const Word* word, i64& value) -> Flow {
    shell_.set_line(command.line);
    if (shell_.traps().action(kTrapDebug) != nullptr) {
      // bash: what is not written is 1.
      std::string_view text = word != nullptr ? word->source : std::string_view("1");
      text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
      const Flow flow = debug_trap_at(command, "((" + std::string(text) + "))");
      if (flow != Flow::normal) return flow;
    }
    if (word == nullptr) {
      if (shell_.on(SetOption::xtrace)) trace_text("(( 1 ))");
      value = 1;
      return Flow::normal;
    }
    const std::string_view outer = shell_.builtins().set_running(BuiltinState::kArithmetic);
    auto result = arithmetic_traced(*word, true);
    shell_.builtins().set_running(outer);
    if (!result) {
      // bash: an error here fails the loop and no more.
      if (result.error().reach == FailureReach::shell || result.error().in_subscript) {
        return failed(result.error());
      }
      shell_.set_status(kFailure);
      broken = true;
      return Flow::normal;
    }
    value = *result;
    return Flow::normal;
  };
  i64 value = 0;
  Flow flow = evaluate(command.initial, value);
  if (flow != Flow::normal || broken) return flow;
  shell_.calls().enter_loop();
  ExitStatus status = kSuccess;
  for (;;) {
    flow = evaluate(command.condition, value);
    if (flow != Flow::normal || broken || value == 0) break;
    flow = list(*command.body);
    status = shell_.last_status();
    if (loop_ends(flow)) break;
    flow = evaluate(command.step, value);
    if (flow != Flow::normal || broken) break;
  }
  shell_.calls().leave_loop();
  if (flow == Flow::normal) shell_.set_status(broken ? kFailure : status);
  return flow;
}

Flow Executor::case_clause(const CaseCommand& command) {
  shell_.set_line(command.line);
  if (shell_.traps().action(kTrapDebug) != nullptr) {
    bool skipped = false;
    const Flow flow = debug_trap(command, skipped);
    if (flow != Flow::normal || skipped) return flow;
  }
  if (shell_.on(SetOption::xtrace)) trace_case(command);
  auto subject = shell_.expander().string(*command.subject);
  if (!subject) return failed(subject.error());
  bool matched = false;
  bool ran = false;
  for (usize i = 0; i < command.items.size(); ++i) {
    const CaseItem& item = command.items[i];
    for (usize p = 0; !matched && p < item.patterns.size(); ++p) {
      const auto answer = shell_.expander().matches(*subject, *item.patterns[p]);
      if (!answer) return failed(answer.error());
      matched = *answer;
    }
    if (!matched) continue;
    if (item.body != nullptr) {
      ran = true;
      const Flow flow = list(*item.body);
      if (flow != Flow::normal) return flow;
    }
    if (item.end == CaseEnd::stop) break;
    matched = item.end == CaseEnd::fall_through;
  }
  if (!ran) shell_.set_status(kSuccess);
  return Flow::normal;
}

Flow Executor::select_loop(const ForCommand& command) {
  std::vector<std::string> words;
  shell_.set_line(command.line);
  if (!Variables::is_valid_name(command.variable)) return bad_loop_variable(command);
  if (shell_.traps().action(kTrapDebug) != nullptr) {
    bool skipped = false;
    const Flow flow = debug_trap(command, skipped);
    if (flow != Flow::normal || skipped) return flow;
  }
  if (shell_.on(SetOption::xtrace)) trace_for(command);
  if (auto done = loop_words(command, words); !done) return failed(done.error());
  if (words.empty()) {
    shell_.set_status(kSuccess);
    return Flow::normal;
  }

  shell_.calls().enter_loop();
  ExitStatus status = kSuccess;
  Flow flow = Flow::normal;
  bool show = true;
  for (;;) {
    if (show) Shell::write_error(select_menu(shell_, words));
    const std::string* prompt = shell_.variables().get("PS3");
    Shell::write_error(prompt == nullptr ? "#? " : *prompt);
    std::string line;
    const SysResult<bool> read = read_plain_line(texts_, 0, line);
    if (!read && read.error() == Errno::intr) {
      flow = shell_.flow().take();
      status = shell_.last_status();
      break;
    }
    if (!read || !*read) {
      if (!read) shell_.report("read error: 0: " + std::string(errno_message(read.error())));
      static_cast<void>(shell_.variables().assign("REPLY", {}));
      Shell::write_to(1, "\n");
      status = kFailure;
      break;
    }
    static_cast<void>(shell_.variables().assign("REPLY", line));
    if (line.empty()) {
      show = true;
      continue;
    }
    i64 choice = 0;
    const bool valid = arith::plain_number(line, choice) && choice >= 1 &&
                       static_cast<usize>(choice) <= words.size();
    const std::string_view chosen =
        valid ? std::string_view(words[static_cast<usize>(choice) - 1]) : std::string_view();
    if (auto assigned = shell_.variables().assign(command.variable, chosen); !assigned) {
      flow = refuse_loop_variable(assigned.error());
      status = kFailure;
      break;
    }
    flow = list(*command.body);
    status = shell_.last_status();
    if (loop_ends(flow)) break;
    const std::string* reply = shell_.variables().get("REPLY");
    show = reply == nullptr || reply->empty();
  }
  shell_.calls().leave_loop();
  if (flow == Flow::normal) shell_.set_status(status);
  return flow;
}

Flow Executor::define(const FunctionCommand& command) {
  shell_.set_line(command.line);
  const FunctionPtr* const old = shell_.functions().find(command.name);
  if (old != nullptr && (*old)->readonly) {
    shell_.report(std::string(command.name) + ": readonly function");
    shell_.set_status(kFailure);
    return Flow::normal;
  }
  if (command.name.find_first_of("'\"\\$`") != std::string_view::npos) {
    shell_.report("`" + std::string(command.name) + "': not a valid identifier");
    shell_.set_status(kFailure);
    return Flow::normal;
  }
  if (shell_.posix()) {
    if (!Variables::is_valid_name(command.name)) {
      shell_.report("`" + std::string(command.name) + "': not a valid identifier");
      return failed(FailureReach::shell, kUsage);
    }
    const Builtin* builtin = find_builtin(command.name);
    if (builtin != nullptr && builtin->kind == BuiltinKind::special) {
      shell_.report("`" + std::string(command.name) + "': is a special builtin");
      return failed(FailureReach::shell, kUsage);
    }
  }
  auto function = std::make_shared<Function>();
  function->name = command.name;
  function->set_definition(command, shell_.current_unit(),
                           shell_.functions().kept_as(command, *shell_.current_unit()));
  function->source_file = shell_.source_name();
  if (old != nullptr) {
    function->exported = (*old)->exported;
    function->traced = (*old)->traced;
  }
  function->exported |= shell_.on(SetOption::allexport);
  if (function->exported) shell_.environment().functions_changed();
  shell_.functions().define(std::move(function));
  shell_.set_status(kSuccess);
  return Flow::normal;
}

Flow Executor::arith(const ArithCommand& command) {
  shell_.set_line(command.line);
  shell_.set_command(&command);
  if (shell_.traps().action(kTrapDebug) != nullptr) {
    bool skipped = false;
    const Flow flow = debug_trap(command, skipped);
    if (flow != Flow::normal || skipped) return flow;
  }
  const std::string_view outer = shell_.builtins().set_running(BuiltinState::kArithmetic);
  auto value = arithmetic_traced(*command.expression, false);
  shell_.builtins().set_running(outer);
  if (!value) {
    // bash: an error in (( )) fails the command and no more.
    if (value.error().reach == FailureReach::shell || value.error().in_subscript) {
      return failed(value.error());
    }
    shell_.set_status(kFailure);
    return Flow::normal;
  }
  shell_.set_status(*value == 0 ? 1 : 0);
  return Flow::normal;
}

}  // namespace swebash::engine
