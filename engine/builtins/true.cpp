// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {

ExitStatus true_(Invocation&) { return kSuccess; }
ExitStatus false_(Invocation&) { return kFailure; }
ExitStatus colon(Invocation&) { return kSuccess; }

}  // namespace swebash::engine::builtins
