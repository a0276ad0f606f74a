// SPDX-License-Identifier: Apache-2.0
//
// Helper processes: children of the host that share its memory, run nothing but system calls of
// their own, and hold no descriptor. GroupProxy and Guardian are such.
//
// What a helper runs must be SWEBASH_IN_HELPER and use helper_call(): no C library (errno is the
// variable of the thread that made it), no allocation, no lock, no sanitizer's books.
#pragma once

#include <sys/types.h>

#include "base/integers.hpp"

#if defined(__clang__)
#define SWEBASH_IN_HELPER __attribute__((disable_sanitizer_instrumentation, no_stack_protector))
#else
#define SWEBASH_IN_HELPER __attribute__((no_stack_protector))
#endif

#if defined(__x86_64__)
#define SWEBASH_HAS_HELPERS 1
#endif

namespace swebash::kernel {

inline constexpr u64 kAllSignals = ~u64{0};

// Starts `main(argument)` on the stack that ends at `stack_top` (a multiple of 16) in a process
// that has all signals blocked; it must not return. Its pid, or -1 and errno.
[[nodiscard]] pid_t start_helper(void* stack_top, int (*main)(void*), void* argument) noexcept;

// Notes from now on which processes are helpers, those of processes that are forked from this one
// as well.
void note_helpers() noexcept;
// Whether `pid` was noted, and takes note of those that are gone.
[[nodiscard]] bool is_noted_helper(pid_t pid) noexcept;
// Makes up to `count` more processes no part of the session that cannot be noted, since they are,
// or start, in a pid namespace.
void expect_helpers(u32 count) noexcept;
// Helpers that are not noted: those expected, and those that will be the next moment.
[[nodiscard]] u32 unnoted_helpers() noexcept;

#if defined(SWEBASH_HAS_HELPERS)
SWEBASH_IN_HELPER inline long helper_call(long number, long a = 0, long b = 0, long c = 0,
                                          long d = 0, long e = 0) noexcept {
  register long fourth asm("r10") = d;
  register long fifth asm("r8") = e;
  long result = number;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth)
               : "rcx", "r11", "memory");
  return result;
}
#endif

}  // namespace swebash::kernel
