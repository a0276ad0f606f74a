// SPDX-License-Identifier: Apache-2.0
//
// run_main_task(): the program's main task, on a stack that is deep enough for it.
//
// The host's main thread has what RLIMIT_STACK says, which may be little, and whose end nothing
// here can know for sure. So the main task's code runs on memory of ours instead; it is taken from
// the host page by page as it is used. Clones that run on the parent's thread go on from there.
#pragma once

#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

// Runs `task` to its end on the calling thread, the process's main one.
[[nodiscard]] ExitState run_main_task(WasmTask& task);

}  // namespace swebash::kernel::guest
