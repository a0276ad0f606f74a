// SPDX-License-Identifier: Apache-2.0
//
// The options of a builtin, read out of its synopsis (builtins.def). No state.
#pragma once

#include <string>
#include <vector>

#include "engine/interpreter/builtin_table.hpp"

namespace swebash::engine {

struct BuiltinOption {
  std::string name;         // with its hyphen
  std::string description;  // what it takes, or the builtin's summary
};

[[nodiscard]] std::vector<BuiltinOption> options_of(const Builtin& builtin);

}  // namespace swebash::engine
