// SPDX-License-Identifier: Apache-2.0
//
// Native programs: starting, replacing, waiting for them, and what is said when that fails.
#include "abi/guest.hpp"
#include "engine/interpreter/account.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/exec_stage.hpp"
#include "engine/interpreter/script.hpp"
#include "engine/syntax/unparse.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {
namespace {

void append_argument(std::string& block, std::string_view text) {
  block.append(text);
  block.push_back('\0');
}

// Whether a program's environment has $_ too.
enum class Underscore : u8 { without, with };

// A request for a program, and the bytes that it points to; `path` outlives it.
struct ProgramBlocks {
  std::string arguments;
  std::string variables;
  abi::ProgramRequest request;

  ProgramBlocks(const ProgramBlocks&) = delete;
  ProgramBlocks& operator=(const ProgramBlocks&) = delete;

  ProgramBlocks(const std::string& path, std::span<const std::string> words,
                const EnvironmentBlock& environment, Underscore underscore, i32 group, u32 flags)
      : variables(environment.bytes) {
    for (const std::string& word : words) append_argument(arguments, word);
    const u32 own = underscore == Underscore::with ? 1 : 0;
    if (own > 0) append_argument(variables, "_=" + path);
    request = {.path = path.data(),
               .path_length = static_cast<u32>(path.size()),
               .arguments = arguments.data(),
               .arguments_length = static_cast<u32>(arguments.size()),
               .argument_count = static_cast<u32>(words.size()),
               .environment = variables.data(),
               .environment_length = static_cast<u32>(variables.size()),
               .environment_count = environment.count + own,
               .group = group,
               .flags = flags};
  }
};

// "12345 Killed                  sleep 10": what a script says of a program that a signal ended.
std::string death_notice(i32 pid, i32 signal, std::string_view command) {
  std::string number = std::to_string(pid);
  if (number.size() < 5) number.insert(0, 5 - number.size(), ' ');
  std::string state = signal_description(signal);
  if (state.size() < 24) state.resize(24, ' ');
  return number + " " + state + std::string(command);
}

}  // namespace

SysResult<i32> Executor::spawn(const std::string& path, std::span<const std::string> words,
                               i32 group, u32 flags) {
  if (has_account()) tell_secrets(shell_.variables());
  const ProgramBlocks blocks(path, words, shell_.environment().block(), Underscore::with, group,
                             flags);
  const i64 answer = shell_.tasks().spawn(blocks.request);
  if (answer < 0) return std::unexpected(static_cast<Errno>(-answer));
  return static_cast<i32>(answer);
}

ExitStatus Executor::program_error(Errno error, std::string_view name, const std::string& path) {
  abi::Stat stat;
  if (error == Errno::acces || error == Errno::isdir) {
    if (sys::stat(abi::kCwd, path.data(), static_cast<u32>(path.size()), 0, &stat) >= 0 &&
        stat.type == abi::kDirectoryType) {
      shell_.report(std::string(name) + ": Is a directory");
      return 126;
    }
  }
  if (error == Errno::noent &&
      sys::stat(abi::kCwd, path.data(), static_cast<u32>(path.size()), 0, &stat) >= 0) {
    shell_.report(path + ": cannot execute: required file not found");
    return 127;
  }
  shell_.report(path + ": " + std::string(errno_message(error)));
  return error == Errno::noent || error == Errno::notdir ? 127 : 126;
}

Flow Executor::not_found(std::span<const std::string> words, bool standard_path) {
  if (const FunctionPtr* handler = shell_.functions().find("command_not_found_handle")) {
    const auto handle = [&] { return call(*handler, words); };
    const i64 pid = run_in_clone(handle, abi::kCloneInline, abi::kSameGroup);
    if (pid < 0) return clone_failed(pid);
    shell_.set_status(shell_.jobs().wait_process(static_cast<i32>(pid), false));
    return Flow::normal;
  }
  const std::string& name = words.front();
  // bash: with nothing to look through, the name is a file that is not there.
  const std::string* path = shell_.variables().get("PATH");
  const bool looked = standard_path || (path != nullptr && !path->empty());
  shell_.report((needs_ansi_quoting(name) ? quote_ansi(name) : name) +
                (looked ? ": command not found" : ": No such file or directory"));
  shell_.set_status(127);
  return Flow::normal;
}

// bash makes a program's redirections in the program's process: what their words assign is lost.
Flow Executor::dispatch_apart(const SimpleCommand& command, std::vector<std::string>& words,
                              std::span<const Assignment* const> assignments) {
  const JobControl control = job_control();
  const auto body = [&] { return dispatch(command, words, assignments, {.apart = true}); };
  const bool controlled = control == JobControl::on;
  const u32 flags = abi::kCloneInline | (controlled ? u32{abi::kCloneForeground} : 0u);
  return wait_for(run_in_clone(body, flags, controlled ? abi::kOwnGroup : abi::kSameGroup),
                  control);
}

JobControl Executor::job_control() const {
  return shell_.on(SetOption::monitor) ? JobControl::on : JobControl::off;
}

Flow Executor::wait_for(i64 pid, JobControl control, Death* death) {
  if (pid < 0) return clone_failed(pid);
  const Process process{.pid = static_cast<i32>(pid)};
  const i32 group = control == JobControl::on ? process.pid : 0;
  shell_.set_status(wait_foreground(std::span(&process, 1), group, nullptr, death));
  return Flow::normal;
}

Flow Executor::clone_failed(i64 answer) {
  // It may have been given away for the clone already.
  shell_.terminal().take_back();
  shell_.report("fork: retry: " + std::string(errno_message(static_cast<Errno>(-answer))));
  shell_.set_status(kNoClone);
  return Flow::normal;
}

Flow Executor::run_program(const std::string& path, std::span<const std::string> words,
                           Death* death) {
  if (shell_.restricted() && words.front().find('/') != std::string::npos) {
    shell_.report(words.front() + ": restricted: cannot specify `/' in command names");
    shell_.set_status(kFailure);
    return Flow::normal;
  }
  const JobControl control = job_control();
  const bool controlled = control == JobControl::on;
  const auto pid = spawn(path, words, controlled ? abi::kOwnGroup : abi::kSameGroup,
                         controlled ? u32{abi::kSpawnForeground} : u32{abi::kSpawnWaited});
  if (!pid) {
    if (pid.error() == Errno::noexec) return run_script(path, words, death);
    if (pid.error() == Errno::noent && shell_.programs().remembered().contains(words.front())) {
      // The program has moved since it was remembered.
      shell_.programs().remembered().erase(shell_.programs().remembered().find(words.front()));
      const std::string again = shell_.programs().find(words.front());
      if (!again.empty() && again != path) return run_program(again, words, death);
    }
    shell_.set_status(program_error(pid.error(), words.front(), path));
    return Flow::normal;
  }
  return wait_for(*pid, control, death);
}

ExitStatus Executor::wait_foreground(std::span<const Process> processes, i32 group,
                                     std::vector<ExitStatus>* statuses, Death* death) {
  if (group == 0) {
    ExitStatus last = kSuccess;
    for (usize i = 0; i < processes.size(); ++i) {
      const Process& process = processes[i];
      i32 signal = 0;
      // A stage that ran in the shell itself has no pid and its status already.
      last = process.pid == 0 ? process.status
                              : shell_.jobs().wait_process(process.pid, false, &signal);
      if (statuses != nullptr) statuses->push_back(last);
      if (signal < 0 && i + 1 == processes.size()) {
        if (death != nullptr) {
          *death = {.pid = process.pid, .signal = -signal};
        } else {
          announce_death(process.pid, -signal, command_source());
        }
      }
    }
    tell_of_dead_jobs();
    return last;
  }
  Job& job =
      shell_.jobs().add({processes.begin(), processes.end()}, command_source(), group, false);
  job.controlled = true;
  const ExitStatus status = wait_job_foreground(job);
  if (statuses != nullptr) {
    for (const Process& process : job.processes) statuses->push_back(process.status);
  }
  if (job.state() == ProcessState::done) shell_.jobs().remove(job);
  tell_of_dead_jobs();
  return status;
}

ExitStatus Executor::wait_job_foreground(Job& job) {
  const WaitEnd end = shell_.jobs().wait_job(job, false);
  shell_.terminal().take_back();
  shell_.note_window_size();
  const Process& last = job.processes.back();
  // bash: a job that a signal ended or stopped did not leave the terminal as the user wants it.
  if (end == WaitEnd::stopped || last.signal != 0) {
    shell_.terminal().restore_settings();
  } else {
    shell_.terminal().keep_settings();
  }
  if (end == WaitEnd::stopped) {
    job.background = true;
    job.notified = true;
    shell_.jobs().make_current(job);
    Shell::write_error("\n" + shell_.jobs().describe(job, false) + "\n");
    return last.status;
  }
  if (last.signal != 0) announce_death(last.pid, last.signal, job.command);
  return last.status;
}

void Executor::announce_death(i32 pid, i32 signal, std::string_view command) {
  // bash: a substitution says nothing of its own programs' deaths.
  if (signal == signal_number::kPipe || in_substitution_) return;
  if (signal == signal_number::kInterrupt && shell_.interactive() && shell_.terminal().exists() &&
      shell_.subshell_level() == 0 && shell_.traps().action(signal) == nullptr) {
    // bash: ^C that ended a job is for the commands around it too; a new line is begun then.
    shell_.traps().raise(signal);
    return;
  }
  if (shell_.interactive()) {
    Shell::write_error(signal == signal_number::kInterrupt ? std::string("\n")
                                                           : signal_description(signal) + "\n");
    return;
  }
  if (signal == signal_number::kInterrupt) return;
  if (signal == signal_number::kTerminate) {
    // bash: who sent that knows.
    Shell::write_error(signal_description(signal) + "\n");
    return;
  }
  shell_.report(death_notice(pid, signal, command));
}

void Executor::tell_of_dead_jobs() {
  if (shell_.interactive()) return;
  for (const Jobs::Dead& job : shell_.jobs().take_dead(shell_.reading() == 'c')) {
    const Process& last = job.last;
    if (last.signal == 0 || in_substitution_) continue;
    const bool expected =
        last.signal == signal_number::kInterrupt || last.signal == signal_number::kTerminate;
    if (!expected && shell_.traps().action(last.signal) == nullptr) {
      const std::string_view running = shell_.builtins().set_running({});
      shell_.report(death_notice(last.pid, last.signal, job.command));
      shell_.builtins().set_running(running);
    } else if (shell_.on(SetOption::monitor)) {
      Shell::write_error(job.line + "\n");
    }
  }
}

std::string Executor::command_source() const {
  return source_ == nullptr ? std::string() : unparse(*source_);
}

// bash: a file that execve does not know is a script for this shell.
Flow Executor::run_script(const std::string& path, std::span<const std::string> words,
                          Death* death) {
  if (looks_binary(path)) {
    shell_.report(path +
                  ": cannot execute binary file: " + std::string(errno_message(Errno::noexec)));
    shell_.set_status(126);
    return Flow::normal;
  }
  // A job that can be stopped has a thread of its own.
  const JobControl control = job_control();
  const bool controlled = control == JobControl::on;
  const auto body = [&]() -> Flow { become_script(path, words); };
  const i64 pid =
      run_in_clone(body, controlled ? u32{abi::kCloneForeground} : u32{abi::kCloneInline},
                   controlled ? abi::kOwnGroup : abi::kSameGroup);
  return wait_for(pid, control, death);
}

void Executor::become_script(const std::string& path, std::span<const std::string> words) {
  shell_.restart_for_script(path, {words.begin() + 1, words.end()});
  unchecked_ = 0;
  FileSource source;
  if (const auto opened = source.open(path); !opened) {
    shell_.report(path + ": " + std::string(errno_message(opened.error())));
    texts_.leave(126);
  }
  finish_clone(texts_.run_source(source, path));
}

bool Executor::can_replace() const {
  const Traps& traps = shell_.traps();
  return !shell_.interactive() && !shell_.restricted() && traps.action(kTrapExit) == nullptr &&
         traps.action(kTrapError) == nullptr && shell_.jobs().count() == 0 &&
         shell_.calls().functions() == 0 && !shell_.on(SetOption::monitor) && !traps.any() &&
         !traps.has_signal_actions();
}

ExitStatus Executor::replace(const std::string& path, std::span<const std::string> words,
                             const EnvironmentBlock& environment, std::string_view name) {
  // An environment that was asked to be empty is.
  const auto underscore = environment.count > 0 ? Underscore::with : Underscore::without;
  if (has_account()) tell_secrets(shell_.variables());
  const ProgramBlocks blocks(path, words, environment, underscore, abi::kSameGroup, 0);
  const Errno error = shell_.tasks().exec(blocks.request);
  if (error == Errno::noexec) {
    if (!looks_binary(path)) become_script(path, words);
    shell_.report(path +
                  ": cannot execute binary file: " + std::string(errno_message(Errno::noexec)));
    return 126;
  }
  return program_error(error, name, path);
}

}  // namespace swebash::engine
