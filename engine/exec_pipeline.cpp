// SPDX-License-Identifier: Apache-2.0
//
// Clones: pipelines, subshells, background lists.
#include <algorithm>
#include <charconv>
#include <cstring>

#include "abi/guest.hpp"
#include "engine/exec.hpp"
#include "engine/exec_stage.hpp"
#include "engine/runtime/memory.hpp"
#include "engine/script.hpp"

namespace swebash::engine {

namespace {

bool pure(const Word& word);

bool pure_part(const Part& part) {
  switch (part.kind) {
    case PartKind::literal:
    case PartKind::tilde: return true;
    case PartKind::double_quoted: return std::ranges::all_of(part.parts, pure_part);
    case PartKind::parameter: {
      const Parameter& parameter = *part.parameter;
      if (parameter.subscript != nullptr || parameter.indirect) return false;
      switch (parameter.op) {
        case ParameterOperator::assign_default:
        case ParameterOperator::error_if_unset:
        case ParameterOperator::slice: return false;
        default: break;
      }
      return (parameter.word == nullptr || pure(*parameter.word)) &&
             (parameter.replacement == nullptr || pure(*parameter.replacement));
    }
    default: return false;
  }
}

bool pure(const Word& word) { return std::ranges::all_of(word.parts, pure_part); }

bool part_assigns(const Part& part) {
  if (part.kind == PartKind::double_quoted) return std::ranges::any_of(part.parts, part_assigns);
  if (part.kind == PartKind::arithmetic) {
    return part.text.find_first_of("=+-") != std::string_view::npos;
  }
  if (part.kind != PartKind::parameter) return false;
  const Parameter& parameter = *part.parameter;
  return parameter.op == ParameterOperator::assign_default ||
         (parameter.word != nullptr && assigns(*parameter.word)) ||
         (parameter.replacement != nullptr && assigns(*parameter.replacement));
}

std::optional<std::string_view> literal_name(const Word& word) {
  if (word.parts.size() != 1 || word.parts[0].kind != PartKind::literal || word.has_brace) {
    return std::nullopt;
  }
  const std::string_view text = word.parts[0].text;
  if (!word.parts[0].quoted && text.find_first_of("*?[") != std::string_view::npos) {
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::string cannot_duplicate(Errno why) {
  return "redirection error: cannot duplicate fd: " + std::string(errno_message(why));
}

bool assigns(const Word& word) { return std::ranges::any_of(word.parts, part_assigns); }

bool has_side_effects(const Word& word) { return !pure(word); }

void Executor::finish_clone(Flow flow) {
  if (flow == Flow::discard && shell_.last_status() == 0) shell_.set_status(kFailure);
  shell_.leave(shell_.last_status());
}

void Executor::run_stage(void* argument) {
  Stage& stage = *static_cast<Stage*>(argument);
  Executor& self = *stage.executor;
  Shell& shell = self.shell_;
  const bool on_terminal = shell.terminal_fd() >= 0;
  shell.enter_subshell();
  self.debugged_ = stage.debugged;
  if (stage.unused >= 0) sys::close(stage.unused);
  if (stage.in >= 0 && stage.in != 0) {
    sys::dup2(stage.in, 0, 0);
    sys::close(stage.in);
  } else if (stage.in == 0) {
    sys::dup2(0, 0, 0);
  } else if (stage.asynchronous) {
    // POSIX XCU 2.9.3.1: an asynchronous list reads from /dev/null.
    const i64 null = sys::open(abi::kCwd, "/dev/null", 9, abi::kRead, 0);
    if (null > 0) {
      sys::dup2(static_cast<i32>(null), 0, 0);
      sys::close(static_cast<i32>(null));
    }
  }
  if (stage.out >= 0 && stage.out != 1) {
    sys::dup2(stage.out, 1, 0);
    sys::close(stage.out);
  } else if (stage.out == 1) {
    sys::dup2(1, 1, 0);
  }
  if (stage.pipe_error) sys::dup2(1, 2, 0);
  if (stage.asynchronous) shell.traps().ignore_in_background();
  if (stage.substitution) ++shell.eval_depth();
  // bash: a substitution belongs to the shell's group, and the shell waits for no stop.
  if (stage.substitution && on_terminal) shell.traps().ignore_stops();
  if (stage.substitution && !shell.on(ShellOption::inherit_errexit) && !shell.posix()) {
    shell.turn(SetOption::errexit, Switch::off);
  }
  self.set_final(true);
  Flow flow = Flow::normal;
  if (stage.command != nullptr) {
    if (stage.command->kind == CommandKind::subshell) {
      // A stage is a subshell already.
      RedirectScope scope(shell);
      if (auto made = scope.apply(stage.command->redirects); !made) {
        flow = self.failed(made.error());
      } else {
        flow = self.list(*static_cast<const SubshellCommand*>(stage.command)->body);
      }
      self.finish_clone(flow);
    }
    flow = self.command(*stage.command);
    if (flow == Flow::normal && shell.last_status() != 0 && shell.errexit_suppressed() == 0 &&
        stage.command->kind == CommandKind::simple) {
      flow = self.check_error();
    }
  } else if (stage.and_or != nullptr) {
    flow = self.and_or(*stage.and_or);
  } else if (stage.list != nullptr) {
    flow = self.list(*stage.list);
  } else if (!stage.text.empty()) {
    flow = shell.run_text(stage.text, "command substitution", shell.line());
  }
  self.finish_clone(flow);
}

i64 Executor::start(Stage& stage, u32 flags, i32 group) {
  stage.executor = this;
  shell_.input_ahead().give_back();
  // What the clone lists of jobs is as it is now.
  shell_.jobs().reap();
  return sys::clone(&Executor::run_stage, &stage, live_memory(), flags, group);
}

Flow Executor::subshell(const SubshellCommand& command) {
  shell_.set_command(&command);
  Stage stage{.command = &command};
  const bool controlled = shell_.on(SetOption::monitor);
  // A job that can be stopped has a thread of its own.
  const i64 pid = start(stage, controlled ? u32{abi::kCloneForeground} : u32{abi::kCloneInline},
                        controlled ? abi::kOwnGroup : abi::kSameGroup);
  if (pid < 0) return clone_failed(pid);
  const Process process{.pid = static_cast<i32>(pid)};
  shell_.set_status(wait_foreground(std::span(&process, 1), controlled ? process.pid : 0, nullptr));
  return Flow::normal;
}

// Whether a stage is a plain native program, which the parent can start by itself: nothing in it
// may change the parent. Then `words` are expanded and `path` is found.
bool Executor::plain_program(const Command& command, std::vector<std::string>& words,
                             std::string& path) {
  if (command.kind != CommandKind::simple) return false;
  const auto& simple = static_cast<const SimpleCommand&>(command);
  if (simple.words.empty() || !simple.assignments.empty()) return false;
  const auto name = literal_name(*simple.words[0]);
  if (!name || shell_.on(SetOption::nounset) || shell_.on(SetOption::xtrace) ||
      shell_.on(SetOption::noexec) || shell_.on(ShellOption::failglob) ||
      shell_.traps().action(kTrapDebug) != nullptr) {
    return false;
  }
  for (const Word* word : simple.words) {
    if (!pure(*word)) return false;
  }
  for (const Redirect& redirect : simple.redirects) {
    if (!redirect.variable.empty() || redirect.target == nullptr || !pure(*redirect.target)) {
      return false;
    }
  }
  const CommandTarget target = find(*name, FunctionLookup::with);
  if (target.function != nullptr || target.builtin != nullptr || target.path.empty()) return false;
  path = target.path;
  shell_.set_line(simple.line);
  return shell_.expander().fields(simple.words, words).has_value();
}

// Starts a plain program with `in`, `out` as its descriptors 0 and 1; 0 when a clone must try,
// since the redirections or the program failed and have something to say.
i32 Executor::start_program(const Command& command, std::span<const std::string> words,
                            const std::string& path, i32 in, i32 out, bool pipe_error, i32 group,
                            u32 flags) {
  RedirectScope scope(shell_);
  const auto put = [&](i32 from, i32 to) {
    if (from < 0 || from == to) return true;
    if (const auto saved = scope.save(to); !saved) {
      shell_.report(cannot_duplicate(saved.error()));
      return false;
    }
    sys::dup2(from, to, 0);
    return true;
  };
  if (!put(in, 0) || !put(out, 1) || (pipe_error && !put(1, 2))) return -1;
  for (const Redirect& redirect : command.redirects) {
    if (!scope.apply(std::span(&redirect, 1))) return -1;
  }
  const auto pid = spawn(path, words, group, flags);
  return pid ? *pid : 0;
}

Flow Executor::pipe(const Pipeline& pipeline) {
  const usize count = pipeline.commands.size();
  const bool controlled = shell_.on(SetOption::monitor);
  const bool last_here = shell_.on(ShellOption::lastpipe) && !controlled;
  std::vector<Process> processes;
  processes.reserve(count);
  i32 group = controlled ? abi::kOwnGroup : abi::kSameGroup;
  Flow flow = Flow::normal;
  i32 in = -1;
  for (usize i = 0; i < count; ++i) {
    const bool last = i + 1 == count;
    const bool pipe_error = i < pipeline.pipe_stderr.size() && pipeline.pipe_stderr[i];
    const Command& command = *pipeline.commands[i];
    if (last && last_here) {
      RedirectScope scope(shell_);
      const auto saved = scope.save(0);
      if (saved) sys::dup2(in, 0, 0);
      sys::close(in);
      in = -1;
      if (saved) {
        flow = this->command(command);
      } else {
        shell_.report(cannot_duplicate(saved.error()));
        shell_.set_status(kFailure);
      }
      processes.push_back({.pid = 0, .status = shell_.last_status()});
      break;
    }
    i32 fds[2] = {-1, -1};
    if (!last) {
      if (const i64 made = sys::pipe(fds, abi::kCloexec); made < 0) {
        shell_.report("pipe error: " + std::string(errno_message(static_cast<Errno>(-made))));
        if (in >= 0) sys::close(in);
        wait_foreground(processes, 0, nullptr);
        shell_.set_status(kFailure);
        shell_.set_pipe_status(kFailure);
        return Flow::normal;
      }
    }
    const i64 pid = start_stage(command, in, fds[1], pipe_error, fds[0], group, controlled ? 1 : 0,
                                false, last);
    if (in >= 0) sys::close(in);
    if (fds[1] >= 0) sys::close(fds[1]);
    in = fds[0];
    if (pid < 0) {
      clone_failed(pid);
      if (in >= 0) sys::close(in);
      wait_foreground(processes, 0, nullptr);
      shell_.set_status(254);
      shell_.set_pipe_status(254);
      return Flow::normal;
    }
    processes.push_back({.pid = static_cast<i32>(pid)});
    if (controlled && group == abi::kOwnGroup) group = static_cast<i32>(pid);
  }
  std::vector<ExitStatus> statuses;
  statuses.reserve(count);
  const ExitStatus last = wait_foreground(processes, controlled ? group : 0, &statuses);
  ExitStatus status = last;
  if (shell_.on(SetOption::pipefail)) {
    status = kSuccess;
    for (const ExitStatus one : statuses) {
      if (one != 0) status = one;
    }
  }
  shell_.set_pipe_status(statuses);
  shell_.set_status(status);
  return flow;
}

// Starts one stage, by itself or in a clone. `inline_last`: the parent waits for it next.
i64 Executor::start_stage(const Command& command, i32 in, i32 out, bool pipe_error, i32 unused,
                          i32 group, u32 foreground, bool asynchronous, bool inline_last) {
  // bash: BASH_COMMAND is set and the DEBUG trap of a simple command runs here, before its task is
  // made.
  const bool simple = command.kind == CommandKind::simple;
  if (simple) shell_.set_command(&command);
  const bool debugged = simple && shell_.traps().action(kTrapDebug) != nullptr;
  if (debugged) {
    bool skipped = false;
    shell_.set_line(command.line);
    static_cast<void>(debug_trap(command, skipped));
  }
  std::string path;
  {
    WordList lease(*this);
    if (!asynchronous || in >= 0 || shell_.on(SetOption::monitor)) {
      if (plain_program(command, lease.words(), path)) {
        const u32 flags = foreground != 0 ? u32{abi::kSpawnForeground}
                          : asynchronous  ? 0u
                                          : u32{abi::kSpawnWaited};
        const i32 pid =
            start_program(command, lease.words(), path, in, out, pipe_error, group, flags);
        if (pid > 0) return pid;
        if (pid < 0) return failed_stage(group);
      }
    }
  }
  Stage stage{.command = &command,
              .in = in,
              .out = out,
              .pipe_error = pipe_error,
              .unused = unused,
              .debugged = debugged,
              .asynchronous = asynchronous && !shell_.on(SetOption::monitor)};
  u32 flags = foreground != 0 ? u32{abi::kCloneForeground} : 0u;
  if (inline_last && !shell_.on(SetOption::monitor)) flags |= abi::kCloneInline;
  return start(stage, flags, group);
}

// A stage whose redirection failed and was reported: a child with status 1.
i64 Executor::failed_stage(i32 group) {
  return sys::clone([](void*) { sys::exit(1); }, nullptr, live_memory(), 0, group);
}

Flow Executor::background(const AndOr& and_or) {
  source_ = &and_or;
  const bool controlled = shell_.on(SetOption::monitor);
  i32 group = controlled ? abi::kOwnGroup : abi::kSameGroup;
  std::vector<Process> processes;
  const Pipeline& first = *and_or.pipelines[0];
  const bool plain =
      and_or.pipelines.size() == 1 && !first.negated && !first.timed && !first.commands.empty();
  if (plain) {
    i32 in = -1;
    if (!controlled) {
      const i64 null = sys::open(abi::kCwd, "/dev/null", 9, abi::kRead | abi::kCloexec, 0);
      if (null >= 0) in = static_cast<i32>(null);
    }
    for (usize i = 0; i < first.commands.size(); ++i) {
      const bool last = i + 1 == first.commands.size();
      i32 fds[2] = {-1, -1};
      if (const i64 made = last ? 0 : sys::pipe(fds, abi::kCloexec); made < 0) {
        shell_.report("pipe error: " + std::string(errno_message(static_cast<Errno>(-made))));
        if (in >= 0) sys::close(in);
        shell_.set_status(kFailure);
        return Flow::normal;
      }
      const bool pipe_error = i < first.pipe_stderr.size() && first.pipe_stderr[i];
      const i64 pid =
          start_stage(*first.commands[i], in, fds[1], pipe_error, fds[0], group, 0, true, false);
      if (in >= 0) sys::close(in);
      if (fds[1] >= 0) sys::close(fds[1]);
      in = fds[0];
      if (pid < 0) {
        if (in >= 0) sys::close(in);
        return clone_failed(pid);
      }
      processes.push_back({.pid = static_cast<i32>(pid)});
      if (controlled && group == abi::kOwnGroup) group = static_cast<i32>(pid);
    }
  } else {
    Stage stage{.and_or = &and_or, .asynchronous = !controlled};
    const i64 pid = start(stage, 0, group);
    if (pid < 0) return clone_failed(pid);
    processes.push_back({.pid = static_cast<i32>(pid)});
    if (controlled) group = static_cast<i32>(pid);
  }
  if (processes.empty()) return Flow::normal;
  const i32 pid = processes.back().pid;
  shell_.set_last_background_pid(pid);
  std::string source(and_or.source);
  while (!source.empty() && (source.back() == '&' || source.back() == ' ')) source.pop_back();
  Job& job =
      shell_.jobs().add(std::move(processes), std::move(source), controlled ? group : 0, true);
  job.controlled = controlled;
  job.pipefail = shell_.on(SetOption::pipefail);
  if (shell_.interactive()) {
    Shell::write_error("[" + std::to_string(job.number) + "] " + std::to_string(pid) + "\n");
  }
  shell_.set_status(kSuccess);
  return Flow::normal;
}

}  // namespace swebash::engine
