// SPDX-License-Identifier: Apache-2.0
//
// A directory of the host as a file system of sessions, which is never left.
//
// Each node holds the file that it is by a descriptor (O_PATH), and names are looked up in that,
// one component at a time and without following links; those are the mount table's to resolve. So
// whatever is renamed or put in the place of something meanwhile, a walk goes from what it holds to
// what that has in it. Regular files are opened; devices, fifos and sockets are not, since reading
// one could act on the host or wait for ever. Thread-safe.
#pragma once

#include <string_view>

#include "kernel/vfs/node.hpp"

namespace swebash::kernel::fs {

// The directory that `path` names on the host now.
// Errors: those of open(2); Errno::notdir.
[[nodiscard]] SysResult<vfs::NodeRef> open_host_directory(std::string_view path);

}  // namespace swebash::kernel::fs
