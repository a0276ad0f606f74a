// SPDX-License-Identifier: Apache-2.0
//
// IndexedArray and AssociativeArray: what the variables of a shell hold beside text.
//
// Plain owning containers: no attributes, no subscript syntax, no errors. An IndexedArray is dense
// as long as it can be (100,000 elements in a row are one vector) and sparse beyond. An
// AssociativeArray lists its elements in bash's order, which scripts see: a chained table under
// bash's hash function that grows when bash's does. Not thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

class IndexedArray {
 public:
  // The element at `index`, or null. Requires: index >= 0.
  [[nodiscard]] const std::string* find(i64 index) const noexcept;
  [[nodiscard]] std::string* find(i64 index) noexcept;

  // The element at `index`, made empty if it was not there. Requires: index >= 0.
  std::string& at(i64 index);
  // Removes the element at `index`; whether there was one.
  bool erase(i64 index);
  void clear() noexcept;

  [[nodiscard]] usize size() const noexcept { return dense_count_ + sparse_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  // The highest index in use plus one; 0 when empty.
  [[nodiscard]] i64 end_index() const noexcept;

  // Calls visit(index, text) in order of index, from `first` on, until it answers false.
  template <class Visit>
  void for_each(Visit&& visit, i64 first = 0) const {
    for (usize i = static_cast<usize>(first); i < dense_.size(); ++i) {
      if (dense_[i].set && !visit(static_cast<i64>(i), dense_[i].text)) return;
    }
    for (auto it = sparse_.lower_bound(first); it != sparse_.end(); ++it) {
      if (!visit(it->first, it->second)) return;
    }
  }

 private:
  struct Element {
    std::string text;
    bool set = false;
  };

  void absorb_sparse();

  // Elements below dense_.size(); the last of them is set. Every key of sparse_ is at or above it.
  std::vector<Element> dense_;
  usize dense_count_ = 0;
  std::map<i64, std::string> sparse_;
};

// The hash by which bash's tables are in order.
[[nodiscard]] u32 hash_key(std::string_view key) noexcept;

// Whether bash lists `left` before `right` from a table of `buckets`, a power of two.
[[nodiscard]] inline bool hashes_before(std::string_view left, std::string_view right,
                                        u32 buckets) noexcept {
  const u32 one = hash_key(left) & (buckets - 1), other = hash_key(right) & (buckets - 1);
  return one != other ? one < other : left < right;
}

class AssociativeArray {
 public:
  AssociativeArray() noexcept = default;
  AssociativeArray(const AssociativeArray& other);
  AssociativeArray& operator=(const AssociativeArray& other);
  AssociativeArray(AssociativeArray&& other) noexcept;
  AssociativeArray& operator=(AssociativeArray&& other) noexcept;
  ~AssociativeArray();

  // The element under `key`, or null.
  [[nodiscard]] const std::string* find(std::string_view key) const noexcept;
  // The element under `key`, made empty if it was not there.
  std::string& at(std::string_view key);
  // Removes the element under `key`; whether there was one.
  bool erase(std::string_view key);
  void clear() noexcept;
  // How many buckets, a power of two, the table begins with: bash's order depends on it. Requires:
  // no elements.
  void set_first_buckets(u32 count) noexcept { first_buckets_ = count; }

  [[nodiscard]] usize size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  // Calls visit(key, text) in bash's order until it answers false.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Node* head : buckets_) {
      for (const Node* node = head; node != nullptr; node = node->next) {
        if (!visit(std::string_view(node->key), node->text)) return;
      }
    }
  }

 private:
  struct Node {
    Node* next;
    u32 hash;
    std::string key;
    std::string text;
  };

  [[nodiscard]] Node* find_node(std::string_view key, u32 hash) const noexcept;
  void grow();

  std::vector<Node*> buckets_;  // empty, or a power of two of them
  usize size_ = 0;
  u32 first_buckets_ = 1024;
};

}  // namespace swebash::engine
