// SPDX-License-Identifier: Apache-2.0
//
// The names that `[[.NAME.]]` has for characters: those of POSIX's portable character set, and the
// further ones of bash, whatever the locale.
#pragma once

#include <string_view>

namespace swebash::engine {

// Sets `code` to the character called `name`; false when none is.
[[nodiscard]] bool find_collating_symbol(std::string_view name, char32_t& code) noexcept;

}  // namespace swebash::engine
