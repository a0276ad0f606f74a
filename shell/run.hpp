// SPDX-License-Identifier: Apache-2.0
//
// run_shell(): the program from its arguments to its end, whatever makes its engine ready.
//
// Called once, on the main thread. The engine's loader is given, so that a program that has another
// way to the engine is the same shell in all else (bench/reference_host).
#pragma once

#include "base/result.hpp"
#include "kernel/guest/engine_loader.hpp"

namespace swebash::shell {

using EngineLoader = Result<kernel::guest::LoadedEngine, kernel::guest::EngineFault> (*)(
    const kernel::guest::EngineRequest&);

// Runs the shell with these arguments and this environment, and ends the process as it ended; or
// the status to leave with, where it could not be started. What is wrong is said on standard error.
// Requires: all three live as long as the process.
[[nodiscard]] int run_shell(int argc, char** argv, char** envp, EngineLoader load_engine);

}  // namespace swebash::shell
