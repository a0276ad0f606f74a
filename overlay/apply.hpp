// SPDX-License-Identifier: Apache-2.0
//
// apply(): takes the changes of an overlay into its workspace.
//
// Each file gets into its place by one rename(2), with its mode and times; names of one file stay
// names of one. What has changed underneath is never written over: where something that is wanted
// has, nothing is applied. It may be interrupted anywhere and done again: what is in its place
// already is no change then, and what was not yet is found by its name and removed. Called once, by
// a process that has the folder's lock.
#pragma once

#include <string>
#include <vector>

#include "overlay/changes.hpp"

namespace swebash::overlay {

struct Outcome {
  usize applied = 0;
  // By path: what was not applied, and why.
  std::vector<Change> conflicts;  // then nothing was
  std::vector<Change> failed;
  bool done = false;  // nothing is left, and the overlay is gone
};

// Applies what lies at or below `wanted` (paths below the workspace), or all where that is empty.
// Requires: the folder is locked.
[[nodiscard]] Outcome apply(const Folder& folder, const Layers& layers,
                            const std::vector<std::string>& wanted);

// Whether `path` is one of `wanted` or lies below one; any is where that is empty. Pure.
[[nodiscard]] bool is_wanted(const std::string& path, const std::vector<std::string>& wanted);

}  // namespace swebash::overlay
