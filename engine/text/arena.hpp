// SPDX-License-Identifier: Apache-2.0
//
// Arena: memory that is given out piece by piece and taken back all at once.
//
// A parsed tree lives in one: its nodes are plain structs without destructors, so freeing a tree is
// freeing its blocks. Not thread-safe. Nothing allocated here is ever moved.
#pragma once

#include <cstring>
#include <memory>
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
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

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
    usize start = (used_ + alignment - 1) & ~(alignment - 1);
    if (start + size > capacity_) {
      const usize block = size > kBlock / 4 ? size : kBlock;
      blocks_.push_back(std::make_unique_for_overwrite<Unit[]>((block + 15) / 16));
      if (block != kBlock)
        return blocks_.back().get();  // a block of its own; the current one goes on
      current_ = reinterpret_cast<char*>(blocks_.back().get());
      capacity_ = block;
      start = 0;
    }
    used_ = start + size;
    return current_ + start;
  }

 private:
  static constexpr usize kBlock = 2048;
  struct alignas(16) Unit {
    char bytes[16];
  };

  std::vector<std::unique_ptr<Unit[]>> blocks_;
  char* current_ = nullptr;
  usize used_ = 0;
  usize capacity_ = 0;
};

}  // namespace swebash::engine
