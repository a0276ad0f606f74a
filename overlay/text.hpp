// SPDX-License-Identifier: Apache-2.0
//
// What a script made, as text for people: names and contents that may hold anything. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::overlay {

enum class Colour : u8 { no, yes };

// A name on one line: as it is, or quoted as git does ("a\nb") where it holds what would break the
// line or speak to a terminal.
[[nodiscard]] std::string quoted(std::string_view name);

// A line that a terminal shows and does not obey: control characters as ^X, or ? as what turns the
// direction of writing.
[[nodiscard]] std::string harmless(std::string_view line);

// "1.5 MB"; bytes below a thousand.
[[nodiscard]] std::string size_text(u64 bytes);

}  // namespace swebash::overlay
