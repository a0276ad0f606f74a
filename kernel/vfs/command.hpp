// SPDX-License-Identifier: Apache-2.0
//
// Command: what a file of a session stands for that can be run: a command of the embedding program,
// or the shell itself.
//
// Lives as long as a file names it or a task runs it. run() is called on the thread of the task
// that it is, and on several at once.
#pragma once

#include <string>
#include <vector>

#include "kernel/task/exit_state.hpp"

namespace swebash::kernel {
class Task;
}

namespace swebash::kernel::vfs {

struct CommandLine {
  std::string path;  // as it was called
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=value
};

class Command {
 public:
  Command() noexcept = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  virtual ~Command() = default;

  // Runs as `task` to its end; how it ended.
  [[nodiscard]] virtual ExitState run(Task& task, const CommandLine& line) noexcept = 0;
};

}  // namespace swebash::kernel::vfs
