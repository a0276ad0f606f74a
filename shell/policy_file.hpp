// SPDX-License-Identifier: Apache-2.0
//
// The policy file of a start: which one it is, and its settings.
//
// The file is read by a program beside this one (shell/policy_file/), which has the parser; a start
// without a file does not run it. Called once, at start, on the main thread, before there is
// another and before anything is confined.
#pragma once

#include <string>

#include "base/result.hpp"
#include "kernel/confine/places.hpp"
#include "shell/settings.hpp"

namespace swebash::shell {

// Whether there may be a policy file for these settings.
[[nodiscard]] inline bool may_have_policy_file(const Settings& settings) noexcept {
  return !settings.policy.empty() || settings.workspace.data() != nullptr;
}

// Where the user's own policy file is looked for; empty where that is not known. Links are followed
// up to HOME or XDG_CONFIG_HOME and not below.
[[nodiscard]] std::string user_policy_folder();

// Has `settings` take what the file of --policy or the user's own says; without one it does
// nothing. `directory`: where the program's companions are.
// Errors: FILE:LINE, the reason and a hint; nothing may be run.
[[nodiscard]] Result<void, kernel::confine::Fault> read_policy_file(Settings& settings,
                                                                    const std::string& directory);

}  // namespace swebash::shell
