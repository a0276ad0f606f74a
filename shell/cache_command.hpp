// SPDX-License-Identifier: Apache-2.0
//
// `swebash cache ...`: hands over to the program `modcache`, with the shell's own settings.
//
// The word is a subcommand only as the first operand and only when the program is called `swebash`:
// `sh cache`, `swebash ./cache` and `swebash -- cache` run a script of that name.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace swebash::shell {

// Whether `arguments`, argv without the program's own flags, ask for the cache's program.
[[nodiscard]] bool is_cache_command(std::span<char* const> arguments) noexcept;

// The same for any subcommand.
[[nodiscard]] bool is_subcommand(std::span<char* const> arguments,
                                 std::string_view command) noexcept;

// Becomes `modcache` in `directory`, for the cache and the engine configuration of the shell.
// Returns only when it cannot: one sentence.
[[nodiscard]] std::string run_cache_command(const std::string& directory,
                                            std::span<char* const> arguments);

}  // namespace swebash::shell
