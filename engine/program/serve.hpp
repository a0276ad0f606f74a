// SPDX-License-Identifier: Apache-2.0
//
// A session in a library: a shell that is called once for each request and holds no stack between
// two of them, so that its memory is all it is (ADR 5).
#pragma once

namespace swebash::engine {

// Makes the shell, from what start_info() says. Comes back.
void open_session();
// Does what session_request() asks for and answers it. Comes back, unless the task was ended.
// Requires: open_session() was called, in this memory or in the one that it was copied from.
void serve_session();

}  // namespace swebash::engine
