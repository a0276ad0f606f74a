// SPDX-License-Identifier: Apache-2.0
//
// A session at a prompt: it shows prompts, reads commands from standard input, keeps the history
// and goes on after ^C, errors and faults.
//
// A fault of the engine itself (memory that ran out, a trap) ends the command it happened in, not
// the session: each command runs under sys::guard, and what the shell knew before it is there
// again. Scripts do not pay for that. Line editing is the terminal's own. Not thread-safe.
#pragma once

#include "engine/interpreter/exec.hpp"
#include "engine/syntax/parser.hpp"

namespace swebash::engine {

// Takes the terminal and catches its signals. Requires: the shell is interactive.
void set_up_session(Shell& shell);

// Runs a session until its end; how it ended is Flow::exit.
Flow run_session(Executor& executor);

}  // namespace swebash::engine
