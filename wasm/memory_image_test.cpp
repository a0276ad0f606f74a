// SPDX-License-Identifier: Apache-2.0
#include "wasm/memory_image.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <array>
#include <cstring>

namespace swebash::wasm {
namespace {

constexpr u64 kPage = MemoryImage::kPage;
constexpr u64 kPages = 64;

class Memory {
 public:
  Memory()
      : base_(static_cast<u8*>(::mmap(nullptr, kPages * kPage, PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { ::munmap(base_, kPages * kPage); }

  [[nodiscard]] u8* base() const { return base_; }
  [[nodiscard]] std::span<const u8> all() const { return {base_, kPages * kPage}; }
  void fill(u8 value) { std::memset(base_, value, kPages * kPage); }
  u8& at(u64 page) { return base_[page * kPage + 5]; }

 private:
  u8* base_;
};

std::vector<PageRun> own_pages(const Memory& memory) {
  std::vector<PageRun> runs;
  EXPECT_TRUE(find_own_pages(memory.base(), kPage, kPages * kPage, runs));
  return runs;
}

TEST(MemoryImage, IsWhatTheMemoryHeldWhenItWasMade) {
  Memory from;
  Memory to;
  from.fill(7);
  const auto image = MemoryImage::create(from.all(), std::array{PageRun{kPage, kPages * kPage}});
  ASSERT_NE(image, nullptr);
  from.fill(8);
  to.at(0) = 3;
  ASSERT_TRUE(image->map(to.base()));
  EXPECT_EQ(to.at(0), 3);
  EXPECT_EQ(to.at(1), 7);
  EXPECT_EQ(to.at(kPages - 1), 7);
}

TEST(MemoryImage, TellsThePagesThatWereWrittenSince) {
  Memory memory;
  memory.fill(7);
  const auto image = MemoryImage::create(memory.all(), std::array{PageRun{kPage, kPages * kPage}});
  ASSERT_NE(image, nullptr);
  ASSERT_TRUE(image->map(memory.base()));
  EXPECT_EQ(memory.at(9), 7);
  EXPECT_TRUE(own_pages(memory).empty());
  memory.at(3) = 1;
  memory.at(4) = 1;
  memory.at(40) = 1;
  const auto runs = own_pages(memory);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].low, 3 * kPage);
  EXPECT_EQ(runs[0].high, 5 * kPage);
  EXPECT_EQ(runs[1].low, 40 * kPage);
  EXPECT_EQ(runs[1].high, 41 * kPage);
}

TEST(MemoryImage, HoldsZerosBetweenTheRuns) {
  Memory from;
  Memory to;
  from.fill(7);
  to.fill(8);
  const auto image = MemoryImage::create(
      from.all(), std::array{PageRun{0, 2 * kPage}, PageRun{5 * kPage, kPages * kPage}});
  ASSERT_NE(image, nullptr);
  ASSERT_TRUE(image->map(to.base()));
  EXPECT_EQ(to.at(1), 7);
  EXPECT_EQ(to.at(2), 0);
  EXPECT_EQ(to.at(4), 0);
  EXPECT_EQ(to.at(5), 7);
}

TEST(MemoryImage, IsNotChangedByThoseThatMapIt) {
  Memory one;
  Memory two;
  one.fill(7);
  const auto image = MemoryImage::create(one.all(), std::array{PageRun{0, kPages * kPage}});
  ASSERT_NE(image, nullptr);
  ASSERT_TRUE(image->map(one.base()));
  ASSERT_TRUE(image->map(two.base()));
  one.at(2) = 9;
  EXPECT_EQ(two.at(2), 7);
  image->reset(one.base());
  EXPECT_EQ(one.at(2), 7);
}

TEST(MemoryImage, IsNotMadeWhereFilesMayNotBeSoLarge) {
  Memory memory;
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {kPage, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_EQ(MemoryImage::create(memory.all(), std::array{PageRun{0, kPages * kPage}}), nullptr);
  ::setrlimit(RLIMIT_FSIZE, &before);
}

}  // namespace
}  // namespace swebash::wasm
