// SPDX-License-Identifier: Apache-2.0
//
// The syscalls as a guest calls them: `swebash::sys::open(...)` and so on, from syscalls.def.
//
// Compiled to wasm they are imports of module "swebash"; compiled natively (unit tests, sanitizers,
// fuzzers) they are functions that engine/native/ defines over POSIX. Pointers are checked by the
// kernel; a bad one is Errno::fault.
#pragma once

#ifndef SWEBASH_GUEST
#error "abi/guest.hpp is for guests: compile with SWEBASH_GUEST"
#endif

#include "abi/errno.hpp"
#include "abi/types.hpp"

#ifdef __wasm__
#define SWEBASH_IMPORT(name) __attribute__((import_module("swebash"), import_name(#name)))
#else
#define SWEBASH_IMPORT(name)
#endif

namespace swebash::sys {

#define SWEBASH_SYSCALL(family, name, summary, ...) \
  SWEBASH_IMPORT(name) i64 name(__VA_ARGS__) noexcept;
#include "abi/syscalls.def"
#undef SWEBASH_SYSCALL

}  // namespace swebash::sys
