// SPDX-License-Identifier: Apache-2.0
//
// Running a builtin, and words as a command, as builtins do.
#include "abi/guest.hpp"
#include "engine/interpreter/account.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/exec_stage.hpp"
#include "engine/system/broken_write.hpp"
#include "engine/system/output.hpp"

namespace swebash::engine {

// A utility stands for a program: at a terminal it is a job, which can be stopped.
bool Executor::is_job(const Builtin& builtin) const {
  return builtin.kind == BuiltinKind::utility && !builtin.has(trait::runs_program) &&
         shell_.terminal().exists() && shell_.on(SetOption::monitor);
}

Flow Executor::run_utility_job(const Builtin& builtin, const std::string& path,
                               std::span<const std::string> words) {
  const auto body = [&] {
    bool handled = true;
    const Flow flow = run_builtin(builtin, words.subspan(1), {}, handled);
    if (!handled)
      shell_.set_status(replace(path, words, shell_.environment().block(), words.front()));
    return flow;
  };
  return wait_for(run_in_clone(body, abi::kCloneForeground, abi::kOwnGroup), JobControl::on);
}

namespace {

constexpr ExitStatus kNotAllowed = 126;

bool heed_signals(void* texts) { return static_cast<TextRunner*>(texts)->heed_signals(); }

// Whether the rules of the policy let a builtin run; the kernel has said so where not. Programs it
// asks about itself.
[[gnu::noinline, gnu::cold]] bool rules_allow(std::string_view name,
                                              std::span<const std::string> arguments) {
  std::string words(name);
  words.push_back('\0');
  for (const std::string& argument : arguments) words.append(argument).push_back('\0');
  return sys::command_check(words.data(), static_cast<u32>(words.size()),
                            static_cast<u32>(arguments.size() + 1)) >= 0;
}

}  // namespace

[[gnu::noinline, gnu::cold]] Executor::Hooked Executor::ask_hook(std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(word).push_back('\0');
  const i64 answer = sys::command_hook(text.data(), static_cast<u32>(text.size()));
  if (answer == 0) return Hooked::passed;
  if (answer > 0) text.assign(static_cast<usize>(answer), '\0');
  if (answer < 0 || sys::command_words(text.data(), static_cast<u32>(text.size())) != answer) {
    shell_.set_status(kNotAllowed);
    return Hooked::refused;
  }
  words.clear();
  for (usize at = 0; at < text.size();) {
    const usize end = std::min(text.find('\0', at), text.size());
    words.emplace_back(text, at, end - at);
    at = end + 1;
  }
  return Hooked::replaced;
}

// Whether `signal` is pending, and ends the shell once its EXIT trap has run: then it says no more.
bool Executor::is_dying_of(i32 signal) {
  Traps& traps = shell_.traps();
  if (traps.action(signal) != nullptr || !traps.any()) return false;
  traps.collect();
  return traps.is_pending(signal);
}

Flow Executor::run_builtin(const Builtin& builtin, std::span<const std::string> arguments,
                           std::span<const Assignment* const> assignments, bool& handled) {
  if (shell_.command_rules() && !rules_allow(builtin.name, arguments)) {
    handled = true;
    shell_.set_status(kNotAllowed);
    return Flow::normal;
  }
  i64 told = -1;
  if (has_account()) {
    tell_secrets(shell_.variables());
    told = tell_command(builtin.name, arguments);
  }
  if (!builtin.has(trait::keeps_input)) shell_.descriptors().uncover();
  Output out(1);
  const BrokenWrite before = std::exchange(broken_write(), {&heed_signals, &texts_});
  Invocation invocation{shell_, *this, builtin.name, arguments, out, assignments};
  const std::string_view outer = shell_.builtins().set_running(builtin.name);
  shell_.builtins().clear_failure();
  // A utility stands for a program: a reader that has left ends it and not this shell. What env
  // runs is another matter.
  const bool shielded = builtin.kind == BuiltinKind::utility && !builtin.has(trait::runs_program) &&
                        shell_.traps().action(signal_number::kPipe) == nullptr;
  const i64 pipe_action =
      shielded ? sys::signal_action(signal_number::kPipe, abi::kSignalIgnore) : -1;
  ExitStatus status = builtin.function(invocation);
  const auto unshield = [&] {
    if (pipe_action >= 0 && pipe_action != abi::kSignalIgnore) {
      sys::signal_action(signal_number::kPipe, static_cast<u32>(pipe_action));
    }
  };
  handled = status != kRunNative;
  if (handled) {
    if (!out.flush()) {
      const Errno why = *out.error();
      if (why == Errno::intr) {
        // A trap ended the command.
        status = shell_.last_status();
      } else if (why == Errno::pipe && shielded && pipe_action != abi::kSignalIgnore) {
        status = 128 + signal_number::kPipe;
      } else if (why == Errno::pipe && is_dying_of(signal_number::kPipe)) {
        status = 128 + signal_number::kPipe;
      } else if (out.failure() != Output::Failure::unnoticed) {
        const bool fails = out.failure() == Output::Failure::fails;
        out.clear_error();
        const std::string message = "write error: " + std::string(errno_message(why));
        if (builtin.kind == BuiltinKind::utility) {
          // As the program of that name says it.
          Shell::write_error(std::string(invocation.name) + ": " + message + "\n");
        } else {
          invocation.error(message);
        }
        if (fails) status = builtin.has(trait::writes_or_usage) ? kUsage : kFailure;
      }
    }
    shell_.set_status(status);
  }
  if (told >= 0) tell_end(told, handled ? status : -1);
  unshield();
  broken_write() = before;
  shell_.builtins().set_running(outer);
  if (builtin.kind == BuiltinKind::utility) tell_of_dead_jobs();
  return shell_.flow().take();
}

// Calls fg or bg with `words`, the first of which names a job.
Flow Executor::resume_job(std::string_view builtin, std::span<const std::string> words) {
  bool handled = true;
  return run_builtin(*find_builtin(builtin), words, {}, handled);
}

Flow Executor::run_words(std::span<const std::string> words, FunctionLookup functions,
                         bool standard_path) {
  const CommandTarget target = find(words.front(), functions, standard_path);
  bool handled = false;
  if (target.function != nullptr) return call(target.function, words.subspan(1));
  if (target.builtin != nullptr) {
    const Flow flow = run_builtin(*target.builtin, words.subspan(1), {}, handled);
    if (handled) return flow;
  }
  if (target.path.empty()) return not_found(words, standard_path);
  return run_program(target.path, words);
}

}  // namespace swebash::engine
