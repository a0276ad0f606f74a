// SPDX-License-Identifier: Apache-2.0
//
// Clones whose output or input is a value: substitutions of commands and processes, coprocesses.
#include "abi/guest.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/exec_stage.hpp"
#include "engine/interpreter/script.hpp"
#include "engine/syntax/unparse.hpp"

namespace swebash::engine {
namespace {

// bash: pipes that a script sees by number have high ones, 63 and down. A duplicate of `fd`, or
// what dup() answers where there is none.
i64 move_high(i32 fd, u32 flags) {
  constexpr i32 kHighest = 63;
  for (i32 high = kHighest; high >= kFirstPrivateFd; --high) {
    if (sys::fd_flags(high) >= 0) continue;
    if (const i64 made = sys::dup(fd, high, flags); made >= 0) return made;
  }
  return sys::dup(fd, 0, flags);
}

// The simple command that `list` is, or null.
const SimpleCommand* only_command(const List& list) {
  if (list.items.size() != 1 || list.items[0]->pipelines.size() != 1 || list.items[0]->background) {
    return nullptr;
  }
  const Pipeline& pipeline = *list.items[0]->pipelines[0];
  if (pipeline.commands.size() != 1 || pipeline.negated || pipeline.timed ||
      pipeline.commands[0]->kind != CommandKind::simple) {
    return nullptr;
  }
  return static_cast<const SimpleCommand*>(pipeline.commands[0]);
}

// The redirection of `< file`, if that is all that `list` is; else null.
const Redirect* only_input(const List& list) {
  const SimpleCommand* const simple = only_command(list);
  if (simple == nullptr || !simple->words.empty() || !simple->assignments.empty() ||
      simple->redirects.size() != 1 || simple->redirects[0].op != RedirectOperator::input ||
      simple->redirects[0].fd > 0 || !simple->redirects[0].variable.empty()) {
    return nullptr;
  }
  return &simple->redirects[0];
}

}  // namespace

Expanded<std::string> Executor::substitute_command(const Part& part) {
  const auto failure = [&](std::string_view what, i64 answer) {
    shell_.report(std::string(what) + ": " +
                  std::string(errno_message(static_cast<Errno>(-answer))));
    return std::unexpected(ExpansionError{kFailure, FailureReach::top_level});
  };
  Stage stage{.list = part.list, .substitution = true};
  if (part.list == nullptr) {
    if (!part.backquoted || part.text.find_first_not_of(" \t\n") == std::string_view::npos) {
      substitution_status_ = kSuccess;
      return std::string();
    }
    stage.text = part.text;
  } else if (Expanded<std::string> text;
             file_substitution(*part.list, text) || plain_substitution(*part.list, text)) {
    return text;
  }
  if (!deep_enough_left()) {
    return std::unexpected(ExpansionError{kFailure, FailureReach::top_level});
  }
  i32 fds[2];
  if (const i64 made = sys::pipe(fds, abi::kCloexec | abi::kGrowing); made < 0) {
    return failure("cannot make pipe for command substitution", made);
  }
  stage.out = fds[1];
  stage.unused = fds[0];
  const i64 pid = start(stage, abi::kCloneInline, abi::kSameGroup);
  sys::close(fds[1]);
  if (pid < 0) {
    sys::close(fds[0]);
    return failure("cannot make child for command substitution", pid);
  }
  std::string text;
  const SysResult<void> whole = read_to_end(fds[0], text);
  sys::close(fds[0]);
  i32 signal = 0;
  const ExitStatus status = shell_.jobs().wait_process(static_cast<i32>(pid), false, &signal);
  substitution_status_ = status;
  shell_.set_status(status);
  if (!whole && whole.error() == Errno::fbig) return too_much();
  return text;
}

std::unexpected<ExpansionError> Executor::too_much() {
  shell_.report("command substitution: output too long");
  return std::unexpected(ExpansionError{kFailure, FailureReach::top_level});
}

// $(echo ...): what is written, without a clone. False when `list` is something else.
bool Executor::plain_substitution(const List& list, Expanded<std::string>& text) {
  const SimpleCommand* command = only_command(list);
  if (command == nullptr || command->words.empty()) return false;
  const u32 line = shell_.line();
  WordList lease(*this);
  const Plain plain = plain_command(*command, lease.words());
  ExitStatus status = kFailure;
  if (plain.kind == Plain::Kind::writer) {
    status = write_plainly(*plain.target.builtin, lease.words(), *text);
  } else if (plain.kind != Plain::Kind::failed) {
    return false;
  }
  shell_.set_line(line);
  substitution_status_ = status;
  shell_.set_status(status);
  return true;
}

// $(< file): the file's text, without a clone. False when `list` is something else.
bool Executor::file_substitution(const List& list, Expanded<std::string>& contents) {
  const Redirect* const input = only_input(list);
  if (input == nullptr) return false;
  RedirectScope scope(texts_);
  ExitStatus status = kFailure;
  if (const auto made = scope.apply(std::span(input, 1)); made) {
    const SysResult<void> whole = read_to_end(0, *contents);
    status = kSuccess;
    if (!whole && whole.error() == Errno::fbig) contents = too_much();
  } else if (made.error().reach != FailureReach::command) {
    contents = std::unexpected(ExpansionError{made.error().status, made.error().reach});
  }
  substitution_status_ = status;
  shell_.set_status(status);
  return true;
}

Expanded<std::string> Executor::substitute_process(const Part& part) {
  i32 fds[2];
  if (const i64 made = sys::pipe(fds, abi::kCloexec); made < 0) {
    shell_.report("cannot make pipe for process substitution: " +
                  std::string(errno_message(static_cast<Errno>(-made))));
    return std::unexpected(ExpansionError{kFailure, FailureReach::command});
  }
  const i32 ours = part.output ? fds[1] : fds[0];
  const i32 theirs = part.output ? fds[0] : fds[1];
  // Programs inherit it.
  const i64 high = move_high(ours, 0);
  sys::close(ours);
  if (high < 0) {
    sys::close(theirs);
    shell_.report(cannot_duplicate(static_cast<Errno>(-high)));
    return std::unexpected(ExpansionError{kFailure, FailureReach::command});
  }
  Stage stage{.list = part.list, .unused = static_cast<i32>(high)};
  (part.output ? stage.in : stage.out) = theirs;
  const i64 pid = start(stage, abi::kCloneOutlives, abi::kSameGroup);
  sys::close(theirs);
  if (pid < 0) {
    sys::close(static_cast<i32>(high));
    clone_failed(pid);
    return std::unexpected(ExpansionError{kFailure, FailureReach::command});
  }
  shell_.set_last_background_pid(static_cast<i32>(pid));
  shell_.jobs().add_substitution(static_cast<i32>(pid));
  substitution_fds_.push_back(static_cast<i32>(high));
  return "/dev/fd/" + std::to_string(high);
}

void Executor::close_substitutions(usize kept) {
  while (substitution_fds_.size() > kept) {
    sys::close(substitution_fds_.back());
    substitution_fds_.pop_back();
  }
}

void Executor::forget_coprocs() {
  std::erase_if(coprocs_, [this](const Coproc& coproc) {
    const Job* job = shell_.jobs().find_pid(coproc.pid);
    if (job != nullptr ? job->state() != ProcessState::done
                       : !shell_.jobs().kept_status(coproc.pid)) {
      return false;
    }
    const Variable* variable = shell_.variables().find(coproc.name);
    if (variable != nullptr && variable->has(kIndexed)) {
      for (usize i = 0; i < 2; ++i) {
        // One that the script closed or moved is not the coprocess's any more.
        const std::string* number = variable->indexed().find(static_cast<i64>(i));
        if (number != nullptr && *number == std::to_string(coproc.fds[i]))
          sys::close(coproc.fds[i]);
      }
      static_cast<void>(shell_.variables().unset(coproc.name));
    }
    static_cast<void>(shell_.variables().unset(coproc.name + "_PID"));
    return true;
  });
}

void Executor::note_closed_coprocs() {
  for (const Coproc& coproc : coprocs_) {
    Variable* variable = shell_.variables().find(coproc.name);
    if (variable == nullptr || !variable->has(kIndexed)) continue;
    for (usize i = 0; i < 2; ++i) {
      const std::string* number = variable->indexed().find(static_cast<i64>(i));
      if (number == nullptr || *number != std::to_string(coproc.fds[i]) ||
          sys::fd_flags(coproc.fds[i]) >= 0) {
        continue;
      }
      variable->indexed().at(static_cast<i64>(i)) = "-1";
    }
  }
}

Flow Executor::coproc(const CoprocCommand& command) {
  if (!Variables::is_valid_name(command.name)) {
    shell_.set_line(command.line);
    shell_.report("`" + std::string(command.name) + "': not a valid identifier");
    shell_.set_status(kFailure);
    return Flow::normal;
  }
  shell_.jobs().reap();
  forget_coprocs();
  if (!coprocs_.empty()) {
    const Coproc& last = coprocs_.back();
    shell_.set_line(command.line);
    shell_.report("warning: execute_coproc: coproc [" + std::to_string(last.pid) + ":" + last.name +
                  "] still exists");
  }
  i32 to[2], from[2];
  if (sys::pipe(to, abi::kCloexec) < 0) return clone_failed(-static_cast<i64>(Errno::mfile));
  if (sys::pipe(from, abi::kCloexec) < 0) {
    sys::close(to[0]);
    sys::close(to[1]);
    return clone_failed(-static_cast<i64>(Errno::mfile));
  }
  const auto move_up = [](i32 fd) {
    const i64 high = move_high(fd, abi::kCloexec);
    if (high < 0) return fd;
    sys::close(fd);
    return static_cast<i32>(high);
  };
  // bash: all four, in this order, so that the first coprocess has 63 and 60.
  const i32 read_end = move_up(from[0]);
  from[1] = move_up(from[1]);
  to[0] = move_up(to[0]);
  const i32 write_end = move_up(to[1]);
  Stage stage{.command = command.body, .in = to[0], .out = from[1], .unused = write_end};
  const i64 pid = start(stage, abi::kCloneOutlives,
                        shell_.on(SetOption::monitor) ? abi::kOwnGroup : abi::kSameGroup);
  sys::close(to[0]);
  sys::close(from[1]);
  if (pid < 0) {
    sys::close(read_end);
    sys::close(write_end);
    return clone_failed(pid);
  }
  const std::string name(command.name);
  auto variable = shell_.variables().declare(name, Placement::global);
  if (variable) {
    IndexedArray& array = (*variable)->put_indexed();
    array.at(0) = std::to_string(read_end);
    array.at(1) = std::to_string(write_end);
  }
  static_cast<void>(shell_.variables().assign(name + "_PID", std::to_string(pid)));
  shell_.set_last_background_pid(static_cast<i32>(pid));
  const bool controlled = shell_.on(SetOption::monitor);
  Job& job = shell_.jobs().add({{.pid = static_cast<i32>(pid)}}, unparse(command),
                               controlled ? static_cast<i32>(pid) : 0, true);
  job.controlled = controlled;
  if (shell_.interactive()) {
    Shell::write_error("[" + std::to_string(job.number) + "] " + std::to_string(pid) + "\n");
  }
  coprocs_.push_back({name, static_cast<i32>(pid), {read_end, write_end}});
  shell_.set_status(kSuccess);
  return Flow::normal;
}

}  // namespace swebash::engine
