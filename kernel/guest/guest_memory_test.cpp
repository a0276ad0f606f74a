// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/guest_memory.hpp"

#include <gtest/gtest.h>

#include <array>

#include "abi/types.hpp"

namespace swebash::kernel::guest {
namespace {

constexpr u32 kSize = 256;

class GuestMemoryTest : public testing::Test {
 protected:
  alignas(16) std::array<u8, kSize> bytes_{};
  GuestMemory memory_{bytes_};
};

TEST_F(GuestMemoryTest, GivesWhatLiesInsideUpToTheLastByte) {
  bytes_[kSize - 1] = 'z';
  EXPECT_EQ(memory_.text({kSize - 1}, 1).value(), "z");
  EXPECT_EQ(memory_.bytes({0}, kSize).value().size(), kSize);
}

TEST_F(GuestMemoryTest, GivesNothingAtTheVeryEnd) {
  EXPECT_TRUE(memory_.text({kSize}, 0).has_value());
  EXPECT_EQ(memory_.text({kSize}, 1).error(), Errno::fault);
}

TEST_F(GuestMemoryTest, RefusesLengthsThatLeaveTheMemoryOrOverflow) {
  EXPECT_EQ(memory_.bytes({0}, kSize + 1).error(), Errno::fault);
  EXPECT_EQ(memory_.bytes({kSize - 1}, 2).error(), Errno::fault);
  EXPECT_EQ(memory_.bytes({0xffff'ffff}, 1).error(), Errno::fault);
  EXPECT_EQ(memory_.bytes({16}, ~u64{0}).error(), Errno::fault);
  EXPECT_EQ(memory_.text({16}, ~u64{0} - 15).error(), Errno::fault);
}

TEST_F(GuestMemoryTest, ReadsAndWritesWhateverTheAlignment) {
  ASSERT_TRUE(memory_.write(GuestPtr<u32>{3}, u32{0x01020304}).has_value());
  EXPECT_EQ(memory_.read(GuestPtr<u32>{3}).value(), 0x01020304u);
  EXPECT_EQ(bytes_[3], 4);
  EXPECT_EQ(memory_.write(GuestPtr<u32>{kSize - 3}, u32{1}).error(), Errno::fault);
  EXPECT_EQ(memory_.read(GuestPtr<u32>{kSize - 3}).error(), Errno::fault);
}

TEST_F(GuestMemoryTest, RefusesArraysThatAreMisalignedOrTooLong) {
  EXPECT_TRUE(memory_.array(GuestPtr<i32>{4}, 2).has_value());
  EXPECT_EQ(memory_.array(GuestPtr<i32>{2}, 2).error(), Errno::fault);
  EXPECT_EQ(memory_.array(GuestPtr<i32>{0}, kSize / 4 + 1).error(), Errno::fault);
  // 2^32 bytes, which a product of 32 bits would take for none.
  EXPECT_EQ(memory_.array(GuestPtr<abi::PollEntry>{0}, u32{1} << 29).error(), Errno::fault);
}

}  // namespace
}  // namespace swebash::kernel::guest
