// SPDX-License-Identifier: Apache-2.0
//
// ExitStatus: how a command ended, as `$?` says it.
#pragma once

#include "base/integers.hpp"

namespace swebash::engine {

// 0 to 255.
using ExitStatus = i32;
inline constexpr ExitStatus kSuccess = 0, kFailure = 1, kUsage = 2;

}  // namespace swebash::engine
