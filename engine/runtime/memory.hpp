// SPDX-License-Identifier: Apache-2.0
//
// Where the engine's memory ends, for sys::clone and sys::guard, and what happens when there is
// none.
#pragma once

namespace swebash::engine {

// The first address above everything that is in use; nullptr in a native build, whose clones are
// the host's forks. It is right until the next allocation.
[[nodiscard]] void* heap_end() noexcept;

// What `new` does when there is no more memory: the task ends, or the command at a prompt, and the
// kernel says why. For std::set_new_handler().
void report_refused_memory();

}  // namespace swebash::engine
