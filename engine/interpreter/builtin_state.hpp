// SPDX-License-Identifier: Apache-2.0
//
// BuiltinState: which builtin runs, what it leaves behind for whoever called it, and which ones
// `enable -n` has turned off. Owned by the Shell; not thread-safe.
#pragma once

#include <string_view>
#include <utility>

#include "engine/text/string_map.hpp"

namespace swebash::engine {

class BuiltinState {
 public:
  // What messages call (( )) and [[ ]], as if they were builtins.
  static constexpr std::string_view kArithmetic = "((", kConditional = "[[";

  // The builtin that messages name; empty for none.
  [[nodiscard]] std::string_view running() const noexcept { return running_; }
  // Whether that is one of the compound commands that are named like one.
  [[nodiscard]] bool in_compound() const noexcept {
    return running_ == kArithmetic || running_ == kConditional;
  }
  // Answers the one before.
  std::string_view set_running(std::string_view name) noexcept {
    return std::exchange(running_, name);
  }

  // Whether the builtin that ran complained: of a special one that ends a script in posix mode.
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  void note_failure() noexcept { failed_ = true; }
  void clear_failure() noexcept { failed_ = false; }

  // `exec` without a command: its redirections stay.
  void keep_redirections() noexcept { keep_redirections_ = true; }
  [[nodiscard]] bool take_keep_redirections() noexcept {
    return std::exchange(keep_redirections_, false);
  }

  [[nodiscard]] bool is_disabled(std::string_view name) const noexcept {
    return !disabled_.empty() && disabled_.contains(name);
  }
  [[nodiscard]] StringMap<bool>& disabled() noexcept { return disabled_; }

 private:
  std::string_view running_;
  bool failed_ = false;
  bool keep_redirections_ = false;
  StringMap<bool> disabled_;
};

}  // namespace swebash::engine
