// SPDX-License-Identifier: Apache-2.0
//
// Copying between file systems, whatever they are: the bytes of a file, or all files below a
// directory.
#pragma once

#include "kernel/vfs/mounts.hpp"

namespace swebash::kernel::vfs {

// Writes all bytes of `from` to `to`, regular files, from the beginning.
[[nodiscard]] SysResult<void> copy_bytes(Node& from, Node& to);

// Makes what is below `from`, mounts included, below `to` as well: directories, regular files and
// links, with their permissions and times. A directory joins one that is there; anything else takes
// the place of what has its name. Devices, fifos and sockets are left out. Links are not followed.
// Errors: those of the file systems; Errno::exist for a file in the place of a directory, or the
// other way round. What was copied so far stays.
[[nodiscard]] SysResult<void> copy_files(const PlaceRef& from, const NodeRef& to);

}  // namespace swebash::kernel::vfs
