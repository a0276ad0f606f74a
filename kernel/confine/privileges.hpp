// SPDX-License-Identifier: Apache-2.0
//
// What a confined process gives up of itself: privileges, descriptors, its environment.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/policy/policy.hpp"

namespace swebash::kernel::confine {

// No capability is left, for this process and all that it starts, and none comes by execve(2): not
// by a set-user-ID program, not by being root (no_new_privs, capabilities(7)). False where the
// kernel refuses.
[[nodiscard]] bool drop_privileges() noexcept;

// Closes what came from outside, but 0, 1, 2 and `kept`; -1 there is none.
void close_descriptors(std::initializer_list<int> kept) noexcept;

// The first of 0, 1, 2 that is a folder, through which all of the outside could be reached; else
// -1.
[[nodiscard]] int folder_among_descriptors() noexcept;

// The variables that a confined session has: of `environment` those that are always kept and those
// that `asked` names, and what `asked` sets. Pure.
[[nodiscard]] std::vector<std::string> cut_environment(char* const* environment,
                                                       const std::vector<std::string>& asked);
// Overwrites the variables that `kept` lacks where they stand: /proc/PID/environ shows that memory.
void wipe_environment(char** environment, const std::vector<std::string>& kept) noexcept;

}  // namespace swebash::kernel::confine
