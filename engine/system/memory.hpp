// SPDX-License-Identifier: Apache-2.0
//
// What of the engine's memory is in use, for sys::clone and sys::guard, and what happens when there
// is none.
#pragma once

#include "abi/types.hpp"

namespace swebash::engine {

// What is in use; nullptr in a native build, whose clones are the host's forks. It is right until
// the next allocation, and the same object each time.
[[nodiscard]] const abi::LiveMemory* live_memory() noexcept;

// What `new` does when there is no more memory: the task ends, or the command at a prompt, and the
// kernel says why. For std::set_new_handler().
void report_refused_memory();

}  // namespace swebash::engine
