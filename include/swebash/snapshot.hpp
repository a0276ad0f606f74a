// SPDX-License-Identifier: Apache-2.0
//
// Snapshot: what a session was between two runs: variables, functions, options, traps, directory,
// files in memory, and the descriptors that are open on those.
//
//   auto before = session.snapshot().value();
//   session.run("rm -rf *");
//   session.restore(before);
//
// Immutable; a reference, cheap to copy. Thread-safe. It holds on to its runtime's engine. What is
// not in it: jobs in the background, pipes that are open, descriptors on files of the host, which
// are closed in what is made of it, and what is in directories of the host, which are shared.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "swebash/error.hpp"

namespace swebash {

class Snapshot {
 public:
  class Implementation;
  explicit Snapshot(std::shared_ptr<const Implementation> implementation) noexcept
      : implementation_(std::move(implementation)) {}

  // Writes it to a file, which is replaced as a whole or not at all. Beside what a snapshot has not
  // the file lacks the commands, hooks and trees of the embedding program; Runtime::load_snapshot()
  // reads it in any process that has the same build of the engine.
  // Errors: refused.
  Expected<void> save(const std::string& path) const;
  // The same as bytes.
  [[nodiscard]] std::string bytes() const;
  // Bytes of memory that the shell itself takes in it.
  [[nodiscard]] std::uint64_t shell_bytes() const noexcept;

  [[nodiscard]] const Implementation& implementation() const noexcept { return *implementation_; }

 private:
  std::shared_ptr<const Implementation> implementation_;
};

}  // namespace swebash
