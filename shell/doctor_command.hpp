// SPDX-License-Identifier: Apache-2.0
//
// `swebash doctor`: what this machine can enforce of a confinement, and by what.
//
// A subcommand only as `swebash cache` is one: the first operand of a program called `swebash`.
#pragma once

#include <span>

namespace swebash::shell {

[[nodiscard]] bool is_doctor_command(std::span<char* const> arguments) noexcept;

// Prints the table; the status: 0 if all of it can be enforced, else 1.
[[nodiscard]] int run_doctor_command();

}  // namespace swebash::shell
