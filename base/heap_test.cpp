// SPDX-License-Identifier: Apache-2.0
#include "base/heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace swebash {
namespace {

constexpr usize kArea = usize{64} << 20;
char* area_limit = nullptr;

class HeapTest : public testing::Test {
 protected:
  void SetUp() override {
    area_.reset(static_cast<char*>(std::aligned_alloc(4096, kArea)));
    area_limit = area_.get() + kArea;
    heap_.start(area_.get(), area_.get(), [](char* end) { return end <= area_limit; });
  }

  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };
  std::unique_ptr<char, Free> area_;
  Heap heap_;
};

TEST_F(HeapTest, MemoryIsAlignedAndDoesNotOverlap) {
  std::map<char*, usize> live;
  for (usize size = 0; size < 3000; size += 7) {
    auto* memory = static_cast<char*>(heap_.allocate(size));
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<usize>(memory) % 16, 0u);
    EXPECT_GE(Heap::room(memory), size);
    live[memory] = Heap::room(memory);
  }
  char* end = nullptr;
  for (const auto& [memory, size] : live) {
    EXPECT_LE(end, memory);
    end = memory + size;
  }
  EXPECT_LE(end, heap_.end());
}

TEST_F(HeapTest, OffersFreedBlocksOnceEnoughIsKept) {
  static usize offered = 0;
  heap_.start(
      area_.get(), area_.get(), [](char* end) { return end <= area_limit; },
      [](char*, usize size) { offered += size; });
  for (int i = 0; i < 100; ++i) heap_.release(heap_.allocate(Heap::kKept / 2));
  EXPECT_EQ(offered, 0u);
  heap_.release(heap_.allocate(Heap::kKept + 1));
  EXPECT_GE(offered, Heap::kKept + 1);
  EXPECT_LE(offered, Heap::kKept + 64);
}

TEST_F(HeapTest, OffersWhatManySmallBlocksLeave) {
  static usize offered;
  offered = 0;
  heap_.start(
      area_.get(), area_.get() + kArea, [](char*) { return false; },
      [](char* memory, usize size) {
        std::memset(memory, 0xdd, size);  // it may hold anything now
        offered += size;
      });
  constexpr usize kCount = Heap::kKept / 1000 + 10'000;
  std::vector<void*> small;
  small.reserve(kCount);
  for (usize i = 0; i < kCount; ++i) small.push_back(heap_.allocate(1000));
  void* last = heap_.allocate(1000);
  ASSERT_NE(last, nullptr);
  for (void* memory : small) heap_.release(memory);
  EXPECT_GE(offered, Heap::kKept - Heap::kLarge);
  // What is free is as good as before.
  for (void*& memory : small) memory = heap_.allocate(1000);
  ASSERT_NE(small.back(), nullptr);
  offered = 0;
  heap_.release(last);
  for (void* memory : small) heap_.release(memory);
  EXPECT_GE(offered, Heap::kKept - Heap::kLarge);
  (void)heap_.end();
  EXPECT_LT(heap_.extent(), 4096u);
}

TEST_F(HeapTest, EndGoesDownWhenAllIsFreed) {
  std::vector<void*> small;
  small.reserve(100'000);
  for (int i = 0; i < 100'000; ++i) small.push_back(heap_.allocate(40));
  const usize high = heap_.extent();
  EXPECT_GT(high, usize{4} << 20);
  for (void* memory : small) heap_.release(memory);
  (void)heap_.end();
  EXPECT_LT(heap_.extent(), 4096u);
}

TEST_F(HeapTest, FreedNeighboursServeALargerRequest) {
  void* a = heap_.allocate(1000);
  void* b = heap_.allocate(1000);
  void* c = heap_.allocate(1000);
  void* end = heap_.allocate(1000);
  heap_.release(a);
  heap_.release(c);
  heap_.release(b);
  EXPECT_EQ(heap_.allocate(3000), a);
  heap_.release(end);
}

TEST_F(HeapTest, LastChunkGrowsInPlace) {
  void* memory = heap_.allocate(100);
  EXPECT_EQ(heap_.resize(memory, 1'000'000), memory);
  EXPECT_EQ(heap_.resize(memory, 10), memory);
  EXPECT_LT(heap_.extent(), 4096u);
}

TEST_F(HeapTest, AlignedMemoryIsAligned) {
  std::vector<void*> live;
  for (usize alignment = 16; alignment <= 4096; alignment *= 2) {
    live.push_back(heap_.allocate(24));
    void* memory = heap_.allocate_aligned(100, alignment);
    EXPECT_EQ(reinterpret_cast<usize>(memory) % alignment, 0u);
    std::memset(memory, 1, 100);
    live.push_back(memory);
  }
  for (void* memory : live) heap_.release(memory);
  (void)heap_.end();
  EXPECT_LT(heap_.extent(), 4096u);
}

TEST_F(HeapTest, TooMuchIsNothingAndHarmsNothing) {
  void* memory = heap_.allocate(100);
  std::memset(memory, 7, 100);
  EXPECT_EQ(heap_.allocate(kArea), nullptr);
  EXPECT_EQ(heap_.allocate(~usize{0}), nullptr);
  EXPECT_EQ(heap_.resize(memory, kArea), nullptr);
  EXPECT_EQ(static_cast<char*>(memory)[99], 7);
  EXPECT_NE(heap_.allocate(100), nullptr);
}

// Whatever the order, contents stay and the whole heap is one free range again at the end.
TEST_F(HeapTest, RandomUseKeepsContents) {
  std::mt19937 random(7);
  struct Block {
    char* memory;
    usize size;
    char fill;
  };
  std::vector<Block> live;
  const auto holds = [](const Block& block) {
    for (usize i = 0; i < block.size; ++i) {
      if (block.memory[i] != block.fill) return false;
    }
    return true;
  };
  for (int step = 0; step < 200'000; ++step) {
    const u32 choice = random() % 10;
    if (choice < 5 || live.empty()) {
      const usize size = random() % (random() % 50 == 0 ? 40'000 : 300);
      auto* memory = static_cast<char*>(heap_.allocate(size));
      ASSERT_NE(memory, nullptr);
      const char fill = static_cast<char>(random());
      std::memset(memory, fill, size);
      live.push_back({memory, size, fill});
      continue;
    }
    const usize index = random() % live.size();
    ASSERT_TRUE(holds(live[index]));
    if (choice < 7) {
      const usize size = random() % 2000;
      auto& block = live[index];
      block.memory = static_cast<char*>(heap_.resize(block.memory, size));
      ASSERT_NE(block.memory, nullptr);
      const usize kept = size < block.size ? size : block.size;
      ASSERT_TRUE(holds({block.memory, kept, block.fill}));
      std::memset(block.memory, block.fill, size);
      block.size = size;
    } else {
      heap_.release(live[index].memory);
      live[index] = live.back();
      live.pop_back();
    }
  }
  for (const auto& block : live) {
    ASSERT_TRUE(holds(block));
    heap_.release(block.memory);
  }
  void* large = heap_.allocate(usize{1} << 20);
  heap_.release(large);
  (void)heap_.end();
  EXPECT_LT(heap_.extent(), usize{512} << 10);
}

TEST_F(HeapTest, GapsAreTheLargeFreeRanges) {
  Heap::Gap gaps[2];
  EXPECT_EQ(heap_.gaps(gaps), 0u);
  std::vector<char*> large;
  for (const usize size : {usize{1} << 20, usize{3} << 20, usize{2} << 20, usize{200} << 10}) {
    large.push_back(static_cast<char*>(heap_.allocate(size)));
    std::memset(large.back(), 1, size);
    ASSERT_NE(heap_.allocate(40), nullptr);
  }
  EXPECT_EQ(heap_.gaps(gaps), 0u);
  for (char* memory : large) heap_.release(memory);
  // The one below kLeastGap is none, and of the others the largest come.
  ASSERT_EQ(heap_.gaps(gaps), 2u);
  std::ranges::sort(gaps, {}, &Heap::Gap::low);
  EXPECT_LT(gaps[0].low - large[1], 64);
  EXPECT_GE(gaps[0].high, large[1] + (usize{3} << 20));
  EXPECT_LT(gaps[1].low - large[2], 64);
  // Nothing of the heap's own lies in them.
  for (const Heap::Gap& gap : gaps)
    std::memset(gap.low, 0xff, static_cast<usize>(gap.high - gap.low));
  EXPECT_NE(heap_.allocate(usize{3} << 20), nullptr);
  ASSERT_EQ(heap_.gaps(gaps), 2u);
  (void)heap_.allocate(usize{2} << 20);
  EXPECT_EQ(heap_.gaps(gaps), 1u);
}

}  // namespace
}  // namespace swebash
