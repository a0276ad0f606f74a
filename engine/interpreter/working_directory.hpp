// SPDX-License-Identifier: Apache-2.0
//
// WorkingDirectory: the working directory as the shell came to it, links and all, and the stack of
// `pushd`. Owned by the Shell; not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

class WorkingDirectory {
 public:
  // Empty when nobody can say.
  [[nodiscard]] const std::string& path();
  // The same, or null after the complaint of `who`, as bash's.
  [[nodiscard]] const std::string* find(std::string_view who);
  // Notes where the shell is now; empty: the system is asked at the next question.
  void set(std::string path) { path_ = std::move(path); }

  // What is below the working directory on the stack, nearest first.
  [[nodiscard]] std::vector<std::string>& stack() noexcept { return stack_; }
  // An entry of the whole stack, which the working directory leads.
  [[nodiscard]] std::optional<std::string> entry(usize index, bool from_right);

 private:
  std::string path_;
  std::vector<std::string> stack_;
};

}  // namespace swebash::engine
