// SPDX-License-Identifier: Apache-2.0
//
// spawn_process(): starts a native program by a clone that shares memory until it execs; and
// replace_process(), which execs in place.
//
// Low level: plain data in, pid out; no task, no table. Nothing is allocated and no lock is taken
// between clone and exec. Thread-safe, except that replace_process() needs a process whose other
// threads do not mind.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <span>

#include "abi/errno.hpp"
#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "kernel/signals/signals.hpp"

namespace swebash::kernel {

// One descriptor the program shall have: host descriptor `source` as number `target`.
struct FdMapping {
  int source;
  int target;
};

struct LimitSetting {
  int resource;
  rlimit limit;
};

enum class ParentDeath : u8 { ignore, kill };

// The signal mask of the program: the calling thread's, or an empty one (for a pooled thread, which
// blocks all signals).
enum class ProgramMask : u8 { callers, empty };

struct SpawnPlan {
  const char* path;          // to execve; relative to the directory below
  char* const* arguments;    // with a null pointer at the end
  char* const* environment;  // likewise
  // Sorted by target, each target once. Nothing else stays open in the program.
  std::span<const FdMapping> descriptors;
  // `descriptors` are all that the host has without close-on-exec, each under its own number: there
  // is nothing to do for them.
  bool as_they_are = false;
  int directory = -1;  // a directory to start in, or -1: the host's
  int umask = -1;      // or -1: the host's
  std::span<const LimitSetting> limits;
  // The process group: -1 the host's own, 0 one of its own, or that one.
  pid_t group = -1;
  // A terminal (a host descriptor) whose foreground the program's group shall be, or -1.
  int foreground_terminal = -1;
  SignalSet ignore = 0;    // signals to ignore
  SignalSet defaults = 0;  // signals to put back to their default action
  int restriction = -1;    // rules of Landlock that the program is held to as well, or -1
  ParentDeath parent_death = ParentDeath::ignore;
  ProgramMask mask = ProgramMask::callers;
};

// Starts the program; its pid.
// Errors: those of execve and of each step before it; Errno::noexec is not tried as a script.
[[nodiscard]] SysResult<pid_t> spawn_process(const SpawnPlan& plan);

// Becomes the program. Answers only errors, and then descriptors, directory, umask and dispositions
// are as they were.
[[nodiscard]] Errno replace_process(const SpawnPlan& plan);

}  // namespace swebash::kernel
