// SPDX-License-Identifier: Apache-2.0
//
// The session's own folder for temporary files, where there is no view to have one in.
//
// BASE/swebash-UID/NAME, 0700. It is locked (flock(2)) for as long as the session lives; a folder
// that nobody has locked was left by one that was killed, and the next session removes it. Called
// once, before anything is enforced.
#pragma once

#include <string>

#include "base/result.hpp"

namespace swebash::kernel::confine {

struct TemporaryFolder {
  std::string path;
  int lock;  // the folder itself; close-on-exec; held until the process ends
};

// Makes one below `base`, after what others left there is removed.
// Errors: the host's errno.
[[nodiscard]] Result<TemporaryFolder, int> make_temporary_folder(const std::string& base);

// Removes what is in the open folder `folder`, from where its list of names was last read. Follows
// no link; what cannot be removed stays.
void remove_all_in(int folder) noexcept;

}  // namespace swebash::kernel::confine
