// SPDX-License-Identifier: Apache-2.0
//
// malloc and its family for engine.wasm, over the engine's Heap; the libc's own, which never gives
// memory back, is not linked.

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "abi/guest.hpp"
#include "base/heap.hpp"
#include "engine/system/memory.hpp"

extern "C" char __heap_base;  // NOLINT: the linker's name

namespace swebash::engine {
namespace {

constinit Heap heap;
bool started = false;

constexpr u64 kPage = 65536;

bool grow(char* end) {
  // In 64 bits: the last page ends where 32 do.
  const u64 pages = (u64{reinterpret_cast<usize>(end)} + kPage - 1) / kPage;
  const u64 now = __builtin_wasm_memory_size(0);
  if (pages <= now) return true;
  const i64 grown = sys::memory_grow(static_cast<i64>(pages * kPage));
  // Memory that has moved was copied, with pages that nobody needed.
  if (grown > 0) heap.give_back();
  return grown >= 0;
}

void discard(char* memory, usize size) { sys::memory_discard(memory, static_cast<u32>(size)); }

Heap& the_heap() {
  if (!started) {
    started = true;
    const usize base = (reinterpret_cast<usize>(&__heap_base) + 15) & ~usize{15};
    heap.start(reinterpret_cast<char*>(base),
               reinterpret_cast<char*>(static_cast<usize>(__builtin_wasm_memory_size(0) * kPage)),
               grow, discard);
  }
  return heap;
}

}  // namespace

const abi::LiveMemory* live_memory() noexcept {
  static abi::LiveMemory live;
  const auto address = [](const char* at) { return static_cast<u32>(reinterpret_cast<usize>(at)); };
  live.end = address(the_heap().end());
  Heap::Gap gaps[abi::kMaxGaps];
  live.gap_count = static_cast<u32>(heap.gaps(gaps));
  for (u32 i = 0; i < live.gap_count; ++i) {
    live.gaps[i] = {address(gaps[i].low), address(gaps[i].high)};
  }
  return &live;
}

// What could not be had, for `new`, which asks its handler without saying how much it was.
u32 refused = 0;

void report_refused_memory() {
  sys::out_of_memory(refused);
  __builtin_trap();
}

}  // namespace swebash::engine

using swebash::engine::the_heap;

extern "C" {

void* malloc(size_t size) {
  void* memory = the_heap().allocate(size);
  if (memory == nullptr) {
    errno = ENOMEM;
    swebash::engine::refused = size;
  }
  return memory;
}

void free(void* memory) { the_heap().release(memory); }

void* calloc(size_t count, size_t size) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* memory = malloc(bytes);
  if (memory != nullptr) std::memset(memory, 0, bytes);
  return memory;
}

void* realloc(void* memory, size_t size) {
  void* moved = the_heap().resize(memory, size);
  if (moved == nullptr) errno = ENOMEM;
  return moved;
}

void* aligned_alloc(size_t alignment, size_t size) {
  return the_heap().allocate_aligned(size, alignment);
}

int posix_memalign(void** out, size_t alignment, size_t size) {
  *out = the_heap().allocate_aligned(size, alignment);
  return *out == nullptr ? ENOMEM : 0;
}

size_t malloc_usable_size(void* memory) {
  return memory == nullptr ? 0 : swebash::Heap::room(memory);
}

// The libc's own functions call these; where one is missing, its allocator would be linked after
// all.
void* __libc_malloc(size_t size) { return malloc(size); }  // NOLINT: the libc's names
void* __libc_calloc(size_t count, size_t size) { return calloc(count, size); }  // NOLINT
void __libc_free(void* memory) { free(memory); }                                // NOLINT

}  // extern "C"
