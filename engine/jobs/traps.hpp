// SPDX-License-Identifier: Apache-2.0
//
// Traps: what the script asked to happen on signals and on EXIT, ERR, DEBUG and RETURN, and the
// caught signals that wait to be handled.
//
// The kernel makes a word of this object non-zero when a caught signal is pending; any() is that
// word, cheap enough for every command. The Shell runs the actions. Not thread-safe, except that
// word, which the kernel writes at any time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/integers.hpp"

namespace swebash::engine {

// Conditions beyond the signals.
inline constexpr i32 kTrapExit = 0, kSignalCount = 65;
inline constexpr i32 kTrapDebug = 65, kTrapError = 66, kTrapReturn = 67, kTrapCount = 68;

namespace signal_number {
inline constexpr i32 kHangUp = 1, kInterrupt = 2, kQuit = 3, kAbort = 6, kKill = 9, kPipe = 13,
                     kTerminate = 15, kChild = 17, kContinue = 18, kStop = 19, kTerminalStop = 20,
                     kTerminalInput = 21, kTerminalOutput = 22, kWindowChange = 28;
}

// "INT" for 2 and so on, EXIT, DEBUG, ERR, RETURN; empty for a number without a name.
[[nodiscard]] std::string_view trap_name(i32 condition) noexcept;
// The condition that `text` names: a number, a name with or without SIG, in any case.
[[nodiscard]] std::optional<i32> find_trap(std::string_view text) noexcept;
// "Killed" and the like, as the GNU C library words them.
[[nodiscard]] std::string signal_description(i32 signal);

class Traps {
 public:
  // Tells the kernel where the word is. Requires: this object does not move any more.
  void attach() noexcept;

  // The action of a condition: nullptr when it has none; empty text means ignored.
  [[nodiscard]] const std::string* action(i32 condition) const noexcept {
    return actions_[condition] ? &*actions_[condition] : nullptr;
  }
  // Sets or (nullopt) resets an action, and what the signal does.
  // Errors: false for a signal that was ignored when the shell started, which stays so.
  bool set(i32 condition, std::optional<std::string> action);

  // Whether a signal waits. Never blocks.
  [[nodiscard]] bool any() const noexcept {
    return pending_ != 0 || __atomic_load_n(&word_, __ATOMIC_RELAXED) != 0;
  }
  // Takes what the kernel holds pending into this object: after a call answered Errno::intr.
  void collect() noexcept;
  // The next pending signal, which is then no longer pending; 0 when there is none.
  [[nodiscard]] i32 take() noexcept;
  // bash: the action of SIGCHLD runs once for each child that ended.
  void note_child() noexcept {
    if (!actions_[signal_number::kChild]) return;
    ++children_;
    raise(signal_number::kChild);
  }
  // For how many it has not run; none is left to run for then.
  [[nodiscard]] u32 take_children() noexcept { return std::exchange(children_, 0); }
  // bash: a SIGINT that the shell would die of is the business of the program in the foreground, if
  // that goes on or ends otherwise.
  void forget_interrupt() noexcept;
  // Forgets a SIGCHLD that is pending, and for whom it is.
  void forget_children() noexcept;

  // Whether a signal waits that ends a wait for children: one with an action, but SIGCHLD, which
  // their end is; or ^C at a prompt.
  [[nodiscard]] bool breaks_wait() noexcept;
  [[nodiscard]] bool is_pending(i32 signal) const noexcept {
    return (pending_ >> (signal & 63) & 1) != 0;
  }
  // Whether `signal`, which has no action, ends the shell after its EXIT trap.
  [[nodiscard]] bool ends_shell(i32 signal) const noexcept;
  // Whether such a signal is pending that no wait for a child puts off.
  [[nodiscard]] bool is_ending() const noexcept;
  // Whether the shell catches `signal` for its own sake.
  [[nodiscard]] bool catches_for_shell(i32 signal) const noexcept { return shell_catches_[signal]; }
  // Whether a SIGHUP is pending that ends an interactive shell.
  [[nodiscard]] bool hangs_up() const noexcept;

  // What a subshell starts with: caught signals are default again, ignored ones stay ignored; ERR,
  // DEBUG and RETURN go unless inherited. What `trap -p` shows there is kept until one is set.
  void enter_subshell(bool keep_error, bool keep_debug);

  // What a script starts with that takes the place of this shell's: what is ignored stays so and
  // cannot be trapped, all else is forgotten.
  void start_over() noexcept;

  // The action that stands in `trap`'s listing, or null: one that a subshell resets is there, and
  // an empty one for what was ignored on entry to the shell.
  [[nodiscard]] const std::string* listed(i32 condition) noexcept;

  // Whether some signal has an action that runs commands.
  [[nodiscard]] bool has_signal_actions() const noexcept;
  // The same of this shell, or of one that it is a subshell of.
  [[nodiscard]] bool outlives_signals() const noexcept;
  // POSIX XCU 2.11: an asynchronous list without job control ignores SIGINT and SIGQUIT; what it
  // starts does so where `inherited`.
  void ignore_in_background(bool inherited) noexcept;
  // Takes an action away for the time of a function, and puts it back if none was set meanwhile.
  std::optional<std::string> suspend(i32 condition);
  void resume(i32 condition, std::optional<std::string> action);

  // From now on an interactive shell's: what would end it may be trapped even where it was ignored
  // on entry, and what the terminal stops jobs with has its default action in them.
  void set_interactive() noexcept { interactive_ = true; }
  // Catches a signal for the interactive shell's own sake, without an action.
  void catch_for_shell(i32 signal) noexcept;
  // In a task that nobody could continue: ignores what the terminal stops jobs with, and so does
  // what it starts.
  void ignore_stops() noexcept;
  void ignore_for_shell(i32 signal) noexcept;
  // Makes a signal pending that a child died of in the shell's stead.
  void raise(i32 signal) noexcept { pending_ |= u64{1} << (signal & 63); }
  // Tells the kernel again what each signal does, after memory was put back to an earlier state.
  void restore() noexcept;

 private:
  void forget_inherited() noexcept;
  [[nodiscard]] bool is_kept_ignored(i32 condition) const noexcept;
  bool apply(i32 signal) noexcept;
  // Finds out whether `signal` was ignored on entry to the shell.
  void learn(i32 signal) noexcept;
  // Notes that `signal` was ignored on entry to the shell.
  void note_ignored(i32 signal) noexcept;
  [[nodiscard]] u32 wanted(i32 signal) const noexcept;
  [[nodiscard]] bool watches_end() const noexcept { return actions_[kTrapExit].has_value(); }

  std::optional<std::string> actions_[kTrapCount];
  std::optional<std::string> inherited_[kTrapCount];
  bool hard_ignored_[kSignalCount] = {};
  bool ignored_[kSignalCount] = {};  // on entry, and what the shell has no action for stays so
  bool asked_[kSignalCount] = {};
  bool shell_catches_[kSignalCount] = {};
  bool shell_ignores_[kSignalCount] = {};
  u64 pending_ = 0;
  u32 children_ = 0;  // ended while SIGCHLD had an action, which has not run for them
  u32 word_ = 0;
  bool interactive_ = false;
};

}  // namespace swebash::engine
