// SPDX-License-Identifier: Apache-2.0
#include "wasm/instance.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "wasm/testing/guest.hpp"

namespace swebash::wasm {
namespace {

using testing::Calls;
using ::testing::ElementsAre;
using testing::Guest;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::result_of;

constexpr u64 kPage = MemoryImage::kPage;
constexpr u64 kMegabyte = 1u << 20;
// The guest has its stack in the first megabyte, and its data behind that.
constexpr u64 kFree = 2 * kMegabyte;

// Whole memory from page `low` on.
std::vector<PageRun> all_from(Instance& instance, u64 low = kPage) {
  return {{low, instance.memory().size()}};
}

TEST(Instance, BeginsWithTheModulesData) {
  const Guest guest;
  const auto instance = guest.instance();
  const i32 address = result_of(*instance, "number_address");
  EXPECT_EQ(result_of(*instance, "peek", {address}), 42);
  i32 seen = 0;
  std::memcpy(&seen, instance->memory().data() + address, sizeof seen);
  EXPECT_EQ(seen, 42);
}

TEST(Instance, IsApartFromOthersOfItsTemplate) {
  const Guest guest;
  const auto one = guest.instance();
  const auto two = guest.instance();
  const i32 address = result_of(*one, "number_address");
  (void)one->call("poke", std::array{address, 43});
  EXPECT_EQ(result_of(*one, "peek", {address}), 43);
  EXPECT_EQ(result_of(*two, "peek", {address}), 42);
}

TEST(Instance, PassesArgumentsInOrder) {
  const Guest guest;
  const auto instance = guest.instance();
  EXPECT_EQ(result_of(*instance, "nothing"), -1);
  EXPECT_EQ(result_of(*instance, "digits", {1, 2, 3, 4}), 1234);
  i32 untouched = 5;
  EXPECT_EQ(instance->call("poke", std::array{2048, 9}, nullptr), CallEnd::returned);
  EXPECT_EQ(untouched, 5);
}

TEST(Instance, GivesHostFunctionsTheCallersUser) {
  const Guest guest;
  Calls first;
  Calls second;
  const auto instance = guest.instance(&first);
  EXPECT_EQ(result_of(*instance, "ask", {3, 20}), 41);
  EXPECT_EQ(result_of(*instance, "note", {5}), 7);
  instance->set_user(&second);
  EXPECT_EQ(result_of(*instance, "ask", {4, -1}), -1);
  EXPECT_THAT(first.asked, ElementsAre(Pair(3, 20)));
  EXPECT_THAT(first.noted, ElementsAre(5));
  EXPECT_THAT(second.asked, ElementsAre(Pair(4, -1)));
}

TEST(Instance, IsStoppedByAHostFunctionAndRunsAgain) {
  const Guest guest;
  Calls calls;
  const auto instance = guest.instance(&calls);
  i32 result = 99;
  EXPECT_EQ(instance->call("ask", std::array{13, 1}, &result), CallEnd::stopped);
  EXPECT_EQ(result, 99);
  EXPECT_EQ(result_of(*instance, "ask", {1, 1}), 3);
}

TEST(Instance, SaysWhatATrapWas) {
  const Guest guest;
  const auto instance = guest.instance();
  EXPECT_EQ(instance->call("give_up", {}), CallEnd::trapped);
  EXPECT_EQ(instance->trap_message(), "wasm `unreachable` instruction executed");
  i32 result = 0;
  EXPECT_EQ(instance->call("peek", std::array{-16}, &result), CallEnd::trapped);
  EXPECT_THAT(instance->trap_message(), HasSubstr("0xfffffff0"));
  EXPECT_EQ(result_of(*instance, "nothing"), -1);
}

TEST(Instance, OutlivesTheEndOfItsStack) {
  const Guest guest;
  const auto instance = guest.instance();
  const u32 stack = instance->stack_pointer();
  EXPECT_EQ(instance->call("recurse", std::array{0}), CallEnd::stack_overflow);
  EXPECT_THAT(instance->trap_message(), HasSubstr("stack"));
  instance->set_stack_pointer(stack);
  EXPECT_EQ(result_of(*instance, "digits", {4, 3, 2, 1}), 4321);
}

class InstanceMemory : public ::testing::TestWithParam<Room> {};

TEST_P(InstanceMemory, GrowsAndKeepsWhatItHeld) {
  const Guest guest(GetParam());
  const auto instance = guest.instance();
  const i32 address = result_of(*instance, "number_address");
  for (const u64 size : {3 * kMegabyte, 9 * kMegabyte, 9 * kMegabyte + 1}) {
    ASSERT_TRUE(instance->ensure_memory(size));
    ASSERT_GE(instance->memory().size(), size);
    EXPECT_EQ(instance->memory()[size - 1], 0);
    EXPECT_EQ(result_of(*instance, "peek", {address}), 42);
    (void)instance->call("poke", std::array{static_cast<i32>(size - 4), 0x11223344});
    EXPECT_EQ(instance->memory()[size - 1], 0x11);
  }
  const u64 before = instance->memory().size();
  ASSERT_TRUE(instance->ensure_memory(1));
  EXPECT_EQ(instance->memory().size(), before);
}

TEST_P(InstanceMemory, DoesNotGrowBeyondItsLimit) {
  const Guest guest(GetParam());
  const auto instance = guest.instance();
  const u64 first = instance->memory().size();
  instance->limit_memory(first + kMegabyte);
  EXPECT_FALSE(instance->ensure_memory(first + 2 * kMegabyte));
  EXPECT_EQ(instance->memory().size(), first);
  EXPECT_TRUE(instance->ensure_memory(first + kMegabyte));
  instance->limit_memory(first);
  EXPECT_EQ(instance->memory().size(), first + kMegabyte) << "what there is stays";
  EXPECT_FALSE(instance->ensure_memory(first + kMegabyte + 1));
  instance->limit_memory(0);
  EXPECT_TRUE(instance->ensure_memory(first + 2 * kMegabyte));
  EXPECT_FALSE(instance->ensure_memory(u64{1} << 33)) << "more than 32 bits reach";
}

TEST_P(InstanceMemory, ReadsAsZerosWhereItWasDropped) {
  const Guest guest(GetParam());
  const auto instance = guest.instance();
  ASSERT_TRUE(instance->ensure_memory(3 * kMegabyte));
  std::ranges::fill(instance->memory().subspan(kFree), u8{7});
  instance->drop_memory(kFree + kPage + 1);
  EXPECT_EQ(instance->memory()[kFree + kPage + 1], 7) << "the rest of a page stays";
  EXPECT_EQ(instance->memory()[kFree + 2 * kPage], 0);
  EXPECT_EQ(instance->memory().back(), 0);
  EXPECT_EQ(result_of(*instance, "peek", {result_of(*instance, "number_address")}), 42);
}

TEST_P(InstanceMemory, KeepsWhatIsOutsideOfWhatIsDiscarded) {
  const Guest guest(GetParam());
  const auto instance = guest.instance();
  ASSERT_TRUE(instance->ensure_memory(3 * kMegabyte));
  std::ranges::fill(instance->memory().subspan(kFree), u8{7});
  instance->discard_memory(kFree + 1, kFree + 4 * kPage + 5);
  EXPECT_EQ(instance->memory()[kFree + kPage - 1], 7);
  EXPECT_EQ(instance->memory()[kFree + kPage], 0);
  EXPECT_EQ(instance->memory()[kFree + 4 * kPage - 1], 0);
  EXPECT_EQ(instance->memory()[kFree + 4 * kPage], 7);
  instance->discard_memory(kFree + 5 * kPage + 1, kFree + 6 * kPage - 1);
  EXPECT_EQ(instance->memory()[kFree + 5 * kPage + 1], 7) << "no whole page";
}

TEST_P(InstanceMemory, IsWithinItsModulesDataAfterItWasShed) {
  const Guest guest(GetParam());
  const auto instance = guest.instance();
  ASSERT_TRUE(instance->ensure_memory(6 * kMegabyte));
  std::ranges::fill(instance->memory().subspan(2 * kMegabyte), u8{7});
  EXPECT_GE(resident_bytes(instance->memory(), 3 * kMegabyte), 3 * kMegabyte);
  instance->shed();
  EXPECT_LT(resident_bytes(instance->memory(), 3 * kMegabyte), kMegabyte);
}

TEST_P(InstanceMemory, IsAsItWasAfterItSettled) {
  const Guest guest(GetParam());
  const auto instance = guest.instance();
  ASSERT_TRUE(instance->ensure_memory(3 * kMegabyte));
  const u32 stack = instance->stack_pointer();
  std::ranges::fill(instance->memory().subspan(0, stack), u8{5});
  std::ranges::fill(instance->memory().subspan(kFree), u8{7});
  const std::vector<u8> before(instance->memory().begin() + stack, instance->memory().end());
  instance->settle();
  const auto after = instance->memory().subspan(stack);
  EXPECT_TRUE(std::ranges::equal(before, after));
  EXPECT_EQ(instance->memory()[0], 0) << "the stack that is not used is given back";
}

TEST_P(InstanceMemory, IsCopiedWithTheStackPointer) {
  const Guest guest(GetParam());
  const auto from = guest.instance();
  const auto to = guest.instance();
  const i32 address = result_of(*from, "number_address");
  ASSERT_TRUE(from->ensure_memory(3 * kMegabyte));
  (void)from->call("poke", std::array{address, 43});
  (void)from->call("poke", std::array{i32{kFree}, 44});
  from->set_stack_pointer(from->stack_pointer() - 64);
  ASSERT_TRUE(copy_instance(*from, *to, all_from(*from), Sharing::no));
  EXPECT_EQ(to->stack_pointer(), from->stack_pointer());
  EXPECT_EQ(to->memory().size(), from->memory().size());
  (void)from->call("poke", std::array{address, 1});
  (void)to->call("poke", std::array{i32{kFree}, 2});
  EXPECT_EQ(result_of(*to, "peek", {address}), 43);
  EXPECT_EQ(result_of(*from, "peek", {i32{kFree}}), 44);
}

TEST_P(InstanceMemory, IsNotCopiedIntoOneThatMayNotGrowSoFar) {
  const Guest guest(GetParam());
  const auto from = guest.instance();
  const auto to = guest.instance();
  ASSERT_TRUE(from->ensure_memory(4 * kMegabyte));
  to->limit_memory(2 * kMegabyte);
  EXPECT_FALSE(copy_instance(*from, *to, all_from(*from), Sharing::no));
}

// A few instances, and for each an array that holds what its memory must.
class Modelled {
 public:
  Modelled(Room room, u64 size, u32 seed) : random_(seed), size_(size), guest_(room) {
    for (usize i = 0; i < kCount; ++i) {
      instances_.push_back(guest_.instance());
      EXPECT_TRUE(instances_.back()->ensure_memory(size));
      model_.emplace_back(size - kFree);
    }
  }

  // One of them is written to, ends sharing, or is copied to another.
  void step() {
    const u64 one = below(kCount);
    switch (below(6)) {
      case 0:
      case 1: write(one); break;
      case 2: instances_[one]->unshare(std::vector<PageRun>{{kFree, size_}}); break;
      default: copy(one, (one + 1 + below(kCount - 1)) % kCount);
    }
  }

  // Whether each holds what it must.
  [[nodiscard]] bool holds() const {
    for (usize i = 0; i < kCount; ++i) {
      const auto memory = instances_[i]->memory().subspan(kFree, size_ - kFree);
      if (std::memcmp(memory.data(), model_[i].data(), memory.size()) != 0) return false;
    }
    return true;
  }

 private:
  static constexpr usize kCount = 4;

  u64 below(u64 end) { return std::uniform_int_distribution<u64>(0, end - 1)(random_); }

  void write(u64 one) {
    const u64 at = below(size_ - kFree);
    const u64 length = std::min(below(3 * kPage) + 1, size_ - kFree - at);
    const auto value = static_cast<u8>(random_());
    std::memset(instances_[one]->memory().data() + kFree + at, value, length);
    std::memset(model_[one].data() + at, value, length);
  }

  void copy(u64 one, u64 other) {
    // What is live begins and ends here or there, as stack and heap do, and has a hole.
    const u64 start = kFree + below(4) * kPage;
    const u64 hole = kFree + (10 + below(5)) * kPage;
    const u64 top = size_ - below(5) * (kPage / 2);
    const std::vector<PageRun> live = {{start, hole}, {hole + 4 * kPage, top}};
    const Sharing sharing = below(2) == 0 ? Sharing::yes : Sharing::no;
    EXPECT_TRUE(copy_instance(*instances_[one], *instances_[other], live, sharing));
    for (const PageRun& run : live) put(other, run, model_[one].data());
    // What is not live is anything in both; it is taken as it is.
    for (const u64 either : {one, other}) {
      for (const PageRun& dead :
           {PageRun{kFree, start}, PageRun{hole, hole + 4 * kPage}, PageRun{top, size_}}) {
        put(either, dead, instances_[either]->memory().data() + kFree);
      }
    }
  }

  // Into the model of an instance, from what begins at kFree.
  void put(u64 to, const PageRun& run, const u8* from) {
    std::memcpy(model_[to].data() + (run.low - kFree), from + (run.low - kFree),
                run.high - run.low);
  }

  std::mt19937 random_;
  const u64 size_;
  const Guest guest_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::vector<std::vector<u8>> model_;
};

// Small memories, and such as an image is taken of.
TEST_P(InstanceMemory, HoldsWhatAnArrayWouldHoldAfterAnySeriesOfCopies) {
  for (const u64 size : {kFree + 40 * kPage, kFree + 5 * kMegabyte}) {
    for (u32 seed = 0; seed < 5; ++seed) {
      Modelled instances(GetParam(), size, seed);
      for (int step = 0; step < 60; ++step) {
        instances.step();
        ASSERT_TRUE(instances.holds()) << size << " bytes, seed " << seed << ", step " << step;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rooms, InstanceMemory, ::testing::Values(Room::wide, Room::narrow),
                         [](const auto& info) {
                           return info.param == Room::wide ? "Wide" : "Narrow";
                         });

}  // namespace
}  // namespace swebash::wasm
