// SPDX-License-Identifier: Apache-2.0
//
// Value: what a variable of a script holds: a text, an indexed array, which may have gaps, or an
// associative array. A plain value; texts are bytes without NULs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

namespace swebash {

using IndexedArray = std::map<std::int64_t, std::string>;
using AssociativeArray = std::map<std::string, std::string>;
using Value = std::variant<std::string, IndexedArray, AssociativeArray>;

}  // namespace swebash
