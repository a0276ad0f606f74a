// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/fd_table.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace swebash::kernel {
namespace {

constexpr u32 kLimit = 10;

DescriptionRef make() {
  return std::make_shared<HostFile>(OwnedFd(::open("/dev/null", O_RDWR | O_CLOEXEC)));
}

TEST(FdTable, AddPicksTheLowestFreeNumber) {
  FdTable table;
  EXPECT_EQ(table.add(make(), Inherit::yes, 0, kLimit), 0);
  EXPECT_EQ(table.add(make(), Inherit::yes, 0, kLimit), 1);
  EXPECT_EQ(table.add(make(), Inherit::yes, 5, kLimit), 5);
  ASSERT_TRUE(table.remove(0).has_value());
  EXPECT_EQ(table.add(make(), Inherit::yes, 0, kLimit), 0);
  EXPECT_EQ(table.add(make(), Inherit::yes, 0, kLimit), 2);
  EXPECT_EQ(table.add(make(), Inherit::yes, 5, kLimit), 6);
}

TEST(FdTable, AddStopsAtTheLimit) {
  FdTable table;
  for (u32 i = 0; i < kLimit; ++i) ASSERT_TRUE(table.add(make(), Inherit::yes, 0, kLimit));
  EXPECT_EQ(table.add(make(), Inherit::yes, 0, kLimit).error(), Errno::mfile);
  EXPECT_EQ(table.add(make(), Inherit::yes, -1, kLimit).error(), Errno::inval);
  EXPECT_EQ(table.put(static_cast<i32>(kLimit), make(), Inherit::yes, kLimit).error(), Errno::badf);
}

TEST(FdTable, FindAndRemoveRefuseWhatIsNotThere) {
  FdTable table;
  EXPECT_EQ(table.find(0).error(), Errno::badf);
  EXPECT_EQ(table.find(-1).error(), Errno::badf);
  EXPECT_EQ(table.remove(3).error(), Errno::badf);
  ASSERT_TRUE(table.put(3, make(), Inherit::no, kLimit).has_value());
  EXPECT_EQ(table.find(2).error(), Errno::badf);
  EXPECT_EQ((*table.find(3))->inherit, Inherit::no);
}

TEST(FdTable, TheLastReferenceClosesTheHostDescriptor) {
  FdTable table;
  const DescriptionRef description = make();
  const int host = description->host_fd();
  ASSERT_TRUE(table.put(0, description, Inherit::yes, kLimit).has_value());
  FdTable copy = table;
  ASSERT_TRUE(table.put(0, make(), Inherit::yes, kLimit).has_value());
  EXPECT_GE(::fcntl(host, F_GETFD), 0);
  EXPECT_EQ(description.use_count(), 2);
  copy.clear();
  EXPECT_EQ(description.use_count(), 1);
}

}  // namespace
}  // namespace swebash::kernel
