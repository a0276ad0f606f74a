// SPDX-License-Identifier: Apache-2.0
//
// Changing the working directory, for cd, pushd and popd.
#pragma once

#include <string>
#include <string_view>

#include "engine/interpreter/shell.hpp"

namespace swebash::engine::builtins {

enum class DirectoryMode : u8 { logical, physical };

struct DirectoryChange {
  i64 answer = 0;     // or minus an errno: nothing was changed
  bool named = true;  // the system could say the new directory's path, where it was asked
};

// Goes to `path` and keeps PWD and OLDPWD.
DirectoryChange change_directory(Shell& shell, std::string_view path, DirectoryMode mode);

// `path` seen from `base`, without "." and "..".
[[nodiscard]] std::string logical_path(std::string_view base, std::string_view path);

}  // namespace swebash::engine::builtins
