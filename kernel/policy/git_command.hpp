// SPDX-License-Identifier: Apache-2.0
//
// git_branches(): the branches that a git command line is about to change, as far as its words and
// `.git/HEAD` say: git's aliases, GIT_DIR and settings of push are not asked for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace swebash::kernel {

struct GitBranches {
  std::vector<std::string> names;
  bool all = false;  // every branch there is
};

// `words`: the command line, `git` itself first. `directory`: where it would run.
[[nodiscard]] GitBranches git_branches(std::span<const std::string_view> words,
                                       const std::string& directory);

}  // namespace swebash::kernel
