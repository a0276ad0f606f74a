// SPDX-License-Identifier: Apache-2.0
//
// JobTerminal: the terminal of a shell with job control: which group has it, and which settings the
// user wants on it. Owned by the Shell; not thread-safe.
#pragma once

#include <optional>

#include "abi/types.hpp"
#include "base/integers.hpp"

namespace swebash::engine {

class JobTerminal {
 public:
  // Its descriptor; -1: there is none.
  [[nodiscard]] i32 fd() const noexcept { return fd_; }
  [[nodiscard]] bool exists() const noexcept { return fd_ >= 0; }
  // `group` has the terminal when the shell waits for input; the shell was in `outer_group` before
  // it had a group of its own.
  void set(i32 fd, i32 group, i32 outer_group) noexcept {
    fd_ = fd;
    group_ = group;
    outer_group_ = outer_group;
  }
  // A subshell has none.
  void forget() noexcept { fd_ = -1; }
  // Takes the one that a script was started on, if its group has that.
  void find();

  // Gives it to the shell's own group again, after a job.
  void take_back() const;
  // Gives it to the group that the shell came from, and joins that.
  void hand_over() const;
  // Takes it again after hand_over().
  void take_over() const;

  // Keeps the settings as those that the user wants, or puts the kept ones back after a job that
  // could not do so itself.
  void keep_settings();
  void restore_settings() const;
  // How large it is, if it says so.
  [[nodiscard]] std::optional<abi::WindowSize> size() const;

 private:
  i32 fd_ = -1;
  i32 group_ = 0;
  i32 outer_group_ = 0;
  std::optional<abi::Terminal> settings_;
};

}  // namespace swebash::engine
