// SPDX-License-Identifier: Apache-2.0
//
// read_policy(): a policy file, TOML 1.0, as the settings that it gives.
//
// Belongs to the program swebash-policy, so that the shell carries no parser and a start without a
// policy pays for none. The keys are the flags of settings.def without their dashes, but for those
// that are about the program and not about what is allowed, and beside them the tables
// `[[command]]` and `[git]`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"
#include "base/result.hpp"

namespace swebash::shell {

struct PolicyEntry {
  u32 line;
  std::string key;    // a flag's name; "command.deny", "git.protected" and the like for rules
  std::string value;  // as the flag's; a path is absolute. A switch is "1" or "0"
};

struct PolicyError {
  u32 line;
  std::string reason;  // with its hint in brackets
};

// `folder`: where the file lies, from which relative paths count. `home`: what `~/` stands for.
[[nodiscard]] Result<std::vector<PolicyEntry>, PolicyError> read_policy(std::string_view text,
                                                                        const std::string& folder,
                                                                        const std::string& home);

}  // namespace swebash::shell
