// SPDX-License-Identifier: Apache-2.0
//
// The program's settings as a policy, and the start of a confined session.
//
// Called once, at start, on the main thread; only where a workspace is asked for.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "kernel/audit/account.hpp"
#include "kernel/confine/confinement.hpp"
#include "shell/settings.hpp"

namespace swebash::shell {

// Whether there is a workspace in the settings.
[[nodiscard]] inline bool wants_confinement(const Settings& settings) noexcept {
  return settings.workspace.data() != nullptr;
}

// The policy that the settings ask for. Pure.
// Errors: a sentence, for a value that is none.
[[nodiscard]] Result<kernel::Policy, std::string> policy_of(const Settings& settings);

// The file that a shell with these arguments runs; empty where it runs none. Pure.
[[nodiscard]] std::string script_of(std::span<char* const> arguments);

// The first of `words` that asks for something that only a workspace has; empty if none does. Pure.
[[nodiscard]] std::string_view confinement_flag_in(std::span<char* const> words) noexcept;

struct Confined {
  std::unique_ptr<kernel::confine::Confinement> confinement;
  std::unique_ptr<kernel::audit::Account> account;  // null: nobody asked for one
};

// Confines this process as the settings ask. `directory`: where the program's companions are. May
// return in another process than it was called in. The environment of the process is the session's
// then.
// Errors: nothing was confined, and nothing may be run.
[[nodiscard]] Result<Confined, kernel::confine::Fault> start_confined(const Settings& settings,
                                                                      const std::string& directory,
                                                                      char** environment);

}  // namespace swebash::shell
