// SPDX-License-Identifier: Apache-2.0
//
// ProgramEnvironment: what programs get: exported variables, exported functions, and entries that
// came with the shell's own environment and are no variables of it. Owned by the Shell; not
// thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "engine/interpreter/functions.hpp"
#include "engine/variables/vars.hpp"

namespace swebash::engine {

class ProgramEnvironment {
 public:
  // Both outlive it.
  ProgramEnvironment(Variables& variables, const Functions& functions) noexcept
      : variables_(variables), functions_(functions) {}

  // Valid until something changes.
  [[nodiscard]] const EnvironmentBlock& block();
  // Exported functions have changed.
  void functions_changed() noexcept { stale_ = true; }
  // Keeps an entry whose name is none of the shell's.
  void keep_foreign(std::string_view entry);

 private:
  Variables& variables_;
  const Functions& functions_;
  std::string foreign_;  // NUL-terminated entries
  u32 foreign_count_ = 0;
  bool stale_ = false;  // functions and foreign entries, as `variables_` has them
};

}  // namespace swebash::engine
