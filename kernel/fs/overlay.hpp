// SPDX-License-Identifier: Apache-2.0
//
// Overlay: one tree of files that is read, and another above it that takes what is written.
//
// What is written to is copied up first: a file whole, a directory without what is in it. What is
// removed leaves a whiteout above, a name that is there to say that nothing is; a directory that is
// made where one was removed is marked as hiding what the lower one has. Both marks are links of
// the upper tree whose text no link can have. The lower tree is never changed; somebody else may
// change it meanwhile, and what was not copied up shows that. A directory below cannot be renamed
// (Errno::xdev, after which mv copies). Thread-safe: a lock for each overlay's changes.
#pragma once

#include "kernel/vfs/node.hpp"

namespace swebash::kernel::fs {

// `upper` is the root of an empty memory file system, or of one that was above `lower` before.
[[nodiscard]] vfs::NodeRef overlay(vfs::NodeRef lower, vfs::NodeRef upper);

}  // namespace swebash::kernel::fs
