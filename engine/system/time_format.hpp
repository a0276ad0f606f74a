// SPDX-License-Identifier: Apache-2.0
//
// Times as text: strftime(3) of the C locale over the kernel's idea of a time zone.
//
// One call, one syscall; no state.
#pragma once

#include <string>
#include <string_view>

#include "abi/types.hpp"
#include "base/integers.hpp"

namespace swebash::engine {

// `seconds` since 1970 in the zone `zone` (a value of TZ; empty: the machine's own).
[[nodiscard]] abi::LocalTime local_time(i64 seconds, std::string_view zone);

// Appends `time` in `format`. `seconds` is what %s shows.
void append_time(std::string& out, std::string_view format, const abi::LocalTime& time,
                 i64 seconds);

}  // namespace swebash::engine
