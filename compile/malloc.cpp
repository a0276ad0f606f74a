// SPDX-License-Identifier: Apache-2.0
//
// malloc and its family for the static musl build of modcache-compile. A compile is some threads
// that make and drop millions of small blocks, and then the process ends: musl's allocator has one
// lock for all, and gives pages back that are wanted again at once.
//
// Each thread cuts spans of 64 KiB into blocks of one size class; a span's header tells the class,
// so a block has none. What a thread frees it keeps for itself, whoever made it; nothing is given
// back but what is larger than all classes, which is a mapping of its own.

#include <sys/mman.h>

#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/integers.hpp"

namespace modcache::compile {
namespace {

using swebash::u32;
using swebash::usize;

constexpr usize kSpan = usize{64} << 10;
// What is asked of the host at a time.
constexpr usize kPiece = usize{2} << 20;
// Four classes for each power of two above 64; below, every multiple of 16.
constexpr u32 kClasses = 4 + 4 * 14;
constexpr usize kLargestClass = usize{1} << 20;
// Blocks up to this size share a span.
constexpr usize kShared = kSpan / 4;
constexpr u32 kOwnMapping = ~u32{0};

// At the start of a span, or of a mapping.
struct alignas(64) Span {
  u32 size_class;
  usize length;  // of a mapping
};

struct Block {
  Block* next;
};

// What one thread has to give.
struct Store {
  Block* free[kClasses];
  char* fresh[kClasses];  // the rest of the span that was begun last
  char* fresh_end[kClasses];
  char* piece;
  char* piece_end;
};

constinit thread_local Store store{};

constexpr u32 class_of(usize size) noexcept {
  if (size <= 64) return size == 0 ? 0 : static_cast<u32>((size - 1) / 16);
  const auto log = static_cast<u32>(std::bit_width(size - 1)) - 1;
  return 4 + (log - 6) * 4 + static_cast<u32>(((size - 1) >> (log - 2)) & 3);
}

constexpr usize size_of(u32 size_class) noexcept {
  if (size_class < 4) return (usize{size_class} + 1) * 16;
  const u32 log = (size_class - 4) / 4 + 6;
  return (usize{4} + (size_class & 3) + 1) << (log - 2);
}

static_assert(class_of(64) == 3 && class_of(65) == 4 && size_of(4) == 80);
static_assert(class_of(kLargestClass) == kClasses - 1 && size_of(kClasses - 1) == kLargestClass);

Span* span_of(void* memory) noexcept {
  return reinterpret_cast<Span*>(reinterpret_cast<std::uintptr_t>(memory) & ~(kSpan - 1));
}

// `length` bytes at a multiple of `alignment`, a power of two.
char* map(usize length, usize alignment) noexcept {
  if (length > SIZE_MAX / 2 || alignment > SIZE_MAX / 4) return nullptr;
  void* mapping = mmap(nullptr, length + alignment, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return nullptr;
  auto* const begin = static_cast<char*>(mapping);
  const usize ahead = -reinterpret_cast<std::uintptr_t>(mapping) & (alignment - 1);
  if (ahead != 0) munmap(begin, ahead);
  munmap(begin + ahead + length, alignment - ahead);
  return begin + ahead;
}

// `length` bytes, a multiple of kSpan, at one.
char* take_spans(usize length) noexcept {
  if (static_cast<usize>(store.piece_end - store.piece) < length) {
    char* const piece = map(kPiece, kSpan);
    if (piece == nullptr) return map(length, kSpan);
    store.piece = piece;
    store.piece_end = piece + kPiece;
  }
  char* const spans = store.piece;
  store.piece += length;
  return spans;
}

void* begin_span(u32 size_class, usize size) noexcept {
  const bool shared = size <= kShared;
  const usize length = shared ? kSpan : (size + sizeof(Span) + kSpan - 1) & ~(kSpan - 1);
  char* const span = take_spans(length);
  if (span == nullptr) return nullptr;
  reinterpret_cast<Span*>(span)->size_class = size_class;
  char* const first = span + sizeof(Span);
  if (shared) {
    store.fresh[size_class] = first + size;
    store.fresh_end[size_class] = span + kSpan;
  }
  return first;
}

// A free block that is up to twice as large as asked for: those who ask double what they have, and
// come to each class in turn.
void* take_larger(u32 size_class) noexcept {
  for (u32 larger = size_class + 1; larger < kClasses && larger <= size_class + 4; ++larger) {
    if (Block* const block = store.free[larger]; block != nullptr) {
      store.free[larger] = block->next;
      return block;
    }
  }
  return nullptr;
}

void* map_alone(usize size, usize alignment) noexcept {
  const usize ahead = alignment < sizeof(Span) ? sizeof(Span) : alignment;
  // A block's header is looked for in the 64 KiB it lies in.
  if (size > SIZE_MAX / 2 || ahead >= kSpan) return nullptr;
  const usize length = ahead + size;
  char* const mapping = map(length, kSpan);
  if (mapping == nullptr) return nullptr;
  *reinterpret_cast<Span*>(mapping) = {kOwnMapping, length};
  return mapping + ahead;
}

usize room_of(void* memory) noexcept {
  const Span* const span = span_of(memory);
  if (span->size_class != kOwnMapping) return size_of(span->size_class);
  return span->length -
         static_cast<usize>(static_cast<char*>(memory) - reinterpret_cast<const char*>(span));
}

void* allocate(usize size) noexcept {
  void* memory = nullptr;
  if (size > kLargestClass) {
    memory = map_alone(size, 16);
  } else {
    const u32 size_class = class_of(size);
    if (Block* const block = store.free[size_class]; block != nullptr) {
      store.free[size_class] = block->next;
      return block;
    }
    const usize room = size_of(size_class);
    char* const fresh = store.fresh[size_class];
    if (static_cast<usize>(store.fresh_end[size_class] - fresh) >= room) {
      store.fresh[size_class] = fresh + room;
      return fresh;
    }
    if (room > kShared) memory = take_larger(size_class);
    if (memory == nullptr) memory = begin_span(size_class, room);
  }
  if (memory == nullptr) errno = ENOMEM;
  return memory;
}

void* allocate_aligned(usize size, usize alignment) noexcept {
  if (alignment <= 16) return allocate(size);
  void* const memory = map_alone(size, alignment);
  if (memory == nullptr) errno = ENOMEM;
  return memory;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  Span* const span = span_of(memory);
  if (span->size_class == kOwnMapping) {
    const int before = errno;
    munmap(span, span->length);
    errno = before;
    return;
  }
  auto* const block = static_cast<Block*>(memory);
  block->next = store.free[span->size_class];
  store.free[span->size_class] = block;
}

void* resize(void* memory, usize size) noexcept {
  if (memory == nullptr) return allocate(size);
  const usize held = room_of(memory);
  if (size <= held && size >= held / 4) return memory;
  void* const moved = allocate(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, held < size ? held : size);
  release(memory);
  return moved;
}

}  // namespace
}  // namespace modcache::compile

extern "C" {

void* malloc(size_t size) { return modcache::compile::allocate(size); }
void free(void* memory) { modcache::compile::release(memory); }
void* realloc(void* memory, size_t size) { return modcache::compile::resize(memory, size); }
void* aligned_alloc(size_t alignment, size_t size) {
  return modcache::compile::allocate_aligned(size, alignment);
}
void* memalign(size_t alignment, size_t size) {
  return modcache::compile::allocate_aligned(size, alignment);
}
size_t malloc_usable_size(void* memory) {
  return memory == nullptr ? 0 : modcache::compile::room_of(memory);
}

void* calloc(size_t count, size_t size) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* memory = malloc(bytes);
  if (memory != nullptr && bytes <= modcache::compile::kLargestClass) std::memset(memory, 0, bytes);
  return memory;
}

int posix_memalign(void** out, size_t alignment, size_t size) {
  const int before = errno;
  *out = modcache::compile::allocate_aligned(size, alignment);
  errno = before;
  return *out == nullptr ? ENOMEM : 0;
}

// musl's fork() calls it; there is nothing to lock.
void __malloc_atfork(int) {}

}  // extern "C"
