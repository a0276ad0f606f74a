// SPDX-License-Identifier: Apache-2.0
//
// The swebash syscalls as rows of host functions, derived from abi/syscalls.def: name, wasm
// signature, and an entry that decodes the wire values, finds the calling task, calls the handler
// and encodes its answer.
#pragma once

#include <span>

#include "wasm/values.hpp"

namespace swebash::kernel::guest {

// All rows, sorted as the table is. They live as long as the program.
[[nodiscard]] std::span<const wasm::HostFunction> syscall_rows() noexcept;

// For each import of the engine that this program was built with, in that engine's order, the
// number of its row.
[[nodiscard]] std::span<const u8> engine_imports() noexcept;

}  // namespace swebash::kernel::guest
