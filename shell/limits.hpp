// SPDX-License-Identifier: Apache-2.0
//
// The limits of a session, from the program's settings. Pure.
#pragma once

#include <string>

#include "base/result.hpp"
#include "kernel/limits.hpp"
#include "shell/settings.hpp"

namespace swebash::shell {

// Puts those limits that `settings` has into `limits`.
// Errors: a sentence, for a text that is no number of its kind.
[[nodiscard]] Result<void, std::string> set_limits(const Settings& settings,
                                                   kernel::Limits& limits);

}  // namespace swebash::shell
