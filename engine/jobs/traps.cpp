// SPDX-License-Identifier: Apache-2.0
#include "engine/jobs/traps.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <span>
#include <utility>

#include "abi/guest.hpp"

namespace swebash::engine {
namespace {

struct SignalRow {
  std::string_view name;
  std::string_view description;
};

// Signals of Linux on x86-64, by number; descriptions as strsignal(3) of the GNU C library.
constexpr SignalRow kSignals[] = {
    {"EXIT", ""},
    {"HUP", "Hangup"},
    {"INT", "Interrupt"},
    {"QUIT", "Quit"},
    {"ILL", "Illegal instruction"},
    {"TRAP", "Trace/breakpoint trap"},
    {"ABRT", "Aborted"},
    {"BUS", "Bus error"},
    {"FPE", "Floating point exception"},
    {"KILL", "Killed"},
    {"USR1", "User defined signal 1"},
    {"SEGV", "Segmentation fault"},
    {"USR2", "User defined signal 2"},
    {"PIPE", "Broken pipe"},
    {"ALRM", "Alarm clock"},
    {"TERM", "Terminated"},
    {"STKFLT", "Stack fault"},
    {"CHLD", "Child exited"},
    {"CONT", "Continued"},
    {"STOP", "Stopped (signal)"},
    {"TSTP", "Stopped"},
    {"TTIN", "Stopped (tty input)"},
    {"TTOU", "Stopped (tty output)"},
    {"URG", "Urgent I/O condition"},
    {"XCPU", "CPU time limit exceeded"},
    {"XFSZ", "File size limit exceeded"},
    {"VTALRM", "Virtual timer expired"},
    {"PROF", "Profiling timer expired"},
    {"WINCH", "Window changed"},
    {"IO", "I/O possible"},
    {"PWR", "Power failure"},
    {"SYS", "Bad system call"},
};

constexpr std::string_view kRealTime[] = {
    "RTMIN",    "RTMIN+1",  "RTMIN+2",  "RTMIN+3",  "RTMIN+4",  "RTMIN+5",  "RTMIN+6",  "RTMIN+7",
    "RTMIN+8",  "RTMIN+9",  "RTMIN+10", "RTMIN+11", "RTMIN+12", "RTMIN+13", "RTMIN+14", "RTMIN+15",
    "RTMAX-14", "RTMAX-13", "RTMAX-12", "RTMAX-11", "RTMAX-10", "RTMAX-9",  "RTMAX-8",  "RTMAX-7",
    "RTMAX-6",  "RTMAX-5",  "RTMAX-4",  "RTMAX-3",  "RTMAX-2",  "RTMAX-1",  "RTMAX"};
constexpr i32 kFirstRealTime = 34;

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (usize i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'a' && a[i] <= 'z' ? static_cast<char>(a[i] - 32) : a[i];
    if (c != b[i]) return false;
  }
  return true;
}

constexpr u64 bit(i32 signal) { return u64{1} << (signal & 63); }

// bash: before these end the shell, the EXIT trap runs. Those that our own faults raise are not
// among them.
constexpr i32 kEndSignals[] = {1, 2, 5, 6, 10, 12, 13, 14, 15, 24, 25, 26, 27, 31};

// What a terminal stops jobs with.
constexpr i32 kStopSignals[] = {signal_number::kTerminalStop, signal_number::kTerminalInput,
                                signal_number::kTerminalOutput};

}  // namespace

std::string_view trap_name(i32 condition) noexcept {
  if (condition == kTrapDebug) return "DEBUG";
  if (condition == kTrapError) return "ERR";
  if (condition == kTrapReturn) return "RETURN";
  if (condition >= 0 && condition < 32) return kSignals[condition].name;
  if (condition >= kFirstRealTime && condition <= 64) return kRealTime[condition - kFirstRealTime];
  return {};
}

std::string signal_description(i32 signal) {
  if (signal > 0 && signal < 32) return std::string(kSignals[signal].description);
  return "Real-time signal " + std::to_string(signal - kFirstRealTime);
}

std::optional<i32> find_trap(std::string_view text) noexcept {
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    i32 number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > 64) {
      return std::nullopt;
    }
    return number;
  }
  if (text.size() > 3 && equals_ignoring_case(text.substr(0, 3), "SIG")) text.remove_prefix(3);
  for (i32 condition = 0; condition < kTrapCount; ++condition) {
    const std::string_view name = trap_name(condition);
    if (!name.empty() && equals_ignoring_case(text, name)) return condition;
  }
  if (equals_ignoring_case(text, "CLD")) return signal_number::kChild;
  if (equals_ignoring_case(text, "POLL")) return 29;
  if (equals_ignoring_case(text, "IOT")) return signal_number::kAbort;
  return std::nullopt;
}

void Traps::attach() noexcept { sys::signal_word(&word_); }

bool Traps::set(i32 condition, std::optional<std::string> action) {
  forget_inherited();
  if (condition <= 0 || condition >= kSignalCount) {
    const bool watched = watches_end();
    actions_[condition] = std::move(action);
    if (watches_end() != watched) {
      for (const i32 signal : kEndSignals) {
        if (!actions_[signal]) apply(signal);
      }
    }
    return true;
  }
  learn(condition);
  if (hard_ignored_[condition] || is_kept_ignored(condition)) return false;
  // bash: at a prompt what was ignored gets its own action when there is no other.
  if (interactive_ && !action) ignored_[condition] = false;
  std::swap(actions_[condition], action);
  if (apply(condition)) return true;
  actions_[condition] = std::move(action);
  return false;
}

// bash: at a prompt SIGINT is the shell's own, and ignored for all others if it was on entry.
bool Traps::is_kept_ignored(i32 condition) const noexcept {
  return condition == signal_number::kInterrupt && shell_catches_[condition] && ignored_[condition];
}

// Tells the kernel what `signal` does; false when it was ignored on entry to the shell.
bool Traps::apply(i32 signal) noexcept {
  // POSIX XCU 2.14 trap: what was ignored on entry to the shell cannot be trapped.
  learn(signal);
  if (hard_ignored_[signal]) return false;
  sys::signal_action(signal, wanted(signal));
  return true;
}

u32 Traps::wanted(i32 signal) const noexcept {
  if (actions_[signal]) return actions_[signal]->empty() ? abi::kSignalIgnore : abi::kSignalCatch;
  if (shell_catches_[signal] && ignored_[signal]) return abi::kSignalCatchHere;
  if (shell_catches_[signal] || ends_shell(signal)) return abi::kSignalCatch;
  if (shell_ignores_[signal]) return abi::kSignalIgnoreHere;
  return ignored_[signal] ? abi::kSignalIgnore : abi::kSignalDefault;
}

bool Traps::ends_shell(i32 signal) const noexcept {
  return watches_end() && !actions_[signal] && !shell_catches_[signal] && !shell_ignores_[signal] &&
         !ignored_[signal] && std::ranges::find(kEndSignals, signal) != std::end(kEndSignals);
}

bool Traps::is_ending() const noexcept {
  if (is_pending(abi::kAbandon)) return true;
  if (pending_ == 0 || !watches_end()) return false;
  return std::ranges::any_of(kEndSignals, [this](i32 signal) {
    return signal != signal_number::kInterrupt && is_pending(signal) && ends_shell(signal);
  });
}

void Traps::collect() noexcept {
  const i64 taken = sys::signal_take();
  // Signal 63 makes it negative, and so do errors, which are small.
  constexpr i64 kLastError = -4095;
  if (taken > 0 || taken < kLastError) pending_ |= static_cast<u64>(taken);
}

void Traps::forget_interrupt() noexcept {
  if (!any() || !ends_shell(signal_number::kInterrupt)) return;
  collect();
  pending_ &= ~bit(signal_number::kInterrupt);
}

void Traps::forget_children() noexcept {
  if (any()) collect();
  pending_ &= ~bit(signal_number::kChild);
  children_ = 0;
}

bool Traps::breaks_wait() noexcept {
  if (!any()) return false;
  collect();
  if (is_pending(abi::kAbandon)) return true;
  if (is_pending(signal_number::kInterrupt) && shell_catches_[signal_number::kInterrupt]) {
    return true;
  }
  for (i32 signal = 1; signal < kSignalCount; ++signal) {
    if (signal != signal_number::kChild && is_pending(signal) && actions_[signal] &&
        !actions_[signal]->empty()) {
      return true;
    }
  }
  return false;
}

i32 Traps::take() noexcept {
  if (__atomic_load_n(&word_, __ATOMIC_RELAXED) != 0) collect();
  for (i32 signal = 1; signal < kSignalCount && pending_ != 0; ++signal) {
    if ((pending_ & bit(signal)) == 0) continue;
    pending_ &= ~bit(signal);
    return signal;
  }
  return 0;
}

void Traps::enter_subshell(bool keep_error, bool keep_debug) {
  pending_ = 0;
  children_ = 0;
  word_ = 0;
  for (i32 condition = 0; condition < kTrapCount; ++condition) {
    // bash: what a subshell around this one had inherited is inherited here too.
    if (!actions_[condition]) continue;
    if (condition == kTrapError && keep_error) continue;
    if ((condition == kTrapDebug || condition == kTrapReturn) && keep_debug) continue;
    if (condition > 0 && condition < kSignalCount && actions_[condition]->empty()) continue;
    // A catcher became the default in the clone already.
    inherited_[condition] = std::move(actions_[condition]);
    actions_[condition].reset();
  }
  for (i32 signal = 1; signal < kSignalCount; ++signal) {
    shell_catches_[signal] = false;
    if (shell_ignores_[signal]) {
      shell_ignores_[signal] = false;
      sys::signal_action(signal, abi::kSignalDefault);
    }
  }
}

void Traps::start_over() noexcept {
  forget_inherited();
  for (i32 condition = 0; condition < kTrapCount; ++condition) {
    if (!actions_[condition]) continue;
    const bool ignored = condition > 0 && condition < kSignalCount && actions_[condition]->empty();
    actions_[condition].reset();
    if (!ignored) continue;
    asked_[condition] = hard_ignored_[condition] = true;
  }
}

bool Traps::has_signal_actions() const noexcept {
  for (i32 signal = 1; signal < kSignalCount; ++signal) {
    if (actions_[signal] && !actions_[signal]->empty()) return true;
  }
  return false;
}

bool Traps::outlives_signals() const noexcept {
  const auto runs = [](const std::optional<std::string>& action) {
    return action && !action->empty();
  };
  for (i32 signal = 1; signal < kSignalCount; ++signal) {
    if (runs(actions_[signal]) || runs(inherited_[signal])) return true;
  }
  return false;
}

void Traps::ignore_in_background(bool inherited) noexcept {
  for (const i32 signal : {signal_number::kInterrupt, signal_number::kQuit}) {
    learn(signal);
    if (actions_[signal] || hard_ignored_[signal]) continue;
    sys::signal_action(signal, inherited ? abi::kSignalIgnore : abi::kSignalIgnoreHere);
  }
}

const std::string* Traps::listed(i32 condition) noexcept {
  static const std::string ignored;
  // 32 and 33 have no name and are the C library's, whose posix_spawn() leaves them ignored.
  if (condition > 0 && condition < kSignalCount && !trap_name(condition).empty()) {
    learn(condition);
    if (hard_ignored_[condition]) return &ignored;
  }
  if (actions_[condition]) return &*actions_[condition];
  if (is_kept_ignored(condition)) return &ignored;
  return inherited_[condition] ? &*inherited_[condition] : nullptr;
}

std::optional<std::string> Traps::suspend(i32 condition) {
  return std::exchange(actions_[condition], std::nullopt);
}

void Traps::resume(i32 condition, std::optional<std::string> action) {
  if (action && !actions_[condition]) actions_[condition] = std::move(action);
}

void Traps::catch_for_shell(i32 signal) noexcept {
  shell_catches_[signal] = true;
  if (actions_[signal]) return;
  // bash: what was ignored on entry stays so for what the shell starts.
  const i64 before = sys::signal_action(signal, abi::kSignalCatch);
  if (!std::exchange(asked_[signal], true) && before == abi::kSignalIgnore) {
    ignored_[signal] = true;
    sys::signal_action(signal, abi::kSignalCatchHere);
  }
}

void Traps::ignore_for_shell(i32 signal) noexcept {
  if (actions_[signal] || hard_ignored_[signal]) {
    shell_ignores_[signal] = !hard_ignored_[signal];
    return;
  }
  // One call, since each shell starts with this.
  const i64 before = sys::signal_action(signal, abi::kSignalIgnoreHere);
  if (!std::exchange(asked_[signal], true) && before == abi::kSignalIgnore) {
    note_ignored(signal);
    if (hard_ignored_[signal]) sys::signal_action(signal, abi::kSignalIgnore);
  }
  shell_ignores_[signal] = !hard_ignored_[signal];
}

void Traps::learn(i32 signal) noexcept {
  if (std::exchange(asked_[signal], true)) return;
  if (sys::signal_action(signal, abi::kSignalAsk) == abi::kSignalIgnore) note_ignored(signal);
}

void Traps::note_ignored(i32 signal) noexcept {
  if (interactive_ && std::ranges::find(kStopSignals, signal) != std::end(kStopSignals)) return;
  // bash: an interactive shell has SIGINT and SIGTERM for itself.
  ignored_[signal] =
      interactive_ && signal != signal_number::kInterrupt && signal != signal_number::kTerminate;
  hard_ignored_[signal] = !ignored_[signal];
}

bool Traps::hangs_up() const noexcept {
  return is_pending(signal_number::kHangUp) && shell_catches_[signal_number::kHangUp] &&
         !actions_[signal_number::kHangUp];
}

void Traps::ignore_stops() noexcept {
  for (const i32 signal : kStopSignals) {
    sys::signal_action(signal, abi::kSignalIgnore);
    asked_[signal] = true;
  }
}

void Traps::restore() noexcept {
  for (i32 signal = 1; signal < kSignalCount; ++signal) {
    const u32 action = hard_ignored_[signal] ? abi::kSignalIgnore : wanted(signal);
    const i64 before = sys::signal_action(signal, action);
    // One that nobody asked about is ignored since the start.
    if (!asked_[signal] && before == abi::kSignalIgnore)
      sys::signal_action(signal, abi::kSignalIgnore);
  }
  pending_ = 0;
}

void Traps::forget_inherited() noexcept {
  for (auto& action : inherited_) action.reset();
}

}  // namespace swebash::engine
