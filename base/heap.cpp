// SPDX-License-Identifier: Apache-2.0
#include "base/heap.hpp"

#include <algorithm>
#include <cstring>

namespace swebash {

// The first chunk starts 8 bytes before a multiple of 16, so that all memory handed out, which
// follows a header of 8, is at one.
void Heap::start(char* base, char* limit, Grow grow, Discard discard) noexcept {
  base_ = base + kHeader;
  top_ = base_;
  limit_ = limit;
  grow_ = grow;
  discard_ = discard;
}

Heap::Chunk* Heap::chunk_of(const void* memory) noexcept {
  return reinterpret_cast<Chunk*>(const_cast<char*>(static_cast<const char*>(memory)) - kHeader);
}

char* Heap::memory_of(Chunk* chunk) noexcept { return reinterpret_cast<char*>(chunk) + kHeader; }

u32 Heap::bin_of(u32 size) noexcept {
  if (size < kExactBins * 16) return size / 16;
  const u32 log = 31 - static_cast<u32>(__builtin_clz(size));
  return kExactBins + (log - 9) * 4 + ((size >> (log - 2)) & 3);
}

u32 Heap::chunk_size(usize size) noexcept {
  const u32 rounded = (static_cast<u32>(size) + kHeader + 15) & ~15u;
  return rounded < kMinimum ? kMinimum : rounded;
}

usize Heap::room(const void* memory) noexcept { return chunk_of(memory)->size() - kHeader; }

Heap::Chunk* Heap::after(Chunk* chunk) noexcept {
  char* next = reinterpret_cast<char*>(chunk) + chunk->size();
  return next == top_ ? nullptr : reinterpret_cast<Chunk*>(next);
}

void Heap::put_into_bin(Chunk* chunk) noexcept {
  const u32 bin = bin_of(chunk->size());
  chunk->size_and_flags |= kFree;
  chunk->previous = nullptr;
  chunk->next = bins_[bin];
  if (chunk->next != nullptr) chunk->next->previous = chunk;
  bins_[bin] = chunk;
  occupied_[bin / 64] |= u64{1} << (bin % 64);
}

void Heap::take_out(Chunk* chunk) noexcept {
  const u32 bin = bin_of(chunk->size());
  chunk->size_and_flags &= ~kFree;
  if (chunk->previous != nullptr) {
    chunk->previous->next = chunk->next;
  } else {
    bins_[bin] = chunk->next;
    if (chunk->next == nullptr) occupied_[bin / 64] &= ~(u64{1} << (bin % 64));
  }
  if (chunk->next != nullptr) chunk->next->previous = chunk->previous;
}

Heap::Chunk* Heap::take_from_bins(u32 size) noexcept {
  u32 bin = bin_of(size);
  u32 word = bin / 64;
  u64 bits = occupied_[word] & (~u64{0} << (bin % 64));
  if ((bits >> (bin % 64) & 1) != 0) {
    // A bin above 512 bytes holds a range of sizes: a few of the right one may fit.
    int looks = 4;
    for (Chunk* chunk = bins_[bin]; chunk != nullptr && looks > 0; chunk = chunk->next, --looks) {
      if (chunk->size() >= size) {
        take_out(chunk);
        split(chunk, size);
        return chunk;
      }
    }
    bits &= bits - 1;
  }
  if (bits == 0) {
    if (word == 1 || occupied_[1] == 0) return nullptr;
    word = 1;
    bits = occupied_[1];
  }
  bin = word * 64 + static_cast<u32>(__builtin_ctzll(bits));
  Chunk* chunk = bins_[bin];
  take_out(chunk);
  split(chunk, size);
  return chunk;
}

Heap::Chunk* Heap::take_from_top(u32 size) noexcept {
  if (size > ~usize{0} - reinterpret_cast<usize>(top_)) return nullptr;
  char* end = top_ + size;
  if (end > limit_) {
    // An eighth more than asked for: growing the memory is a call to the host.
    const usize extra = (extent() / 8 + 0xffff) & ~usize{0xffff};
    if (extra <= ~usize{0} - reinterpret_cast<usize>(end) && grow_(end + extra)) {
      limit_ = end + extra;
    } else if (grow_(end)) {
      limit_ = end;
    } else {
      return nullptr;
    }
  }
  auto* chunk = reinterpret_cast<Chunk*>(top_);
  chunk->size_and_flags = size;
  chunk->previous_size = last_size_;
  top_ = end;
  last_size_ = size;
  return chunk;
}

void Heap::split(Chunk* chunk, u32 size) noexcept {
  const u32 rest_size = chunk->size() - size;
  if (rest_size < kMinimum) return;
  chunk->size_and_flags = size;
  auto* rest = reinterpret_cast<Chunk*>(reinterpret_cast<char*>(chunk) + size);
  rest->size_and_flags = rest_size;
  rest->previous_size = size;
  merge_and_keep(rest);
}

// Puts a chunk that nobody uses where it belongs: merged with its free neighbours, into a bin or
// below the end.
void Heap::merge_and_keep(Chunk* chunk) noexcept {
  if (Chunk* next = after(chunk); next != nullptr && next->is_free()) {
    take_out(next);
    chunk->size_and_flags += next->size();
  }
  if (chunk->previous_size != 0) {
    auto* before = reinterpret_cast<Chunk*>(reinterpret_cast<char*>(chunk) - chunk->previous_size);
    if (before->is_free()) {
      take_out(before);
      before->size_and_flags += chunk->size();
      chunk = before;
    }
  }
  if (Chunk* next = after(chunk); next != nullptr) {
    next->previous_size = chunk->size();
    put_into_bin(chunk);
  } else {
    top_ = reinterpret_cast<char*>(chunk);
    last_size_ = chunk->previous_size;
  }
}

void* Heap::allocate(usize size) noexcept {
  if (size >= kLargest) return nullptr;
  const u32 wanted = chunk_size(size);
  if (const u32 quick = wanted / 16; quick < kQuickBins && quick_[quick] != nullptr) {
    Chunk* chunk = quick_[quick];
    quick_[quick] = chunk->next;
    --quick_count_[quick];
    return memory_of(chunk);
  }
  kept_ -= std::min<usize>(kept_, wanted);
  Chunk* chunk = take_from_bins(wanted);
  if (chunk == nullptr) chunk = take_from_top(wanted);
  return chunk == nullptr ? nullptr : memory_of(chunk);
}

void* Heap::allocate_aligned(usize size, usize alignment) noexcept {
  if (alignment <= 16) return allocate(size);
  if (size >= kLargest || alignment >= kLargest) return nullptr;
  void* memory = allocate(size + alignment + kMinimum);
  if (memory == nullptr) return nullptr;
  const auto address = reinterpret_cast<usize>(memory);
  usize aligned = (address + alignment - 1) & ~(alignment - 1);
  if (aligned != address && aligned - address < kMinimum) aligned += alignment;
  if (aligned == address) return memory;

  Chunk* front = chunk_of(memory);
  const auto front_size = static_cast<u32>(aligned - address);
  auto* chunk = reinterpret_cast<Chunk*>(reinterpret_cast<char*>(front) + front_size);
  chunk->size_and_flags = front->size() - front_size;
  chunk->previous_size = front_size;
  front->size_and_flags = front_size;
  if (Chunk* next = after(chunk); next != nullptr) {
    next->previous_size = chunk->size();
  } else {
    last_size_ = chunk->size();
  }
  merge_and_keep(front);
  return memory_of(chunk);
}

void Heap::release(void* memory) noexcept {
  if (memory == nullptr) return;
  Chunk* chunk = chunk_of(memory);
  if (const u32 quick = chunk->size() / 16;
      quick < kQuickBins && quick_count_[quick] < kQuickLength) {
    chunk->next = quick_[quick];
    quick_[quick] = chunk;
    ++quick_count_[quick];
    return;
  }
  const u32 size = chunk->size();
  const bool offered = discard_ != nullptr && size >= kLarge && kept_ + size > kKept;
  if (offered) discard_(static_cast<char*>(memory), size - kHeader);
  merge_and_keep(chunk);
  if (offered || discard_ == nullptr) return;
  kept_ += size;
  if (kept_ <= kKept) return;
  give_back();
  if (limit_ > top_) discard_(top_, static_cast<usize>(limit_ - top_));
}

void Heap::give_back() noexcept {
  kept_ = 0;
  if (discard_ == nullptr) return;
  for (u32 bin = kLeastBin; bin < kBins; ++bin) {
    for (Chunk* chunk = bins_[bin]; chunk != nullptr; chunk = chunk->next) {
      char* const start = reinterpret_cast<char*>(chunk);
      discard_(start + sizeof(Chunk), chunk->size() - sizeof(Chunk));
    }
  }
}

void* Heap::resize(void* memory, usize size) noexcept {
  if (memory == nullptr) return allocate(size);
  if (size >= kLargest) return nullptr;
  Chunk* chunk = chunk_of(memory);
  const u32 wanted = chunk_size(size);
  const u32 held = chunk->size();
  if (wanted <= held) {
    // Shrinking by little keeps the room for growing again.
    if (wanted < held / 2) {
      split(chunk, wanted);
    }
    return memory;
  }
  Chunk* next = after(chunk);
  if (next == nullptr) {
    // The last chunk grows where it stands.
    last_size_ = chunk->previous_size;
    top_ = reinterpret_cast<char*>(chunk);
    char* end = top_ + held;
    const u32 previous = last_size_;
    if (take_from_top(wanted) != nullptr) return memory;
    top_ = end;
    last_size_ = held;
    chunk->size_and_flags = held;
    chunk->previous_size = previous;
  } else if (next->is_free() && held + next->size() >= wanted) {
    take_out(next);
    chunk->size_and_flags = held + next->size();
    if (Chunk* beyond = after(chunk); beyond != nullptr) {
      beyond->previous_size = chunk->size();
    } else {
      last_size_ = chunk->size();
    }
    split(chunk, wanted);
    return memory;
  }
  void* moved = allocate(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, held - kHeader);
  release(memory);
  return moved;
}

void Heap::flush_quick_bins() noexcept {
  for (u32 bin = 0; bin < kQuickBins; ++bin) {
    Chunk* chunk = quick_[bin];
    quick_[bin] = nullptr;
    quick_count_[bin] = 0;
    while (chunk != nullptr) {
      Chunk* next = chunk->next;
      merge_and_keep(chunk);
      chunk = next;
    }
  }
}

char* Heap::end() noexcept {
  // What lies in quick bins holds the end up by little, unless the heap was once much larger.
  constexpr usize kWorthFlushing = 512u << 10;
  if (extent() > kWorthFlushing) flush_quick_bins();
  return top_;
}

usize Heap::gaps(std::span<Gap> out) const noexcept {
  static_assert(kLeastGap == 1u << 18 && kLeastBin >= 64);
  usize count = 0;
  for (u64 bits = occupied_[1] >> (kLeastBin - 64); bits != 0;) {
    const u32 bit = 63 - static_cast<u32>(__builtin_clzll(bits));
    bits &= ~(u64{1} << bit);
    for (Chunk* chunk = bins_[kLeastBin + bit]; chunk != nullptr; chunk = chunk->next) {
      if (count == out.size()) return count;
      char* const start = reinterpret_cast<char*>(chunk);
      out[count++] = {start + sizeof(Chunk), start + chunk->size()};
    }
  }
  return count;
}

}  // namespace swebash
