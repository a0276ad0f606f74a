// SPDX-License-Identifier: Apache-2.0
//
// `swebash serve ...`, `swebash connect ...`: hand over to a program of their own. The words are
// subcommands as `cache` is (cache_command.hpp).
#pragma once

#include <span>
#include <string>

namespace swebash::shell {

// Whether `arguments` ask for one of them.
[[nodiscard]] bool is_companion_command(std::span<char* const> arguments) noexcept;

// Becomes that program, which is in `directory`, with the rest of `arguments`. Returns only when it
// cannot: one sentence. Requires: is_companion_command(arguments).
[[nodiscard]] std::string run_companion_command(const std::string& directory,
                                                std::span<char* const> arguments);

}  // namespace swebash::shell
