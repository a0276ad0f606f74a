// SPDX-License-Identifier: Apache-2.0
//
// CallStack: the functions and sourced files that run, and the loops of the innermost one. What
// FUNCNAME, BASH_SOURCE, BASH_LINENO, BASH_ARGV and `caller` tell comes from here. Owned by the
// Shell; not thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/integers.hpp"
#include "engine/interpreter/options.hpp"

namespace swebash::engine {

// What runs: a function or a sourced file, and where it was called. Its names belong to whoever put
// it up, until it is taken down.
struct Frame {
  std::string_view name;  // function, "source", or "main"
  std::string_view source_file;
  u32 call_line = 0;  // line of the caller
  // For BASH_ARGV: of a function under extdebug, and the name of a file that was given none.
  std::optional<std::vector<std::string>> arguments = {};
  bool is_function = false;
  u32 definition_line = 0;                    // of a function
  std::optional<Options> saved_options = {};  // to restore at its end: `local -`
  u32 outer_loops = 0;                        // of a function: those that run in its caller
  bool sets_positional = false;               // of a file: `set` has set the parameters in it
};

class CallStack {
 public:
  // The outermost first.
  [[nodiscard]] const std::vector<Frame>& frames() const noexcept { return frames_; }
  [[nodiscard]] bool empty() const noexcept { return frames_.empty(); }
  // Requires: it is not empty.
  [[nodiscard]] Frame& innermost() noexcept { return frames_.back(); }
  [[nodiscard]] const Frame& innermost() const noexcept { return frames_.back(); }
  // The innermost function's frame, or null.
  [[nodiscard]] Frame* innermost_function() noexcept {
    for (usize i = frames_.size(); i-- > 0;) {
      if (frames_[i].is_function) return &frames_[i];
    }
    return nullptr;
  }

  // A function begins, with no loops of its own yet. The frame is the caller's to fill in.
  [[nodiscard]] Frame& push_function() {
    Frame& frame = frames_.emplace_back();
    frame.is_function = true;
    frame.outer_loops = std::exchange(loops_, 0);
    ++functions_;
    return frame;
  }
  // `set` has set the positional parameters: those of files, when no function runs.
  void note_set_positional() noexcept {
    if (functions_ != 0) return;
    for (Frame& frame : frames_) frame.sets_positional = true;
  }
  void push_file(Frame frame) { frames_.push_back(std::move(frame)); }
  void pop() {
    if (frames_.back().is_function) {
      --functions_;
      loops_ = frames_.back().outer_loops;
    }
    frames_.pop_back();
  }
  // Nothing runs any more: the task becomes another script's.
  void clear() {
    frames_.clear();
    functions_ = files_ = loops_ = 0;
  }

  // Functions that run.
  [[nodiscard]] u32 functions() const noexcept { return functions_; }
  // What FUNCNEST says; 0 or less for no limit.
  [[nodiscard]] i64 function_limit() const noexcept { return function_limit_; }
  void set_function_limit(i64 limit) noexcept { function_limit_ = limit; }

  // Files that are being sourced, start-up files too: those have no frame.
  [[nodiscard]] u32 files() const noexcept { return files_; }
  void enter_file() noexcept { ++files_; }
  void leave_file() noexcept { --files_; }
  // Whether `return` is allowed here.
  [[nodiscard]] bool can_return() const noexcept { return functions_ + files_ > 0; }

  // Loops that run in this function: what break and continue may leave.
  [[nodiscard]] u32 loops() const noexcept { return loops_; }
  void enter_loop() noexcept { ++loops_; }
  void leave_loop() noexcept { --loops_; }
  void forget_loops() noexcept { loops_ = 0; }
  // A subshell begins, which nothing around it concerns.
  void enter_subshell() noexcept { loops_ = redirected_ = evaluations_ = 0; }

  // How many functions and builtins that were called with redirections run now.
  [[nodiscard]] u32 redirected() const noexcept { return redirected_; }
  void enter_redirected() noexcept { ++redirected_; }
  void leave_redirected() noexcept { --redirected_; }
  // How many texts of eval run now.
  [[nodiscard]] u32 evaluations() const noexcept { return evaluations_; }
  void enter_evaluation() noexcept { ++evaluations_; }
  void leave_evaluation() noexcept { --evaluations_; }

  // An error left a function: FUNCNAME has the script's own entry from now on.
  [[nodiscard]] bool call_abandoned() const noexcept { return call_abandoned_; }
  void note_abandoned_call() noexcept { call_abandoned_ = true; }
  void forget_abandoned_call() noexcept { call_abandoned_ = false; }

  // Whether calls keep their arguments for BASH_ARGV: extdebug is on.
  [[nodiscard]] bool keeps_arguments() const noexcept { return keeps_arguments_; }
  void keep_arguments(Switch value) noexcept { keeps_arguments_ = value == Switch::on; }
  // Notes the positional parameters as those of the script, if none are noted yet.
  void note_first_arguments(std::span<const std::string> positional) {
    if (!first_arguments_) first_arguments_.emplace(positional.begin(), positional.end());
  }
  [[nodiscard]] const std::optional<std::vector<std::string>>& first_arguments() const noexcept {
    return first_arguments_;
  }

 private:
  std::vector<Frame> frames_;
  u32 functions_ = 0;
  u32 files_ = 0;
  u32 redirected_ = 0;
  u32 evaluations_ = 0;
  u32 loops_ = 0;
  i64 function_limit_ = 0;
  bool call_abandoned_ = false;
  bool keeps_arguments_ = false;
  std::optional<std::vector<std::string>> first_arguments_;
};

}  // namespace swebash::engine
