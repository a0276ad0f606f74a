// SPDX-License-Identifier: Apache-2.0
//
// What a name stands for, as `type` and `command -v` say it.
#pragma once

#include <string_view>

#include "engine/interpreter/builtin.hpp"

namespace swebash::engine::builtins {

enum class TypeForm : u8 { reusable, sentence };

// Writes what `name` stands for; false, with nothing written, when it stands for nothing.
bool describe_command(Invocation& invocation, std::string_view name, TypeForm form,
                      bool standard_path);

[[nodiscard]] bool is_reserved_word(std::string_view word) noexcept;

}  // namespace swebash::engine::builtins
