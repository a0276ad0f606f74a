// SPDX-License-Identifier: Apache-2.0
//
// What the executor's files that make clones or start programs share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "abi/errno.hpp"
#include "engine/interpreter/exec.hpp"

namespace swebash::engine {

// What a clone is to do. Lives on the stack of the parent, which the clone has a copy of.
struct Executor::Stage {
  Executor* executor = nullptr;
  // One of these three, or `text`, or `written`.
  const Command* command = nullptr;
  const List* list = nullptr;
  const AndOr* and_or = nullptr;
  i32 in = -1, out = -1;  // become descriptors 0 and 1
  bool pipe_error = false;
  i32 unused = -1;            // the parent's end of a pipe
  bool debugged = false;      // the parent has run the DEBUG trap
  bool asynchronous = false;  // in the background, and not as a job
  bool background = false;
  bool substitution = false;
  std::string_view text;     // backquotes that did not parse: to be parsed, and reported
  std::string_view written;  // all there is to do is to write this, and to end with `status`
  ExitStatus status = kSuccess;
};

// What a stage of a pipeline is connected to.
struct Executor::StageEnds {
  i32 in = -1, out = -1;  // become descriptors 0 and 1
  i32 unused = -1;        // the parent's end of the pipe
  bool pipe_error = false;
  i32 group = 0;            // of processes
  bool controlled = false;  // a job in the foreground
  bool asynchronous = false;
  bool last = false;
  std::span<Command* const> stages;  // all of the pipeline's

  // Whether what only writes may do so before the next stage starts.
  [[nodiscard]] bool writes_only() const noexcept {
    return out >= 0 && !pipe_error && !controlled && !asynchronous;
  }
};

// The stages of a pipeline, as they are started.
struct Executor::Stages {
  // Descriptor 0 of the next one; at the end of what start_stages() could do, that of the first
  // that it did not start. -1: the shell's own.
  i32 in = -1;
  i32 group = abi::kSameGroup;
  bool controlled = false;  // a job in the foreground
  bool asynchronous = false;
  std::vector<Process> processes = {};
};

template <class Body>
i64 Executor::run_in_clone(const Body& body, u32 flags, i32 group) {
  struct Call {
    Executor* executor;
    const Body* body;
  } call{this, &body};
  return shell_.tasks().clone(
      [](void* argument) {
        const auto& self = *static_cast<Call*>(argument);
        self.executor->texts_.enter_subshell();
        self.executor->finish_clone((*self.body)());
      },
      &call, flags, group);
}

// The status of a command for which no clone can be had, as bash's.
inline constexpr ExitStatus kNoClone = 254;

// What an empty pipe takes without waiting, whatever the host's limits (PIPE_BUF, POSIX).
inline constexpr usize kPipeAtOnce = 4096;

// The text of a word that is a literal and no pattern.
[[nodiscard]] std::optional<std::string_view> literal_name(const Word& word);

// Whether a redirection of `command` opens a fifo, which waits for its other end, by a name whose
// expansion has no side effects.
[[nodiscard]] bool opens_fifo(Shell& shell, const Command& command);

// What is said where a descriptor cannot be put aside.
[[nodiscard]] std::string cannot_duplicate(Errno why);

}  // namespace swebash::engine
