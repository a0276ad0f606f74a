// SPDX-License-Identifier: Apache-2.0
//
// The parts of WASI preview 1 that the C and C++ libraries refer to, over our own syscalls: defined
// here they are no imports, so that engine.wasm imports swebash syscalls only. They are reached
// when the libraries give up (abort's message); the engine itself uses no stdio.

#include <cstdint>

#include "abi/guest.hpp"

namespace sys = swebash::sys;

namespace {

struct IoVector {
  const char* data;
  uint32_t size;
};

int32_t errno_of(swebash::i64 answer) { return answer < 0 ? static_cast<int32_t>(-answer) : 0; }

}  // namespace

// NOLINTBEGIN: the libc's names
extern "C" {

int32_t __imported_wasi_snapshot_preview1_fd_write(int32_t fd, int32_t vectors, int32_t count,
                                                   int32_t written) {
  uint32_t total = 0;
  const auto* vector = reinterpret_cast<const IoVector*>(vectors);
  for (int32_t i = 0; i < count; ++i) {
    const auto answer = sys::write(fd, vector[i].data, vector[i].size);
    if (answer < 0) return errno_of(answer);
    total += static_cast<uint32_t>(answer);
    if (static_cast<uint32_t>(answer) < vector[i].size) break;
  }
  *reinterpret_cast<uint32_t*>(written) = total;
  return 0;
}

int32_t __imported_wasi_snapshot_preview1_fd_close(int32_t fd) { return errno_of(sys::close(fd)); }

int32_t __imported_wasi_snapshot_preview1_fd_seek(int32_t fd, int64_t offset, int32_t whence,
                                                  int32_t out) {
  const auto answer = sys::seek(fd, offset, static_cast<uint32_t>(whence));
  if (answer < 0) return errno_of(answer);
  *reinterpret_cast<int64_t*>(out) = answer;
  return 0;
}

int32_t __imported_wasi_snapshot_preview1_fd_fdstat_get(int32_t, int32_t) {
  return static_cast<int32_t>(swebash::Errno::notsup);
}

void __imported_wasi_snapshot_preview1_proc_exit(int32_t status) { sys::exit(status); }

// setlocale() refers to it; the engine names its locales, and the environment is the shell's.
char* getenv(const char*) { return nullptr; }

// Debian's libraries are built with stack protection and bring no guard.
uintptr_t __stack_chk_guard = 0x57ac'c0de;
[[noreturn]] void __stack_chk_fail() { __builtin_trap(); }

}  // extern "C"
// NOLINTEND
