// SPDX-License-Identifier: Apache-2.0
//
// Embedder: what the embedding program has a say in, of a session in a library.
//
// Called on the threads of the session's tasks, on several at once. Outlives the kernel.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/integers.hpp"

namespace swebash::kernel {

class Task;

class Embedder {
 public:
  // What becomes of a command.
  enum class Verdict : u8 { allow, deny, rewrite };
  struct Decision {
    Verdict verdict = Verdict::allow;
    std::vector<std::string> words = {};  // to run in its place; at least one
    std::string reason = {};              // why it may not run; may be empty
  };

  // Whether it wants to be asked about commands now.
  [[nodiscard]] virtual bool sees_commands() const noexcept = 0;
  // Asks about a command of `task` that is about to run; `words` are as they were expanded.
  [[nodiscard]] virtual Decision before_command(Task& task,
                                                std::span<const std::string> words) noexcept = 0;

 protected:
  Embedder() = default;
  ~Embedder() = default;
};

}  // namespace swebash::kernel
