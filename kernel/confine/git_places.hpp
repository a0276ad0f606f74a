// SPDX-License-Identifier: Apache-2.0
//
// What git needs of a workspace, and what it must not get from one.
//
// git runs the programs in `.git/hooks`, those that `core.hooksPath` names, and what `.git/config`
// says: whoever can write there has the user run it later, outside. So these are read-only within
// the workspace. A linked worktree keeps its repository elsewhere (gitrepository-layout(5)): that
// place is writable too, if it names the worktree in return; a `.git` file that a script left
// cannot open anything else. Called once, before anything is enforced.
#pragma once

#include "kernel/confine/places.hpp"

namespace swebash::kernel::confine {

// Adds to `places.writable` and `places.kept`. `home`: where the user's own settings of git are.
// Errors: a folder of hooks that cannot be made.
[[nodiscard]] Result<void, Fault> add_git_places(Places& places, const std::string& home);

// What `text`, a file of git's settings, has for core.hooksPath; empty when it has none. Pure.
[[nodiscard]] std::string hooks_path_in(std::string_view text);

}  // namespace swebash::kernel::confine
