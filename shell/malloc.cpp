// SPDX-License-Identifier: Apache-2.0
//
// malloc and its family for our static musl programs, over Heap: musl's own doubles what loading a
// module takes, and the larger allocators pay at start for what a shell never uses.
//
// Small blocks come from one Heap above the program break, under one lock; large ones are mappings
// of their own. Rust's allocator in the same program calls these too. What is freed stays the
// heap's until somebody with time calls malloc_trim(), as in the GNU library.

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/heap.hpp"

namespace swebash {
namespace {

constexpr usize kLarge = usize{1} << 20;
// A mapping starts with its length, in as much room as keeps what follows aligned.
constexpr usize kMappingHeader = 16;
constexpr usize kBreakStep = 256u << 10;
// More than this between the heap's end and the break is given back to the host.
constexpr usize kMostSpare = usize{1} << 20;
// The heap's first pages are had some at a time, since each costs a third of a page fault's time
// then; and not all of them at once, since a program that needs few is to have few.
constexpr usize kPopulated = 32u << 10;
constexpr usize kPopulatedAtMost = 256u << 10;

constinit Heap heap;
usize populated = 0;  // bytes of the heap's range that need no page fault
std::atomic<bool> locked = false;
std::uintptr_t heap_base = 0;
std::uintptr_t heap_limit = 0;

// musl's own, the start of its `struct __libc`: whether there is, or just was, a second thread.
extern "C" {
struct MuslState {
  char can_do_threads, threaded, secure;
  volatile signed char need_locks;
};
extern MuslState __libc __attribute__((visibility("hidden")));
}

// As musl's allocator does, it leaves atomic operations out where there is one thread.
class Lock {
 public:
  Lock() noexcept : held_(__libc.need_locks != 0) {
    if (!held_) return;
    int spins = 0;
    while (locked.exchange(true, std::memory_order_acquire)) {
      while (locked.load(std::memory_order_relaxed)) {
        if (++spins % 64 == 0) syscall(SYS_sched_yield);
      }
    }
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    if (held_) locked.store(false, std::memory_order_release);
  }

 private:
  const bool held_;
};

void take_for_fork(int who) noexcept {
  if (who >= 0) {
    locked.store(false, std::memory_order_release);
    return;
  }
  while (locked.exchange(true, std::memory_order_acquire)) syscall(SYS_sched_yield);
}

std::uintptr_t set_break(std::uintptr_t address) noexcept {
  return static_cast<std::uintptr_t>(syscall(SYS_brk, address));
}

bool grow(char* end) {
  const auto wanted =
      (reinterpret_cast<std::uintptr_t>(end) + kBreakStep - 1) & ~std::uintptr_t{kBreakStep - 1};
  if (wanted <= heap_limit) return true;
  if (set_break(wanted) < wanted) return false;
  heap_limit = wanted;
  return true;
}

// Sees to the pages of the next `size` bytes, and starts the heap. Requires: the lock.
void populate(usize size) noexcept {
  if (heap_base == 0) {
    heap_base = (set_break(0) + 15) & ~std::uintptr_t{15};
    heap_limit = heap_base;
    auto* base = reinterpret_cast<char*>(heap_base);
    heap.start(base, base, grow);
  }
  const usize extent = heap.extent();
  if (extent > kPopulatedAtMost) {
    populated = SIZE_MAX;
    return;
  }
  if (size >= kPopulated) {
    populated = extent + size;
    return;
  }
  // The kernel's pages start at a multiple of their size; an older kernel refuses, and faults do.
  constexpr std::uintptr_t kPage = 4096;
  const std::uintptr_t start = (heap_base + std::max(populated, extent)) & ~(kPage - 1);
  if (!grow(reinterpret_cast<char*>(start + kPopulated))) return;
  const int before = errno;
  constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, which musl's header lacks.
  madvise(reinterpret_cast<void*>(start), kPopulated, kPopulateWrite);
  errno = before;
  populated = start + kPopulated - heap_base;
}

// Gives the host back the large ranges of the heap that are free. Requires: the lock.
void give_back() noexcept {
  const int before = errno;
  const auto end = reinterpret_cast<std::uintptr_t>(heap.end());
  if (heap_limit >= end + kMostSpare) {
    const auto wanted = (end + kMostSpare / 2) & ~std::uintptr_t{kBreakStep - 1};
    if (set_break(wanted) == wanted) {
      heap_limit = wanted;
      heap.lower_limit(reinterpret_cast<char*>(wanted));
    }
  }
  constexpr usize kMostGaps = 16;
  constexpr std::uintptr_t kPage = 4096;
  Heap::Gap gaps[kMostGaps];
  for (const Heap::Gap& gap : std::span(gaps, heap.gaps(gaps))) {
    const auto low = (reinterpret_cast<std::uintptr_t>(gap.low) + kPage - 1) & ~(kPage - 1);
    const auto high = reinterpret_cast<std::uintptr_t>(gap.high) & ~(kPage - 1);
    madvise(reinterpret_cast<void*>(low), high - low, MADV_DONTNEED);
  }
  errno = before;
}

// Whether `memory` is the heap's. heap_base is set before any of it is handed out, and what is not
// the heap's lies elsewhere whatever the limit.
bool in_heap(const void* memory) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  return address >= heap_base && address < heap_limit;
}

void* map_large(usize size) noexcept {
  if (size > ~usize{0} - kMappingHeader) return nullptr;
  const usize length = size + kMappingHeader;
  void* mapping = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) return nullptr;
  std::memcpy(mapping, &length, sizeof length);
  return static_cast<char*>(mapping) + kMappingHeader;
}

char* mapping_of(void* memory) noexcept { return static_cast<char*>(memory) - kMappingHeader; }

usize mapping_length(void* memory) noexcept {
  usize length = 0;
  std::memcpy(&length, mapping_of(memory), sizeof length);
  return length;
}

void* allocate(usize size, usize alignment) noexcept {
  void* memory = nullptr;
  if (size >= kLarge && alignment <= kMappingHeader) {
    memory = map_large(size);
  } else {
    Lock lock;
    if (heap.extent() + size >= populated) populate(size);
    memory = heap.allocate_aligned(size, alignment);
  }
  if (memory == nullptr) errno = ENOMEM;
  return memory;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  Lock lock;
  if (in_heap(memory)) {
    heap.release(memory);
  } else {
    const int before = errno;
    munmap(mapping_of(memory), mapping_length(memory));
    errno = before;
  }
}

usize room_of(void* memory) noexcept {
  Lock lock;
  return in_heap(memory) ? Heap::room(memory) : mapping_length(memory) - kMappingHeader;
}

void* resize(void* memory, usize size) noexcept {
  if (memory == nullptr) return allocate(size, 16);
  {
    Lock lock;
    if (in_heap(memory)) {
      if (size < kLarge) {
        void* moved = heap.resize(memory, size);
        if (moved == nullptr) errno = ENOMEM;
        return moved;
      }
    } else if (size >= kLarge && size <= ~usize{0} - kMappingHeader) {
      const usize length = size + kMappingHeader;
      void* mapping = mremap(mapping_of(memory), mapping_length(memory), length, MREMAP_MAYMOVE);
      if (mapping == MAP_FAILED) return nullptr;
      std::memcpy(mapping, &length, sizeof length);
      return static_cast<char*>(mapping) + kMappingHeader;
    }
  }
  void* moved = allocate(size, 16);
  if (moved == nullptr) return nullptr;
  const usize held = room_of(memory);
  std::memcpy(moved, memory, held < size ? held : size);
  release(memory);
  return moved;
}

}  // namespace
}  // namespace swebash

extern "C" {

void* malloc(size_t size) { return swebash::allocate(size, 16); }
void free(void* memory) { swebash::release(memory); }
void* realloc(void* memory, size_t size) { return swebash::resize(memory, size); }
void* aligned_alloc(size_t alignment, size_t size) { return swebash::allocate(size, alignment); }
void* memalign(size_t alignment, size_t size) { return swebash::allocate(size, alignment); }
size_t malloc_usable_size(void* memory) { return memory == nullptr ? 0 : swebash::room_of(memory); }

int malloc_trim(size_t) {
  swebash::Lock lock;
  swebash::give_back();
  return 1;
}

void* calloc(size_t count, size_t size) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* memory = malloc(bytes);
  if (memory != nullptr && bytes < swebash::kLarge) std::memset(memory, 0, bytes);
  return memory;
}

int posix_memalign(void** out, size_t alignment, size_t size) {
  const int before = errno;
  *out = swebash::allocate(size, alignment);
  errno = before;
  return *out == nullptr ? ENOMEM : 0;
}

// musl's fork() calls it before it (-1), and after it in the parent (0) and in the child (1).
void __malloc_atfork(int who) { swebash::take_for_fork(who); }

}  // extern "C"
