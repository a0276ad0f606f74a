// SPDX-License-Identifier: Apache-2.0
//
// The versions that the shell tells scripts and users.
#pragma once

#include <string_view>

namespace swebash::engine {

inline constexpr std::string_view kVersion = "0.1.0";
// The bash whose language this is: what scripts check for features.
inline constexpr std::string_view kBashVersion = "5.2.15(1)-release";

}  // namespace swebash::engine
