// SPDX-License-Identifier: Apache-2.0
//
// memcpy and its family for engine.wasm.
//
// WebAssembly's memory.copy and memory.fill are calls out of the module, some forty instructions
// before the first byte moves, and nearly all that a shell copies are words of a few bytes. So the
// compiler is told to call these functions (it has no such instructions in the other sources),
// which move what is short themselves. Compiled apart: with those instructions, and as functions
// that are not recognised and turned into calls of themselves (CMakeLists.txt).

#include <cstddef>
#include <cstdint>

namespace {

// Reads and writes of any alignment, over whatever type the bytes have.
using Word64 [[gnu::aligned(1), gnu::may_alias]] = std::uint64_t;
using Word32 [[gnu::aligned(1), gnu::may_alias]] = std::uint32_t;
using Word16 [[gnu::aligned(1), gnu::may_alias]] = std::uint16_t;
using Byte = unsigned char;

template <class Word>
[[gnu::always_inline]] inline Word load(const void* from) {
  return *static_cast<const Word*>(from);
}
template <class Word>
[[gnu::always_inline]] inline void store(void* to, Word word) {
  *static_cast<Word*>(to) = word;
}

// From this size on the instruction is the faster way.
constexpr std::size_t kLong = 192;

// Moves 1 to 32 bytes, all read before any is written: first and last word, which may overlap.
[[gnu::always_inline]] inline void move_short(Byte* to, const Byte* from, std::size_t size) {
  if (size >= 8) {
    const auto first = load<Word64>(from);
    const auto last = load<Word64>(from + size - 8);
    if (size > 16) {
      const auto second = load<Word64>(from + 8);
      const auto before_last = load<Word64>(from + size - 16);
      store<Word64>(to + 8, second);
      store<Word64>(to + size - 16, before_last);
    }
    store<Word64>(to, first);
    store<Word64>(to + size - 8, last);
  } else if (size >= 4) {
    const auto first = load<Word32>(from);
    const auto last = load<Word32>(from + size - 4);
    store<Word32>(to, first);
    store<Word32>(to + size - 4, last);
  } else if (size >= 2) {
    const auto first = load<Word16>(from);
    const auto last = load<Word16>(from + size - 2);
    store<Word16>(to, first);
    store<Word16>(to + size - 2, last);
  } else if (size == 1) {
    *to = *from;
  }
}

}  // namespace

extern "C" {

void* memcpy(void* __restrict target, const void* __restrict source, std::size_t size) {
  auto* to = static_cast<Byte*>(target);
  const auto* from = static_cast<const Byte*>(source);
  if (size <= 32) {
    move_short(to, from, size);
  } else if (size < kLong) {
    const Byte* const last = from + size - 16;
    Byte* const end = to + size - 16;
    for (; from < last; to += 16, from += 16) {
      store<Word64>(to, load<Word64>(from));
      store<Word64>(to + 8, load<Word64>(from + 8));
    }
    store<Word64>(end, load<Word64>(last));
    store<Word64>(end + 8, load<Word64>(last + 8));
  } else {
    __builtin_memcpy(target, source, size);
  }
  return target;
}

void* memmove(void* target, const void* source, std::size_t size) {
  if (size <= 32) {
    move_short(static_cast<Byte*>(target), static_cast<const Byte*>(source), size);
  } else {
    __builtin_memmove(target, source, size);
  }
  return target;
}

void* memset(void* target, int value, std::size_t size) {
  auto* to = static_cast<Byte*>(target);
  const auto byte = static_cast<Byte>(value);
  const std::uint64_t word = byte * 0x0101010101010101u;
  if (size >= kLong) {
    __builtin_memset(target, value, size);
  } else if (size >= 8) {
    Byte* const end = to + size - 8;
    for (; to < end; to += 8) store<Word64>(to, word);
    store<Word64>(end, word);
  } else {
    for (Byte* const end = to + size; to < end; ++to) *to = byte;
  }
  return target;
}

int memcmp(const void* a, const void* b, std::size_t size) {
  const auto* first = static_cast<const Byte*>(a);
  const auto* second = static_cast<const Byte*>(b);
  for (; size >= 8; size -= 8, first += 8, second += 8) {
    const std::uint64_t x = load<Word64>(first);
    const std::uint64_t y = load<Word64>(second);
    if (x != y) return __builtin_bswap64(x) < __builtin_bswap64(y) ? -1 : 1;
  }
  for (; size > 0; --size, ++first, ++second) {
    if (*first != *second) return *first < *second ? -1 : 1;
  }
  return 0;
}

void* memchr(const void* in, int value, std::size_t size) {
  const auto* at = static_cast<const Byte*>(in);
  const auto wanted = static_cast<Byte>(value);
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  for (const std::uint64_t pattern = wanted * kOnes; size >= 8; size -= 8, at += 8) {
    // A byte that is equal is zero here; only then does its highest bit come out set.
    const std::uint64_t other = load<Word64>(at) ^ pattern;
    const std::uint64_t zeros = (other - kOnes) & ~other & (kOnes << 7);
    if (zeros != 0) return const_cast<Byte*>(at + __builtin_ctzll(zeros) / 8);
  }
  for (; size > 0; --size, ++at) {
    if (*at == wanted) return const_cast<Byte*>(at);
  }
  return nullptr;
}

}  // extern "C"
