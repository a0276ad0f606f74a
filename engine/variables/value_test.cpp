// SPDX-License-Identifier: Apache-2.0
#include "engine/variables/value.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

std::string listed(const IndexedArray& array, i64 first = 0) {
  std::string out;
  array.for_each(
      [&](i64 index, const std::string& text) {
        out += std::to_string(index) + "=" + text + " ";
        return true;
      },
      first);
  return out;
}

TEST(IndexedArray, KeepsOrderAcrossDenseAndSparse) {
  IndexedArray array;
  array.at(1000) = "far";
  array.at(2) = "two";
  array.at(0) = "zero";
  array.at(i64{1} << 62) = "end";
  EXPECT_EQ(listed(array), "0=zero 2=two 1000=far 4611686018427387904=end ");
  EXPECT_EQ(listed(array, 3), "1000=far 4611686018427387904=end ");
  EXPECT_EQ(array.size(), 4U);
  EXPECT_EQ(array.end_index(), (i64{1} << 62) + 1);
}

TEST(IndexedArray, TakesSparseElementsInWhenItReachesThem) {
  IndexedArray array;
  for (i64 i = 0; i < 10; ++i) array.at(100 + i) = "s";
  for (i64 i = 0; i < 100; ++i) array.at(i) = "d";
  EXPECT_EQ(array.size(), 110U);
  for (i64 i = 0; i < 110; ++i) ASSERT_NE(array.find(i), nullptr) << i;
  EXPECT_EQ(array.find(110), nullptr);
}

TEST(IndexedArray, EndsBeforeElementsThatWereErased) {
  IndexedArray array;
  for (i64 i = 0; i < 4; ++i) array.at(i) = "x";
  EXPECT_TRUE(array.erase(2));
  EXPECT_TRUE(array.erase(3));
  EXPECT_FALSE(array.erase(3));
  EXPECT_EQ(array.end_index(), 2);
  EXPECT_EQ(array.size(), 2U);
}

TEST(AssociativeArray, KeepsEveryElementWhenItGrows) {
  AssociativeArray array;
  for (int i = 0; i < 5000; ++i) array.at("k" + std::to_string(i)) = std::to_string(i);
  EXPECT_EQ(array.size(), 5000U);
  const AssociativeArray copy = array;
  for (int i = 0; i < 5000; i += 2) EXPECT_TRUE(array.erase("k" + std::to_string(i)));
  EXPECT_EQ(array.size(), 2500U);
  EXPECT_EQ(array.find("k2"), nullptr);
  ASSERT_NE(array.find("k3"), nullptr);
  EXPECT_EQ(*array.find("k3"), "3");
  ASSERT_NE(copy.find("k2"), nullptr);
}

}  // namespace
}  // namespace swebash::engine
