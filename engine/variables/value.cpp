// SPDX-License-Identifier: Apache-2.0
#include "engine/variables/value.hpp"

#include <utility>

namespace swebash::engine {

// --- IndexedArray ----------------------------------------------------------------------------

const std::string* IndexedArray::find(i64 index) const noexcept {
  if (static_cast<u64>(index) < dense_.size()) {
    const Element& element = dense_[static_cast<usize>(index)];
    return element.set ? &element.text : nullptr;
  }
  if (sparse_.empty()) return nullptr;
  const auto it = sparse_.find(index);
  return it == sparse_.end() ? nullptr : &it->second;
}

std::string* IndexedArray::find(i64 index) noexcept {
  return const_cast<std::string*>(std::as_const(*this).find(index));
}

std::string& IndexedArray::at(i64 index) {
  // A hole may be as wide as a quarter of what is there; a wider one starts the sparse part.
  const u64 slack = dense_.size() / 4 + 16;
  const auto place = static_cast<u64>(index);
  if (place >= dense_.size()) {
    if (place > dense_.size() + slack) return sparse_[index];
    dense_.resize(static_cast<usize>(place) + 1);
    if (!sparse_.empty()) absorb_sparse();
  }
  Element& element = dense_[static_cast<usize>(place)];
  if (!element.set) {
    element.set = true;
    ++dense_count_;
  }
  return element.text;
}

void IndexedArray::absorb_sparse() {
  while (!sparse_.empty()) {
    const auto it = sparse_.begin();
    const auto place = static_cast<u64>(it->first);
    if (place > dense_.size()) return;
    if (place == dense_.size()) dense_.emplace_back();
    dense_[static_cast<usize>(place)] = {std::move(it->second), true};
    ++dense_count_;
    sparse_.erase(it);
  }
}

bool IndexedArray::erase(i64 index) {
  if (static_cast<u64>(index) >= dense_.size()) return sparse_.erase(index) != 0;
  Element& element = dense_[static_cast<usize>(index)];
  if (!element.set) return false;
  element.set = false;
  element.text.clear();
  --dense_count_;
  while (!dense_.empty() && !dense_.back().set) dense_.pop_back();
  return true;
}

void IndexedArray::clear() noexcept {
  dense_.clear();
  dense_count_ = 0;
  sparse_.clear();
}

i64 IndexedArray::end_index() const noexcept {
  if (!sparse_.empty()) return sparse_.rbegin()->first + 1;
  return static_cast<i64>(dense_.size());
}

// --- AssociativeArray ------------------------------------------------------------------------

namespace {

// bash: four times as many buckets whenever there are twice as many elements as buckets.
constexpr usize kGrowFactor = 4;
constexpr usize kMaxLoad = 2;

}  // namespace

// bash: FNV-1 over signed characters.
u32 hash_key(std::string_view key) noexcept {
  u32 hash = 2166136261U;
  for (const char c : key) {
    hash *= 16777619U;
    hash ^= static_cast<u32>(static_cast<i32>(static_cast<signed char>(c)));
  }
  return hash;
}

AssociativeArray::AssociativeArray(const AssociativeArray& other)
    : buckets_(other.buckets_.size()), size_(other.size_), first_buckets_(other.first_buckets_) {
  for (usize i = 0; i < buckets_.size(); ++i) {
    Node** place = &buckets_[i];
    for (const Node* node = other.buckets_[i]; node != nullptr; node = node->next) {
      *place = new Node{nullptr, node->hash, node->key, node->text};
      place = &(*place)->next;
    }
  }
}

AssociativeArray& AssociativeArray::operator=(const AssociativeArray& other) {
  if (this != &other) *this = AssociativeArray(other);
  return *this;
}

AssociativeArray::AssociativeArray(AssociativeArray&& other) noexcept
    : buckets_(std::move(other.buckets_)),
      size_(std::exchange(other.size_, 0)),
      first_buckets_(other.first_buckets_) {
  other.buckets_.clear();
}

AssociativeArray& AssociativeArray::operator=(AssociativeArray&& other) noexcept {
  if (this != &other) {
    clear();
    buckets_ = std::move(other.buckets_);
    other.buckets_.clear();
    size_ = std::exchange(other.size_, 0);
    first_buckets_ = other.first_buckets_;
  }
  return *this;
}

AssociativeArray::~AssociativeArray() { clear(); }

AssociativeArray::Node* AssociativeArray::find_node(std::string_view key, u32 hash) const noexcept {
  if (buckets_.empty()) return nullptr;
  Node* node = buckets_[hash & (buckets_.size() - 1)];
  while (node != nullptr && (node->hash != hash || node->key != key)) node = node->next;
  return node;
}

const std::string* AssociativeArray::find(std::string_view key) const noexcept {
  const Node* node = find_node(key, hash_key(key));
  return node == nullptr ? nullptr : &node->text;
}

std::string& AssociativeArray::at(std::string_view key) {
  const u32 hash = hash_key(key);
  if (Node* node = find_node(key, hash)) return node->text;
  if (buckets_.empty()) {
    buckets_.resize(first_buckets_);
  } else if (size_ >= buckets_.size() * kMaxLoad) {
    grow();
  }
  Node*& head = buckets_[hash & (buckets_.size() - 1)];
  head = new Node{head, hash, std::string(key), {}};
  ++size_;
  return head->text;
}

void AssociativeArray::grow() {
  std::vector<Node*> old(buckets_.size() * kGrowFactor);
  old.swap(buckets_);
  for (Node* node : old) {
    while (node != nullptr) {
      Node* const next = node->next;
      Node*& head = buckets_[node->hash & (buckets_.size() - 1)];
      node->next = head;
      head = node;
      node = next;
    }
  }
}

bool AssociativeArray::erase(std::string_view key) {
  if (buckets_.empty()) return false;
  const u32 hash = hash_key(key);
  for (Node** place = &buckets_[hash & (buckets_.size() - 1)]; *place != nullptr;
       place = &(*place)->next) {
    Node* const node = *place;
    if (node->hash == hash && node->key == key) {
      *place = node->next;
      delete node;
      --size_;
      return true;
    }
  }
  return false;
}

void AssociativeArray::clear() noexcept {
  for (Node* node : buckets_) {
    while (node != nullptr) delete std::exchange(node, node->next);
  }
  buckets_.clear();
  size_ = 0;
}

}  // namespace swebash::engine
