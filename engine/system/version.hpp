// SPDX-License-Identifier: Apache-2.0
//
// The versions that the shell tells scripts and users.
#pragma once

#include <string_view>

namespace swebash::engine {

// The build takes it from here.
inline constexpr std::string_view kVersion = "0.1.0";

// The bash whose language this is: what scripts check for features. And without its build; and
// without its patch level.
inline constexpr std::string_view kBashVersion = "5.2.15(1)-release";
inline constexpr std::string_view kBashRelease = kBashVersion.substr(0, kBashVersion.find('('));
inline constexpr std::string_view kBashMinor = kBashRelease.substr(0, kBashRelease.rfind('.'));

}  // namespace swebash::engine
