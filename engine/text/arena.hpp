// SPDX-License-Identifier: Apache-2.0
//
// Arena: memory that is given out piece by piece and taken back all at once.
//
// A parsed tree lives in one: its nodes are plain structs without destructors, so freeing a tree is
// freeing its blocks. Not thread-safe. Nothing allocated here is ever moved.
#pragma once

#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

class Arena {
 public:
  Arena() noexcept = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&& other) noexcept { take_from(other); }
  Arena& operator=(Arena&& other) noexcept;
  ~Arena();

  // A new T, value-initialised from `arguments`; it lives as long as the arena.
  template <class T, class... Arguments>
  [[nodiscard]] T* make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>);
    return ::new (allocate(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
  }

  // A copy of `text` that lives as long as the arena.
  [[nodiscard]] std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    auto* place = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }

  // A copy of `items` that lives as long as the arena.
  template <class T>
  [[nodiscard]] std::span<T> copy(const std::vector<T>& items) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (items.empty()) return {};
    auto* place = static_cast<T*>(allocate(items.size() * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void*>(place), items.data(), items.size() * sizeof(T));
    return {place, items.size()};
  }

  // `size` bytes at a multiple of `alignment`, which is a power of two, at most 16.
  [[nodiscard]] void* allocate(usize size, usize alignment) {
    char* const start = next_ + (-reinterpret_cast<usize>(next_) & (alignment - 1));
    if (start > end_ || size > static_cast<usize>(end_ - start)) return allocate_block(size);
    next_ = start + size;
    return start;
  }

 private:
  // In front of what a block holds.
  struct alignas(16) Block {
    Block* before;
  };

  void* allocate_block(usize size);
  void take_from(Arena& other) noexcept;

  Block* blocks_ = nullptr;
  char* next_ = nullptr;
  char* end_ = nullptr;
  usize total_ = 0;
};

}  // namespace swebash::engine
