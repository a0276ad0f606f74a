// SPDX-License-Identifier: Apache-2.0
//
// The shell as a program: options, start-up files, and which commands are run.
#pragma once

namespace swebash::engine {

// Reads the task's arguments and environment (start_info), runs what they ask for and ends the
// task.
[[noreturn]] void run_main();

}  // namespace swebash::engine
