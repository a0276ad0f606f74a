// SPDX-License-Identifier: Apache-2.0
//
// Flow: how a step of the evaluator ended; every step passes it on. FlowRequest: what a builtin
// asks for, which happens after the builtin has returned. Owned by the Shell; not thread-safe.
#pragma once

#include <utility>

#include "base/integers.hpp"
#include "engine/system/exit_status.hpp"

namespace swebash::engine {

enum class Flow : u8 {
  normal,
  loop_break,       // FlowRequest::levels() more loops are to be left
  loop_continue,    // the same, and the outermost of them goes on
  function_return,  // to the caller of the function or sourced file
  discard,          // the rest of the command that was read is abandoned
  exit,             // the shell ends
};

class FlowRequest {
 public:
  // Asks for `flow`; `levels` is how many loops `break` and `continue` mean.
  void ask(Flow flow, u32 levels = 0) noexcept {
    pending_ = flow;
    levels_ = levels;
  }
  // Asks for how text that a builtin ran has ended; the loops that it means are still the same.
  void pass_on(Flow flow) noexcept { pending_ = flow; }
  // `before` is what $? was: the RETURN trap sees that.
  void ask_return(ExitStatus before) noexcept {
    before_return_ = before;
    ask(Flow::function_return);
  }
  void ask_exit() noexcept {
    note_exit();
    ask(Flow::exit);
  }
  // Abandons what the outermost reader read: each eval, source and trap on the way as well.
  void ask_discard() noexcept {
    note_abandoned();
    ask(Flow::discard);
  }
  // What was asked for, which is then no longer asked for.
  [[nodiscard]] Flow take() noexcept { return std::exchange(pending_, Flow::normal); }
  // Puts back what take() answered.
  void restore(Flow flow) noexcept { pending_ = flow; }
  [[nodiscard]] bool gives_up_line() const noexcept { return pending_ == Flow::discard; }

  [[nodiscard]] u32 levels() const noexcept { return levels_; }
  // A loop has ended by `break` or `continue`. Whether that means a loop around it too.
  [[nodiscard]] bool means_outer_loop() noexcept { return --levels_ > 0; }

  [[nodiscard]] ExitStatus before_return() const noexcept { return before_return_; }

  // The script asks for the Flow::exit that is under way, by `exit` or `set -e`: the EXIT trap runs
  // within the function then. An error leaves the functions first.
  void note_exit() noexcept { exit_asked_ = true; }
  [[nodiscard]] bool exit_asked() const noexcept { return exit_asked_; }
  void forget_exit() noexcept { exit_asked_ = false; }

  // Whether a Flow::discard goes on to the outermost reader.
  [[nodiscard]] bool abandoned() const noexcept { return abandoned_; }
  void note_abandoned() noexcept { abandoned_ = true; }
  void forget_abandoned() noexcept { abandoned_ = false; }

 private:
  Flow pending_ = Flow::normal;
  u32 levels_ = 0;
  ExitStatus before_return_ = 0;
  bool exit_asked_ = false;
  bool abandoned_ = false;
};

}  // namespace swebash::engine
