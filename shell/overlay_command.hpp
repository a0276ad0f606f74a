// SPDX-License-Identifier: Apache-2.0
//
// `swebash overlay ...`: hands over to the program `swebash-overlay`, for what sessions with an
// overlay have left. When the word is a subcommand is said in cache_command.hpp.
#pragma once

#include <span>
#include <string>

namespace swebash::shell {

// Whether `arguments`, argv without the program's own flags, ask for that program.
[[nodiscard]] bool is_overlay_command(std::span<char* const> arguments) noexcept;

// Becomes `swebash-overlay` in `directory`. Returns only when it cannot: one sentence.
[[nodiscard]] std::string run_overlay_command(const std::string& directory,
                                              std::span<char* const> arguments);

}  // namespace swebash::shell
