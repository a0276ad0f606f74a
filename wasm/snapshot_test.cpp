// SPDX-License-Identifier: Apache-2.0
#include "wasm/snapshot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "wasm/testing/guest.hpp"

namespace swebash::wasm {
namespace {

using testing::Guest;

constexpr u64 kPage = MemoryImage::kPage;
constexpr u64 kMegabyte = 1u << 20;
constexpr u64 kFree = 2 * kMegabyte;  // behind the guest's stack and data
constexpr u8 kSecret = 0xab;

// What a session has and what it once had, with a gap between: from the stack's page on.
std::vector<PageRun> live_of(Instance& instance) {
  const u64 low = instance.stack_pointer() & ~(kPage - 1);
  return {{low, kFree + kPage}, {kFree + 40 * kPage, kFree + 41 * kPage + 100}};
}

// Fills what is live with something, and answers it.
std::vector<u8> fill(Instance& instance) {
  EXPECT_TRUE(instance.ensure_memory(3 * kMegabyte));
  std::vector<u8> all;
  for (const PageRun& run : live_of(instance)) {
    const auto part = instance.memory().subspan(run.low, run.high - run.low);
    for (usize i = 0; i < part.size(); ++i) part[i] = static_cast<u8>(i % 97);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::vector<u8> read(Instance& instance) {
  std::vector<u8> all;
  for (const PageRun& run : live_of(instance)) {
    const auto part = instance.memory().subspan(run.low, run.high - run.low);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

void fill_with_secrets(Instance& instance) {
  EXPECT_TRUE(instance.ensure_memory(5 * kMegabyte));
  std::ranges::fill(instance.memory(), kSecret);
}

bool holds_secrets(Instance& instance) {
  return std::ranges::find(instance.memory(), kSecret) != instance.memory().end();
}

class SnapshotMemory : public ::testing::TestWithParam<std::pair<Room, Sharing>> {};

TEST_P(SnapshotMemory, IsWhatTheInstanceWas) {
  const auto [room, sharing] = GetParam();
  const Guest guest(room);
  const auto from = guest.instance();
  const std::vector<u8> before = fill(*from);
  const auto snapshot = Snapshot::take(*from, live_of(*from));
  EXPECT_EQ(snapshot->size(), before.size());
  std::ranges::fill(from->memory(), u8{1});
  for (int i = 0; i < 2; ++i) {
    const auto to = guest.instance();
    ASSERT_TRUE(snapshot->put_into(*to, sharing, Rest::stays));
    EXPECT_EQ(to->stack_pointer(), from->stack_pointer());
    EXPECT_EQ(read(*to), before);
    std::ranges::fill(to->memory(), u8{2});
    ASSERT_TRUE(snapshot->put_into(*to, sharing, Rest::goes));
    EXPECT_EQ(read(*to), before);
  }
}

TEST_P(SnapshotMemory, LeavesNothingOfAnotherBesideIt) {
  const auto [room, sharing] = GetParam();
  const Guest guest(room);
  const auto from = guest.instance();
  const std::vector<u8> before = fill(*from);
  const auto snapshot = Snapshot::take(*from, live_of(*from));
  const auto to = guest.instance();
  for (int i = 0; i < 2; ++i) {
    fill_with_secrets(*to);
    ASSERT_TRUE(snapshot->put_into(*to, sharing, Rest::goes));
    EXPECT_FALSE(holds_secrets(*to));
    EXPECT_EQ(read(*to), before);
  }
  // One that shares the pages of another memory with that.
  const auto secrets = guest.instance();
  fill_with_secrets(*secrets);
  const std::vector<PageRun> all = {{kPage, secrets->memory().size()}};
  ASSERT_TRUE(copy_instance(*secrets, *to, all, Sharing::yes));
  ASSERT_TRUE(snapshot->put_into(*to, sharing, Rest::goes));
  EXPECT_FALSE(holds_secrets(*to));
  EXPECT_EQ(read(*to), before);
}

TEST_P(SnapshotMemory, ACopyLeavesNothingBesideItEither) {
  const auto [room, sharing] = GetParam();
  const Guest guest(room);
  const auto from = guest.instance();
  const std::vector<u8> before = fill(*from);
  const auto to = guest.instance();
  const auto secrets = guest.instance();
  fill_with_secrets(*secrets);
  for (const Sharing earlier : {Sharing::no, Sharing::yes}) {
    const std::vector<PageRun> all = {{kPage, secrets->memory().size()}};
    ASSERT_TRUE(copy_instance(*secrets, *to, all, earlier));
    ASSERT_TRUE(copy_instance(*from, *to, live_of(*from), sharing, Rest::goes));
    EXPECT_FALSE(holds_secrets(*to));
    EXPECT_EQ(read(*to), before);
  }
}

INSTANTIATE_TEST_SUITE_P(, SnapshotMemory,
                         ::testing::Values(std::pair(Room::wide, Sharing::no),
                                           std::pair(Room::wide, Sharing::yes),
                                           std::pair(Room::narrow, Sharing::no),
                                           std::pair(Room::narrow, Sharing::yes)));

}  // namespace
}  // namespace swebash::wasm
