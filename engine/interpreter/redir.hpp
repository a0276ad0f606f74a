// SPDX-License-Identifier: Apache-2.0
//
// RedirectScope: redirections applied to the shell's own descriptors, and taken back.
//
// apply() makes each redirection in turn; what a descriptor was before is kept as a duplicate at 10
// or above that programs do not inherit. The destructor puts everything back unless keep() was
// called (`exec`, and clones, which end anyway). A script that takes the number of such a duplicate
// has it: the duplicate moves. Scopes end in the order opposite to that of their making. Not
// thread-safe.
#pragma once

#include <span>
#include <string_view>

#include "abi/errno.hpp"
#include "engine/expansion/expand.hpp"
#include "engine/syntax/ast.hpp"
#include "engine/system/descriptors.hpp"

namespace swebash::engine {

class Shell;
class TextRunner;

class RedirectScope {
 public:
  // `texts` runs the traps of signals that come while a file is being opened.
  explicit RedirectScope(TextRunner& texts) noexcept;
  ~RedirectScope() { undo(); }
  RedirectScope(const RedirectScope&) = delete;
  RedirectScope& operator=(const RedirectScope&) = delete;

  // Makes the redirections. Errors: reported; those already made stay until undo().
  Expanded<void> apply(std::span<const Redirect> redirects);
  // Puts `fd`'s present self aside, so that undo() brings it back. Errors: Errno::mfile.
  [[nodiscard]] SysResult<void> save(i32 fd);
  // Makes `from` descriptor `to`, saving what is there; `from` is closed. Errors: Errno::badf,
  // Errno::mfile.
  [[nodiscard]] SysResult<void> move(i32 from, i32 to);
  // Forgets what was there: the redirections stay.
  void keep();
  void undo() {
    if (fds_.put_aside().size() > first_) put_back();
  }
  // They are to stay, if all can be made: what cannot be put aside is given up.
  void serve_exec() noexcept { for_exec_ = true; }
  // A program runs with them, so this shell's descriptors are all to come back.
  void serve_program() noexcept { for_program_ = true; }

 private:
  // Whether what is duplicated stays open where it was.
  enum class Duplicate : u8 { copies, moves };

  void put_back();
  [[nodiscard]] bool is_saved(i32 fd) const noexcept;
  // Each makes one redirection, of descriptor `fd` where it names no variable.
  Expanded<void> apply_one(const Redirect& redirect);
  Expanded<void> place_text(const Redirect& redirect, i32 fd);
  Expanded<void> close_one(const Redirect& redirect, i32 fd);
  Expanded<void> duplicate(const Redirect& redirect, i32 fd, i32 source, std::string_view word,
                           Duplicate how);
  Expanded<void> place_file(const Redirect& redirect, RedirectOperator op, i32 fd,
                            const std::string& path);
  Expanded<i64> open_target(const std::string& path, RedirectOperator op);
  // Opens a file; what the syscall answers. An error only where a signal abandons the command.
  [[nodiscard]] Expanded<i64> open_path(std::string_view path, u32 flags);
  Errno no_number(Errno why);
  Expanded<void> fail(std::string_view operand, std::string_view message);
  [[nodiscard]] SysResult<void> place(i32 source, const Redirect& redirect, i32 fd);
  Expanded<void> not_placed(const Redirect& redirect, i32 fd, std::string_view target, Errno error);

  TextRunner& texts_;
  Shell& shell_;
  Descriptors& fds_;
  // Where this scope's part of what is put aside begins.
  usize first_;
  bool for_program_ = false;
  bool for_exec_ = false;
};

// A descriptor to read `text` from: a pipe that takes any size. -1 when none can be had.
[[nodiscard]] i32 open_text(std::string_view text);

}  // namespace swebash::engine
