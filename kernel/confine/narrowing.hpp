// SPDX-License-Identifier: Apache-2.0
//
// Narrowing: which of the places that a session may write it still may, for one task and what that
// starts from then on: what `workspace ro`, `rw` and `allow` set.
//
// It is a choice within what the start allowed, never more, and a value: `rw` makes another one.
// Programs are held to it by a further layer of Landlock, which they have from before their first
// instruction and for good; the shell's own calls by who makes them (kernel/task/narrow_path.hpp),
// since a layer could not be taken off again. Immutable, shared by a task and its clones; any
// thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/owned_fd.hpp"
#include "base/result.hpp"

namespace swebash::kernel::confine {

class Confinement;

class Narrowing {
 public:
  // Errors: the host's errno; ENOSYS where there is no Landlock.
  [[nodiscard]] static Result<std::shared_ptr<const Narrowing>, int> create(
      const Confinement& confinement, std::vector<std::string> writable);

  // The places that may be written, beside devices and temporary files.
  [[nodiscard]] const std::vector<std::string>& writable() const noexcept { return writable_; }
  // Whether a path, absolute and without links, may be written as far as this says.
  [[nodiscard]] bool allows(std::string_view path) const noexcept;
  // The rules as a descriptor, for landlock_restrict_self.
  [[nodiscard]] int rules() const noexcept { return rules_.get(); }

  Narrowing(std::vector<std::string> writable, std::vector<std::string> always, OwnedFd rules)
      : writable_(std::move(writable)), always_(std::move(always)), rules_(std::move(rules)) {}

 private:
  std::vector<std::string> writable_;
  std::vector<std::string> always_;
  OwnedFd rules_;
};

}  // namespace swebash::kernel::confine
