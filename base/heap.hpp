// SPDX-License-Identifier: Apache-2.0
//
// Heap: a small allocator whose end goes down again when memory is freed; the engine's, and in the
// musl build the host's too.
//
// A clone copies the engine's memory up to the heap's end (ADR 2), so
// the end is what every subshell pays for: free neighbours merge at once, and what is free at the
// end is given back to the end. And a start-up pays for what an allocator sets up: this one sets up
// nothing. Layout: chunks of a multiple of 16 bytes, each with a header of 8; free ones in bins by
// size (exact below 512 bytes, four per power of two above), found by a bitmap; small ones that
// were just freed stay whole in quick bins for the next request of that size. Not thread-safe: a
// task has one thread. It owns no memory: the range is its owner's, and grows by asking `Grow`.
#pragma once

#include <span>

#include "base/integers.hpp"

namespace swebash {

class Heap {
 public:
  // Makes the range at least `end` long (an address); false when it cannot.
  using Grow = bool (*)(char* end);
  // Gives a range's pages back to the host, if it can: nobody needs what it holds.
  using Discard = void (*)(char* memory, usize size);
  // What is freed is offered to that, once kKept bytes are kept for the next who asks: a loop that
  // makes and drops a large string has the same pages each time. A block of kLarge bytes is offered
  // by itself; when smaller ones come to as much, all that is free in large ranges.
  static constexpr usize kLarge = usize{1} << 20;
  static constexpr usize kKept = usize{32} << 20;

  // A heap in the range that starts at `base`, a multiple of 16.
  constexpr Heap() noexcept = default;
  void start(char* base, char* limit, Grow grow, Discard discard = nullptr) noexcept;

  // `size` bytes at a multiple of 16, or nullptr.
  [[nodiscard]] void* allocate(usize size) noexcept;
  // The same at a multiple of `alignment`, a power of two.
  [[nodiscard]] void* allocate_aligned(usize size, usize alignment) noexcept;
  // Takes back what allocate() gave; nullptr is nothing.
  void release(void* memory) noexcept;
  // `memory` with room for `size` bytes, moved if need be; nullptr (and `memory` as it was) when
  // there is no room.
  [[nodiscard]] void* resize(void* memory, usize size) noexcept;
  // How many bytes `memory` has room for.
  [[nodiscard]] static usize room(const void* memory) noexcept;

  // Offers the free ranges of kLeastGap bytes and more below the end.
  void give_back() noexcept;
  // Where the heap ends: nothing above is in use.
  [[nodiscard]] char* end() noexcept;
  // Memory below the end that nobody uses; what the heap itself keeps there is outside.
  struct Gap {
    char* low;
    char* high;
  };
  static constexpr u32 kLeastGap = 256u << 10;
  // The free ranges of kLeastGap bytes and more, the largest if there are more than `out` holds, in
  // any order; how many.
  [[nodiscard]] usize gaps(std::span<Gap> out) const noexcept;
  // The range ends at `limit`, an address, from now on, which is not below the end.
  void lower_limit(char* limit) noexcept { limit_ = limit; }
  // Bytes between base and end.
  [[nodiscard]] usize extent() const noexcept { return static_cast<usize>(top_ - base_); }

 private:
  struct Chunk {
    u32 size_and_flags;  // bytes with the header, and kFree
    u32 previous_size;   // of the chunk before, 0 for the first
    // Only while free or in a quick bin:
    Chunk* next;
    Chunk* previous;

    [[nodiscard]] u32 size() const noexcept { return size_and_flags & ~15u; }
    [[nodiscard]] bool is_free() const noexcept { return (size_and_flags & kFree) != 0; }
  };

  static constexpr u32 kFree = 1;
  static constexpr u32 kHeader = 8;
  static constexpr u32 kMinimum = (sizeof(Chunk) + 15) & ~15u;
  static constexpr u32 kExactBins = 32;                        // sizes 0, 16, ... 496
  static constexpr u32 kBins = kExactBins + 23 * 4;            // and up to 2^32
  static constexpr u32 kLeastBin = kExactBins + (18 - 9) * 4;  // of kLeastGap
  static constexpr u32 kQuickBins = 17;                        // sizes up to 256
  static constexpr u32 kQuickLength = 64;
  static constexpr usize kLargest = usize{1} << 31;

  static Chunk* chunk_of(const void* memory) noexcept;
  static char* memory_of(Chunk* chunk) noexcept;
  static u32 bin_of(u32 size) noexcept;
  static u32 chunk_size(usize size) noexcept;

  [[nodiscard]] Chunk* after(Chunk* chunk) noexcept;  // nullptr at the end
  Chunk* take_from_bins(u32 size) noexcept;
  Chunk* take_from_top(u32 size) noexcept;
  void split(Chunk* chunk, u32 size) noexcept;
  void put_into_bin(Chunk* chunk) noexcept;
  void take_out(Chunk* chunk) noexcept;
  void merge_and_keep(Chunk* chunk) noexcept;
  void flush_quick_bins() noexcept;

  char* base_ = nullptr;
  char* top_ = nullptr;    // end of the last chunk
  char* limit_ = nullptr;  // end of the range
  Grow grow_ = nullptr;
  Discard discard_ = nullptr;
  usize kept_ = 0;        // bytes freed, not offered and not taken again
  u32 last_size_ = 0;     // of the chunk that ends at top_
  u64 occupied_[2] = {};  // which bins hold something
  Chunk* bins_[kBins] = {};
  Chunk* quick_[kQuickBins] = {};
  u8 quick_count_[kQuickBins] = {};
};

}  // namespace swebash
