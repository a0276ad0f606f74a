// SPDX-License-Identifier: Apache-2.0
//
// The programs that `--allow-run` names, with what the kernel opens to run them.
//
// A guard rail and no wall: a listed program that is linked dynamically has its loader listed too,
// and that can be told to run any program that can be read. Called once, before anything is
// enforced.
#pragma once

#include "kernel/confine/places.hpp"

namespace swebash::kernel::confine {

// Adds the files of `names`, paths or words found by `search_path`, to `places.programs`:
// themselves, the interpreter of a script, the loader of an ELF program (elf(5), PT_INTERP).
// Errors: a name that is no program.
[[nodiscard]] Result<void, Fault> add_programs(Places& places,
                                               const std::vector<std::string>& names,
                                               std::string_view search_path);

}  // namespace swebash::kernel::confine
