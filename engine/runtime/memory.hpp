// SPDX-License-Identifier: Apache-2.0
//
// Where the engine's memory ends, for sys::clone and sys::guard.
#pragma once

namespace swebash::engine {

// The first address above everything that is in use; nullptr in a native build, whose clones are
// the host's forks. It is right until the next allocation.
[[nodiscard]] void* heap_end() noexcept;

}  // namespace swebash::engine
