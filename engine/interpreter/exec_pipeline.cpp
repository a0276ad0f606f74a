// SPDX-License-Identifier: Apache-2.0
//
// Clones: pipelines, subshells, background lists.
#include <algorithm>
#include <charconv>
#include <cstring>

#include "abi/guest.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/exec_stage.hpp"
#include "engine/interpreter/script.hpp"
#include "engine/syntax/unparse.hpp"
#include "engine/system/output.hpp"

namespace swebash::engine {

namespace {

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

// Whether the part's expansion can fail: ${x?}, arithmetic and, under `set -u`, any parameter.
bool part_may_fail(const Part& part, bool unset_fails) {
  const auto may = [&](const Part& inner) { return part_may_fail(inner, unset_fails); };
  if (part.kind == PartKind::double_quoted) return std::ranges::any_of(part.parts, may);
  if (part.kind == PartKind::arithmetic) return true;
  if (part.kind != PartKind::parameter) return false;
  const Parameter& parameter = *part.parameter;
  return unset_fails || parameter.bad || parameter.op == ParameterOperator::error_if_unset ||
         (parameter.word != nullptr && may_fail(*parameter.word, unset_fails));
}

bool opens_file(const Redirect& redirect) {
  switch (redirect.op) {
    case RedirectOperator::duplicate_input:
    case RedirectOperator::duplicate_output:
    case RedirectOperator::here_document:
    case RedirectOperator::here_string: return false;
    default: return true;
  }
}

}  // namespace

bool may_fail(const Word& word, bool unset_fails) {
  return std::ranges::any_of(word.parts,
                             [&](const Part& part) { return part_may_fail(part, unset_fails); });
}

bool opens_fifo(Shell& shell, const Command& command) {
  return std::ranges::any_of(command.redirects, [&](const Redirect& redirect) {
    if (!opens_file(redirect) || redirect.target == nullptr || has_side_effects(*redirect.target)) {
      return false;
    }
    const auto path = shell.expander().string(*redirect.target);
    if (!path || path->empty()) return false;
    abi::Stat stat;
    return sys::stat(abi::kCwd, path->data(), static_cast<u32>(path->size()), 0, &stat) >= 0 &&
           stat.type == abi::kFifo;
  });
}

std::string cannot_duplicate(Errno why) {
  return "redirection error: cannot duplicate fd: " + std::string(errno_message(why));
}

bool assigns(const Word& word) { return std::ranges::any_of(word.parts, part_assigns); }

void Executor::finish_clone(Flow flow) {
  if (flow == Flow::discard && shell_.last_status() == 0) shell_.set_status(kFailure);
  texts_.leave(shell_.last_status());
}

// bash: a program in the background ignores SIGINT and SIGQUIT. Of a compound command the task
// does, and not what it starts; a function or builtin not at all.
void Executor::ignore_in_background(const Stage& stage) {
  const bool simple = stage.command != nullptr && stage.command->kind == CommandKind::simple;
  if (simple) {
    const auto& command = static_cast<const SimpleCommand&>(*stage.command);
    const auto name = command.words.empty() ? std::optional<std::string_view>("")
                                            : literal_name(*command.words[0]);
    const Builtin* const builtin = name ? find_builtin(*name) : nullptr;
    if (name && (builtin == nullptr || !builtin->has(trait::runs_program))) {
      const CommandTarget target = find(*name, FunctionLookup::with);
      if (target.function != nullptr || target.path.empty()) return;
    }
  }
  shell_.traps().ignore_in_background(simple);
}

void Executor::run_stage(void* argument) {
  Stage& stage = *static_cast<Stage*>(argument);
  Executor& self = *stage.executor;
  Shell& shell = self.shell_;
  const bool on_terminal = shell.terminal().exists();
  self.texts_.enter_subshell();
  self.in_substitution_ = stage.list != nullptr;
  // bash: a process substitution does not show the actions of who made it.
  if (stage.list != nullptr && !stage.substitution) {
    static_cast<void>(shell.traps().set(kTrapExit, std::nullopt));
  }
  if (stage.unused >= 0) sys::close(stage.unused);
  if (stage.in >= 0 && !stage.asynchronous) self.input_redirected_ = true;
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
  if (stage.asynchronous) self.ignore_in_background(stage);
  if (stage.substitution) self.texts_.enter_substitution();
  // bash: a substitution belongs to the shell's group, and the shell waits for no stop.
  if (stage.substitution && on_terminal) shell.traps().ignore_stops();
  if (stage.substitution && !shell.on(ShellOption::inherit_errexit) && !shell.posix()) {
    shell.turn(SetOption::errexit, Switch::off);
  }
  Flow flow = Flow::normal;
  if (stage.command != nullptr) {
    flow = self.run_stage_command(stage);
  } else if (stage.and_or != nullptr) {
    flow = self.and_or(*stage.and_or, {.final = true});
  } else if (stage.list != nullptr) {
    flow = self.list(*stage.list, {.final = true});
  } else if (!stage.written.empty()) {
    Output out(1);
    out.put(stage.written);
    out.flush();
    shell.set_status(stage.status);
  } else if (!stage.text.empty()) {
    flow = self.texts_.run_text(std::string(stage.text), "command substitution", shell.line());
  }
  self.finish_clone(flow);
}

Flow Executor::run_stage_command(const Stage& stage) {
  const Command& command = *stage.command;
  if (command.kind == CommandKind::subshell) {
    // A stage is a subshell already.
    RedirectScope scope(texts_);
    note_input(command.redirects);
    if (auto made = scope.apply(command.redirects); !made) return failed(made.error());
    // Nothing comes back here; what else held the old ones would wait for this task.
    scope.keep();
    return list(*static_cast<const SubshellCommand&>(command).body, {.final = true});
  }
  const bool simple = command.kind == CommandKind::simple;
  // In an if or a loop no command is the last before it has run.
  return this->command(command, {.final = simple || command.kind == CommandKind::group,
                                 .is_all = true,
                                 .debugged = stage.debugged,
                                 .wants_program = stage.background && simple});
}

i64 Executor::start(Stage& stage, u32 flags, i32 group) {
  stage.executor = this;
  // What the clone lists of jobs is as it is now.
  shell_.jobs().reap();
  return shell_.tasks().clone(&Executor::run_stage, &stage, flags, group);
}

Flow Executor::subshell(const SubshellCommand& command) {
  shell_.set_command(&command);
  shell_.set_line(command.line);
  Stage stage{.command = &command};
  const JobControl control = job_control();
  const bool controlled = control == JobControl::on;
  // A job that can be stopped has a thread of its own.
  const u32 flags = controlled ? u32{abi::kCloneForeground} : u32{abi::kCloneInline};
  return wait_for(start(stage, flags, controlled ? abi::kOwnGroup : abi::kSameGroup), control);
}

std::optional<ExitStatus> Executor::start_stages(const Pipeline& pipeline, usize count,
                                                 Stages& stages) {
  stages.processes.reserve(pipeline.commands.size());
  for (usize i = 0; i < count; ++i) {
    const Command& command = *pipeline.commands[i];
    const bool last = i + 1 == pipeline.commands.size();
    i32 fds[2] = {-1, -1};
    if (const i64 made = last ? 0 : sys::pipe(fds, abi::kCloexec); made < 0) {
      shell_.report("pipe error: " + std::string(errno_message(static_cast<Errno>(-made))));
      if (stages.in >= 0) sys::close(stages.in);
      return kFailure;
    }
    const StageEnds ends{.in = stages.in,
                         .out = fds[1],
                         .unused = fds[0],
                         .pipe_error = i < pipeline.pipe_stderr.size() && pipeline.pipe_stderr[i],
                         .group = stages.group,
                         .controlled = stages.controlled,
                         .asynchronous = stages.asynchronous,
                         .last = last,
                         .stages = pipeline.commands};
    Process process;
    const i64 pid = start_stage(command, ends, process);
    if (stages.in >= 0) sys::close(stages.in);
    if (fds[1] >= 0) sys::close(fds[1]);
    stages.in = fds[0];
    if (pid < 0) {
      clone_failed(pid);
      if (stages.in >= 0) sys::close(stages.in);
      return kNoClone;
    }
    if (stages.controlled || stages.asynchronous) process.command = unparse(command);
    stages.processes.push_back(process);
    if (stages.group == abi::kOwnGroup) stages.group = process.pid;
  }
  return std::nullopt;
}

// lastpipe: the last stage runs in this shell.
void Executor::run_last_here(const Command& command, Stages& stages, Flow& flow) {
  RedirectScope scope(texts_);
  const auto moved = scope.move(stages.in, 0);
  if (moved) {
    flow = this->command(command);
  } else {
    shell_.report(cannot_duplicate(moved.error()));
    shell_.set_status(kFailure);
  }
  stages.processes.push_back({.pid = 0, .status = shell_.last_status()});
}

Flow Executor::pipe(const Pipeline& pipeline) {
  const usize count = pipeline.commands.size();
  const bool controlled = shell_.on(SetOption::monitor);
  const bool last_here = shell_.on(ShellOption::lastpipe) && !controlled;
  Stages stages{.group = controlled ? abi::kOwnGroup : abi::kSameGroup, .controlled = controlled};
  const auto failure = start_stages(pipeline, last_here ? count - 1 : count, stages);
  const std::vector<Process>& processes = stages.processes;
  const i32 group = controlled ? stages.group : 0;
  if (failure) {
    // Those that have started end when they find their pipes closed.
    if (!processes.empty()) wait_foreground(processes, group, nullptr);
    shell_.set_status(*failure);
    shell_.set_pipe_status(*failure);
    return Flow::normal;
  }
  Flow flow = Flow::normal;
  if (last_here) run_last_here(*pipeline.commands.back(), stages, flow);
  std::vector<ExitStatus> statuses;
  statuses.reserve(count);
  const ExitStatus last = wait_foreground(processes, group, &statuses);
  ExitStatus status = last;
  if (shell_.on(SetOption::pipefail)) {
    status = kSuccess;
    for (const ExitStatus one : statuses) {
      if (one != 0) status = one;
    }
  }
  shell_.set_pipe_status(statuses);
  shell_.set_status(status);
  // bash: a ( ) at the end is checked as a command of its own, and the pipeline after it.
  if (pipeline.commands.back()->kind == CommandKind::subshell && last != 0 && !pipeline.negated &&
      unchecked_ == 0 && shell_.traps().action(kTrapError) != nullptr) {
    flow = texts_.run_trap(kTrapError);
    if (flow == Flow::normal) shell_.set_status(status);
  }
  return flow;
}

// Starts one stage, by itself or in a clone, as `process`; one that only writes little is over when
// this returns, without a pid. Negative: Errno of what could not be started.
i64 Executor::start_stage(const Command& command, const StageEnds& ends, Process& process) {
  // bash: BASH_COMMAND is set and the DEBUG trap of a simple command runs here, before its task is
  // made.
  const bool simple = command.kind == CommandKind::simple;
  if (simple) {
    shell_.set_command(&command);
    shell_.set_line(command.line);
  }
  const bool debugged = simple && shell_.traps().action(kTrapDebug) != nullptr;
  if (debugged) {
    bool skipped = false;
    static_cast<void>(debug_trap(command, skipped));
  }
  Stage stage{.command = &command,
              .in = ends.in,
              .out = ends.out,
              .pipe_error = ends.pipe_error,
              .unused = ends.unused,
              .debugged = debugged,
              .asynchronous = ends.asynchronous && !shell_.on(SetOption::monitor),
              .background = ends.asynchronous};
  u32 flags = ends.controlled     ? u32{abi::kCloneForeground}
              : ends.asynchronous ? u32{abi::kCloneOutlives}
                                  : 0u;
  // The parent waits for it next.
  if (ends.last && !ends.asynchronous && !shell_.on(SetOption::monitor)) {
    flags |= abi::kCloneInline;
  }
  WordList lease(*this);
  std::string written;
  // POSIX XCU 2.9.3.1, bash: what is in the background opens its files itself. In a pipeline that
  // matters where it takes its time: the other end of a fifo may be opened by the next stage.
  const bool by_shell = ends.asynchronous ? (ends.in >= 0 || shell_.on(SetOption::monitor)) &&
                                                std::ranges::none_of(command.redirects, opens_file)
                                          : !opens_fifo(shell_, command);
  if (by_shell) {
    const Plain plain = plain_command(command, lease.words(), {.wants_program = ends.asynchronous});
    if (plain.kind == Plain::Kind::program) {
      const i64 pid = start_program(command, lease.words(), plain.target.path, ends);
      if (pid > 0) {
        process.pid = static_cast<i32>(pid);
        return pid;
      }
      if (pid < 0) return failed_stage(ends.group, process);
    } else if (plain.kind == Plain::Kind::failed) {
      return failed_stage(ends.group, process);
    } else if (plain.kind == Plain::Kind::writer && ends.writes_only()) {
      process.status = write_plainly(*plain.target.builtin, lease.words(), written);
      if (written.size() <= kPipeAtOnce) {
        if (!written.empty()) {
          sys::write(ends.out, written.data(), static_cast<u32>(written.size()));
        }
        return 0;
      }
      // More than the pipe takes at once: a clone waits for those who read it.
      stage.command = nullptr;
      stage.written = written;
      stage.status = process.status;
    }
  }
  // Where another runs on a thread, nothing can be left behind.
  if ((flags & (abi::kCloneInline | abi::kCloneOutlives)) == 0 &&
      (std::ranges::any_of(ends.stages, [this](const Command* one) { return may_leave(*one); }) ||
       traps_may_leave())) {
    flags |= abi::kCloneOutlives;
  }
  const i64 pid = start(stage, flags, ends.group);
  process = {.pid = static_cast<i32>(pid)};
  return pid;
}

// A stage whose redirection failed and was reported: a child with status 1.
i64 Executor::failed_stage(i32 group, Process& process) {
  const i64 pid = shell_.tasks().clone([](void*) { sys::exit(kFailure); }, nullptr, 0, group);
  process.pid = static_cast<i32>(pid);
  return pid;
}

// What a command in the background reads without job control: /dev/null (POSIX XCU 2.9.3.1); but
// bash: standard input itself, once a compound command has redirected that.
i32 Executor::background_input() const {
  i64 in = -1;
  if (input_redirected_) in = sys::dup(0, 0, abi::kCloexec);
  if (in < 0) in = sys::open(abi::kCwd, "/dev/null", 9, abi::kRead | abi::kCloexec, 0);
  return in >= 0 ? static_cast<i32>(in) : -1;
}

Flow Executor::background(const AndOr& and_or) {
  const bool controlled = shell_.on(SetOption::monitor);
  Stages stages{.group = controlled ? abi::kOwnGroup : abi::kSameGroup, .asynchronous = true};
  std::optional<ExitStatus> failure;
  const Pipeline& first = *and_or.pipelines[0];
  if (and_or.pipelines.size() == 1 && !first.negated && !first.timed && !first.commands.empty()) {
    if (first.commands.size() == 1 && first.commands[0]->kind == CommandKind::simple) {
      const auto& simple = static_cast<const SimpleCommand&>(*first.commands[0]);
      if (!simple.words.empty() && simple.words.front()->source.starts_with('%')) {
        std::vector<std::string> words;
        if (auto done = shell_.expander().fields(simple.words, words); !done) {
          return failed(done.error());
        }
        return resume_job("bg", words);
      }
    }
    if (!controlled) stages.in = background_input();
    failure = start_stages(first, first.commands.size(), stages);
  } else {
    const i32 in = controlled ? -1 : background_input();
    Stage stage{.and_or = &and_or, .in = in, .asynchronous = !controlled, .background = true};
    const i64 pid = start(stage, abi::kCloneOutlives, stages.group);
    if (in >= 0) sys::close(in);
    if (pid < 0) return clone_failed(pid);
    stages.processes.push_back({.pid = static_cast<i32>(pid)});
    if (controlled) stages.group = static_cast<i32>(pid);
  }
  shell_.set_status(failure.value_or(kSuccess));
  if (stages.processes.empty()) return Flow::normal;
  const i32 pid = stages.processes.back().pid;
  if (!failure) shell_.set_last_background_pid(pid);
  // What has started of a pipeline that could not be is a job too: somebody has to wait for it.
  Job& job = shell_.jobs().add(std::move(stages.processes), unparse(and_or),
                               controlled ? stages.group : 0, true);
  job.controlled = controlled;
  job.pipefail = shell_.on(SetOption::pipefail);
  if (shell_.interactive() && !failure) {
    Shell::write_error("[" + std::to_string(job.number) + "] " + std::to_string(pid) + "\n");
  }
  return Flow::normal;
}

}  // namespace swebash::engine
